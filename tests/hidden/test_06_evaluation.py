"""Decides the points of notebook 06: the loop, hyperparameters that reach the minimum, and two questions."""

import pytest


@pytest.mark.ladder("minimise", cell="minimise_check")
def test_minimise(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("tuned", cell="tuned_check")
def test_tuned(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("rate_for", cell="rate_for_check")
def test_rate_for(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("place_of_rest", cell="place_of_rest_check")
def test_place_of_rest(student, behaviour):
    student.judge(behaviour)
