"""Notebooks as students leave them, read, grafted and loaded by one rule at the desk and in the grader."""
