"""The two data sets: the numbers of the course, from one stream, in one order."""

import numpy as np
import pytest
import torch

from coursekit.optimizers import data


def test_first_points_are_those_of_the_course():
    line, curve = data.linear(), data.nonlinear()
    assert line.x[:3, 0].tolist() == pytest.approx([-10.0, -9.797980, -9.595960])
    assert line.y[:3, 0].tolist() == pytest.approx([-21.471895, -23.593624, -21.830404], abs=1e-5)
    assert curve.y[:3, 0].tolist() == pytest.approx([99.415754, 80.453, 78.072662], abs=1e-2)


def test_global_stream_of_numpy_gives_the_same_numbers():
    np.random.seed(0)
    x = np.linspace(-10, 10, 100)
    line = 3 * x + 5 + np.random.normal(0, 2, 100)
    curve = 0.5 * x**2 - 4 * x + np.random.normal(0, 5, 100)
    np.testing.assert_array_equal(data.linear().y[:, 0], line.astype("float32"))
    np.testing.assert_array_equal(data.nonlinear().y[:, 0], curve.astype("float32"))


def test_order_of_the_calls_changes_nothing_and_the_global_stream_is_left_alone():
    np.random.seed(5)
    curve, line = data.nonlinear(), data.linear()
    assert np.random.random() == np.random.RandomState(5).random()
    assert torch.equal(line.y, data.linear().y)
    assert torch.equal(curve.y, data.nonlinear().y)


def test_columns_are_float32_and_share_their_inputs():
    line, curve = data.linear(), data.nonlinear()
    for column in (line.x, line.y, curve.x, curve.y):
        assert (column.shape, column.dtype) == ((100, 1), torch.float32)
    assert torch.equal(line.x, curve.x)
    assert (line.x.min(), line.x.max()) == (-10, 10)


def test_best_lines_and_the_noise_are_as_described():
    line, curve = data.linear(), data.nonlinear()
    x = line.x[:, 0].numpy()
    assert np.polyfit(x, line.y[:, 0], 1) == pytest.approx([3.0, 5.0], abs=0.2)
    assert (line.y[:, 0].numpy() - 3 * x - 5).std() == pytest.approx(2.0, rel=0.05)
    assert np.polyfit(x, curve.y[:, 0], 2) == pytest.approx([0.5, -4.0, 0.0], abs=0.7)
    assert (curve.y[:, 0].numpy() - 0.5 * x**2 + 4 * x).std() == pytest.approx(5.0, rel=0.06)


def test_the_digits_are_those_of_the_repository_that_they_come_from():
    images, shown = data.digits()
    assert (images.shape, images.dtype, shown.dtype) == ((1797, 64), torch.float32, torch.int64)
    assert (images.min(), images.max()) == (0, 1)
    assert shown[:10].tolist() == list(range(10))
    assert shown.bincount().tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (16 * images[0, :8]).tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
