"""Decides the points of the one notebook."""

import pytest


@pytest.mark.ladder("newton", cell="newton_check")
def test_newton(student, behaviour):
    student.judge(behaviour)
