"""Decides the points of notebook 04: every behaviour of `Adam`, and two questions, with hidden numbers."""

import pytest


@pytest.mark.ladder("Adam", cell="adam_check")
def test_adam(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("step_half_corrected", cell="step_half_corrected_check")
def test_step_half_corrected(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("step_after_turn", cell="step_after_turn_check")
def test_step_after_turn(student, behaviour):
    student.judge(behaviour)
