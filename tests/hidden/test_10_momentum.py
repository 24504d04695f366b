"""Decides the points of notebook 10: every behaviour of both classes, and two questions, with hidden numbers."""

import pytest


@pytest.mark.ladder("Momentum", cell="momentum_check")
def test_momentum(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("Nesterov", cell="nesterov_check")
def test_nesterov(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("rolls_on", cell="rolls_on_check")
def test_rolls_on(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("step_after_cut", cell="step_after_cut_check")
def test_step_after_cut(student, behaviour):
    student.judge(behaviour)
