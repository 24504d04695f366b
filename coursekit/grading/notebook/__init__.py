"""One notebook: run for the reader, judged, written down as a page."""
