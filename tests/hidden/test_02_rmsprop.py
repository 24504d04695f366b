"""Decides the points of notebook 02: every behaviour of `RMSProp`, and two questions, with hidden numbers."""

import pytest


@pytest.mark.ladder("RMSProp", cell="rmsprop_check")
def test_rmsprop(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("step_at_jump", cell="step_at_jump_check")
def test_step_at_jump(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("first_step_inside", cell="first_step_inside_check")
def test_first_step_inside(student, behaviour):
    student.judge(behaviour)
