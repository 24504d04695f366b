"""What a student calls at the desk."""
