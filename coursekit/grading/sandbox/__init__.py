"""A student's code runs in sandboxes, in workers that a warm process forks, and only plain data comes out of them."""
