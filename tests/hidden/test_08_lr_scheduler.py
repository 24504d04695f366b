"""Decides the points of notebook 08: every behaviour of `LRScheduler`, with hidden numbers."""

import pytest


@pytest.mark.ladder("LRScheduler", cell="lr_scheduler_check")
def test_lr_scheduler(student, behaviour):
    student.judge(behaviour)
