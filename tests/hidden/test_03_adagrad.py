"""Decides the points of notebook 03: every behaviour of `Adagrad`, and two questions, with hidden numbers."""

import pytest


@pytest.mark.ladder("Adagrad", cell="adagrad_check")
def test_adagrad(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("rare_step", cell="rare_step_check")
def test_rare_step(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("shared_first_step", cell="shared_first_step_check")
def test_shared_first_step(student, behaviour):
    student.judge(behaviour)
