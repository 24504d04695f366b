"""Decides the points of notebook 12: every behaviour of three schedules, and two questions, with hidden numbers."""

import pytest


@pytest.mark.ladder("WarmUp", cell="warm_up_check")
def test_warm_up(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("CosineDecay", cell="cosine_decay_check")
def test_cosine_decay(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("WarmUpStableDecay", cell="warm_up_stable_decay_check")
def test_warm_up_stable_decay(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("rate_after_resuming", cell="rate_after_resuming_check")
def test_rate_after_resuming(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("edge_with_momentum", cell="edge_with_momentum_check")
def test_edge_with_momentum(student, behaviour):
    student.judge(behaviour)
