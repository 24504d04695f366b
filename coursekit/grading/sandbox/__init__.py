"""The wall: a student's code runs in boxes, forked from a warm process, and only plain data comes out of them."""
