"""The engine: what code is put through, what came of it, and what that says."""
