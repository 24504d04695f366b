"""What comes in from Moodle and Canvas, and what goes out to them: downloads, class lists, grades and pages."""
