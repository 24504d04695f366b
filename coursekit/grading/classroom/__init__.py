"""A class: found, graded in parallel, entered into the gradebook."""
