"""Decides the points of notebook 15: numbers that are close, tests that refuse what is wrong, and two questions."""

import pytest


@pytest.mark.ladder("close", cell="close_check")
def test_close(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("test_adam", cell="adam_check")
def test_test_adam(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("test_decay", cell="decay_check")
def test_test_decay(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("test_use", cell="use_check")
def test_test_use(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("epsilon_factor", cell="epsilon_factor_check")
def test_epsilon_factor(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("decay_gap", cell="decay_gap_check")
def test_decay_gap(student, behaviour):
    student.judge(behaviour)
