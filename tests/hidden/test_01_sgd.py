"""Decides the points of notebook 01: `SGD`, the data, the training loop, and two questions, with hidden numbers."""

import pytest


@pytest.mark.ladder("SGD", cell="sgd_check")
def test_sgd(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("make_data", cell="make_data_check")
def test_make_data(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("train", cell="train_check")
def test_train(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("moved_uncleared", cell="moved_uncleared_check")
def test_moved_uncleared(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("largest_rate_of_sum", cell="largest_rate_of_sum_check")
def test_largest_rate_of_sum(student, behaviour):
    student.judge(behaviour)
