"""Decides the points of notebook 08: every behaviour of `LRScheduler`, and two questions, with hidden numbers."""

import pytest


@pytest.mark.ladder("LRScheduler", cell="lr_scheduler_check")
def test_lr_scheduler(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("rate_after_writing", cell="rate_after_writing_check")
def test_rate_after_writing(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("noise_floor", cell="noise_floor_check")
def test_noise_floor(student, behaviour):
    student.judge(behaviour)
