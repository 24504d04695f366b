"""Decides the points of notebook 14: a tuned rate, a fair comparison, a sign test, and two questions."""

import pytest


@pytest.mark.ladder("tuned_rate", cell="tuned_rate_check")
def test_tuned_rate(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("compare", cell="compare_check")
def test_compare(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("sign_test", cell="sign_test_check")
def test_sign_test(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("seeds_needed", cell="seeds_needed_check")
def test_seeds_needed(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("chance_of_more_tries", cell="chance_of_more_tries_check")
def test_chance_of_more_tries(student, behaviour):
    student.judge(behaviour)
