"""Decides the points of notebook 06: the loop, and hyperparameters that reach the minimum."""

import pytest


@pytest.mark.ladder("minimise", cell="minimise_check")
def test_minimise(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("tuned", cell="tuned_check")
def test_tuned(student, behaviour):
    student.judge(behaviour)
