"""The functions that a student calls at the desk."""
