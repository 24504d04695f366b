"""Decides the points of notebook 07: the little network (prediction, loss, training), and two questions."""

import pytest


@pytest.mark.ladder("forward", cell="forward_check")
def test_forward(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("loss", cell="loss_check")
def test_loss(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("train_network", cell="train_network_check")
def test_train_network(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("parameters_of", cell="parameters_of_check")
def test_parameters_of(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("gradient_through_tanh", cell="gradient_through_tanh_check")
def test_gradient_through_tanh(student, behaviour):
    student.judge(behaviour)
