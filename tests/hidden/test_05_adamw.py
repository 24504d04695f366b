"""Decides the points of notebook 05: every behaviour of `AdamW`, with hidden numbers."""

import pytest


@pytest.mark.ladder("AdamW", cell="adamw_check")
def test_adamw(student, behaviour):
    student.judge(behaviour)
