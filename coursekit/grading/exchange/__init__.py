"""The exchange with Moodle and Canvas: downloads and class lists in, grades and pages out."""
