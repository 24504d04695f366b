"""Decides the points of notebook 04: every behaviour of `Adam`, with hidden numbers."""

import pytest


@pytest.mark.ladder("Adam", cell="adam_check")
def test_adam(student, behaviour):
    student.judge(behaviour)
