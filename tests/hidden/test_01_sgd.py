"""Decides the points of notebook 01: every behaviour of `SGD`, with hidden numbers."""

import pytest


@pytest.mark.ladder("SGD", cell="sgd_check")
def test_sgd(student, behaviour):
    student.judge(behaviour)
