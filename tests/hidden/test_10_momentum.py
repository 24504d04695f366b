"""Decides the points of notebook 10: every behaviour of `Momentum` and of `Nesterov`, with hidden numbers."""

import pytest


@pytest.mark.ladder("Momentum", cell="momentum_check")
def test_momentum(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("Nesterov", cell="nesterov_check")
def test_nesterov(student, behaviour):
    student.judge(behaviour)
