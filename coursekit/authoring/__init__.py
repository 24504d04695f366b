"""From one script to the notebooks of a course."""
