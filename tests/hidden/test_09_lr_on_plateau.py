"""Decides the points of notebook 09: every behaviour of `LRSchedulerOnPlateau`, with hidden numbers."""

import pytest


@pytest.mark.ladder("LRSchedulerOnPlateau", cell="plateau_check")
def test_plateau(student, behaviour):
    student.judge(behaviour)
