"""Decides the points of notebook 11: clipping, averages of weights, bytes that are kept, and two questions."""

import pytest


@pytest.mark.ladder("clip_gradients", cell="clip_gradients_check")
def test_clip_gradients(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("AveragedWeights", cell="averaged_weights_check")
def test_averaged_weights(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("bytes_kept", cell="bytes_kept_check")
def test_bytes_kept(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("longest_step", cell="longest_step_check")
def test_longest_step(student, behaviour):
    student.judge(behaviour)


@pytest.mark.ladder("lag", cell="lag_check")
def test_lag(student, behaviour):
    student.judge(behaviour)
