"""Decides the points of notebook 07: the prediction, the loss and the training of the little network."""

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
