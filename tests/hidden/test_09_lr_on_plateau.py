"""Decides the points of notebook 09: every behaviour of `LRSchedulerOnPlateau`, and two questions; hidden numbers."""

import pytest


@pytest.mark.ladder("LRSchedulerOnPlateau", cell="plateau_check")
def test_plateau(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("reduction_in_keras", cell="reduction_in_keras_check")
def test_reduction_in_keras(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("rate_if_not_reset", cell="rate_if_not_reset_check")
def test_rate_if_not_reset(student, behaviour):
    student.judge(behaviour)
