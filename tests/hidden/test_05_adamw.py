"""Decides the points of notebook 05: every behaviour of `AdamW`, and two questions, with hidden numbers."""

import pytest


@pytest.mark.ladder("AdamW", cell="adamw_check")
def test_adamw(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("lost_to_decay", cell="lost_to_decay_check")
def test_lost_to_decay(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("first_move_inside", cell="first_move_inside_check")
def test_first_move_inside(student, behaviour):
    student.judge(behaviour)
