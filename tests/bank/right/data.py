"""The data of notebook 1 in many styles, all of them right."""

import random

import numpy as np
import torch


def make_data_by_a_stream(seed):
    stream = np.random.RandomState(seed)
    x = np.linspace(-10, 10, 100)
    return x, 3 * x + 5 + stream.normal(0, 2, 100), x**2 / 2 - 4 * x + stream.normal(0, 5, 100)


def make_data_by_scaled_noise(seed):
    np.random.seed(seed)
    noise = np.random.randn(200)
    x = np.linspace(-10, 10, num=100)
    return [x, 3 * x + 5 + 2 * noise[:100], 0.5 * x * x - 4 * x + 5 * noise[100:]]


def make_data_point_by_point(seed):
    np.random.seed(seed)
    inputs = [-10 + 20 * number / 99 for number in range(100)]
    line = [3 * x + 5 + np.random.normal(0, 2) for x in inputs]
    parabola = [0.5 * x**2 - 4 * x + np.random.normal(0, 5) for x in inputs]
    return inputs, line, parabola


def make_data_in_tensors(seed):
    np.random.seed(seed)
    x = np.linspace(-10, 10, 100)
    line = 3 * x + 5 + np.random.normal(0, 2, size=x.shape)
    parabola = 0.5 * x**2 - 4 * x + np.random.normal(0, 5, size=x.shape)
    return tuple(torch.tensor(values, dtype=torch.float32) for values in (x, line, parabola))


def make_data_with_all_seeds(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    x = torch.linspace(-10, 10, 100, dtype=torch.float64).numpy()
    data = [x]
    for curve, deviation in ((lambda x: 3 * x + 5, 2), (lambda x: x * (0.5 * x - 4), 5)):
        data.append(curve(x) + np.random.normal(scale=deviation, size=len(x)))
    return np.array(data)


def make_data_by_normal_variates(seed):
    np.random.seed(seed)
    x = np.arange(100) * (20 / 99) - 10
    return x, np.random.normal(3 * x + 5, 2), np.random.normal(0.5 * x**2 - 4 * x, 5)


STYLES = tuple(
    ("make_data", written)
    for written in (
        make_data_by_a_stream,
        make_data_by_scaled_noise,
        make_data_point_by_point,
        make_data_in_tensors,
        make_data_with_all_seeds,
        make_data_by_normal_variates,
    )
)
