"""Decides the points of notebook 03: every behaviour of `Adagrad`, with hidden numbers."""

import pytest


@pytest.mark.ladder("Adagrad", cell="adagrad_check")
def test_adagrad(student, behaviour):
    student.judge(behaviour)
