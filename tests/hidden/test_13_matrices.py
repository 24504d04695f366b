"""Decides the points of notebook 13: the sign, Newton–Schulz, Muon, and two questions."""

import pytest


@pytest.mark.ladder("SignSGD", cell="sign_sgd_check")
def test_sign_sgd(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("newton_schulz", cell="newton_schulz_check")
def test_newton_schulz(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("Muon", cell="muon_check")
def test_muon(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("rate_like_sign", cell="rate_like_sign_check")
def test_rate_like_sign(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("stretched_by_largest", cell="stretched_by_largest_check")
def test_stretched_by_largest(student, behaviour):
    student.judge(behaviour)
