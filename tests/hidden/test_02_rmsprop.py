"""Decides the points of notebook 02: every behaviour of `RMSProp`, with hidden numbers."""

import pytest


@pytest.mark.ladder("RMSProp", cell="rmsprop_check")
def test_rmsprop(student, behaviour):
    student.judge(behaviour)
