"""The subject of this course: its data, its oracle, its ladders, its known mistakes and its pictures."""
