"""The functions to minimise: their values, and that the lowest place is where they say."""

import pytest
import torch

from coursekit.optimizers import functions

ALL = (functions.quadratic, functions.parabola, functions.double_well, functions.valley, functions.himmelblau)


def gradient(function, place):
    position = torch.tensor(place if len(place) > 1 else place[0], dtype=torch.float64, requires_grad=True)
    function(position).backward()
    return position.grad


def curvature(function, place):
    position = torch.tensor(place, dtype=torch.float64)
    return torch.autograd.functional.hessian(function, position).item()


def test_values_are_those_of_the_formulas():
    assert functions.quadratic()(torch.tensor(100.0)) == 98**2
    assert functions.quadratic(3.0, -1.0)(torch.tensor(1.0)) == 12
    assert functions.parabola()(torch.tensor(2.0)) == 8
    assert functions.double_well()(torch.tensor(2.0)) == -2
    assert functions.valley()(torch.tensor([2.0, 1.0])) == 27
    assert functions.himmelblau()(torch.tensor([0.0, 0.0])) == 170


@pytest.mark.parametrize("make", ALL)
def test_minimum_is_stationary_and_the_lowest_place_drawn(make):
    function = make()
    assert gradient(function, function.minimum) == pytest.approx(0.0, abs=1e-8)
    axes = [torch.linspace(*limits, 201) for limits in function.limits]
    places = torch.stack(torch.meshgrid(*axes, indexing="ij"), dim=-1) if len(axes) > 1 else axes[0]
    lowest = function(torch.tensor(function.minimum if len(axes) > 1 else function.minimum[0]))
    assert function(places).min() >= lowest - 1e-5


@pytest.mark.parametrize("place", [(3.0, 2.0), (-2.805118, 3.131312), (-3.779310, -3.283186), (3.584428, -1.848126)])
def test_himmelblau_has_four_minima_of_the_same_depth(place):
    assert functions.himmelblau()(torch.tensor(place)) == pytest.approx(0.0, abs=1e-8)


def test_parabola_of_the_original_course_is_convex():
    assert curvature(functions.parabola(), 0.0) == 6


def test_double_well_is_not_convex_and_has_a_second_shallower_minimum():
    function = functions.double_well()
    assert curvature(function, 0.0) < 0
    assert gradient(function, (1.8608058531,)) == pytest.approx(0.0, abs=1e-8)
    assert curvature(function, 1.8608) > 0
    assert function(torch.tensor(1.8608)) > function(torch.tensor(function.minimum[0]))


def test_formula_shows_the_coefficients():
    assert functions.quadratic().formula == "f(x) = (x - 2)^2"
    assert functions.quadratic(2.5, 1.0).formula == "f(x) = 2.5(x - 1)^2"
    assert r"20\,y^2" in functions.valley(20.0).formula


def test_function_of_two_variables_takes_many_places_at_once():
    assert functions.valley()(torch.zeros(4, 5, 2)).shape == (4, 5)
    assert functions.himmelblau()(torch.zeros(4, 5, 2)).shape == (4, 5)


def test_function_is_found_by_its_name():
    for make in ALL:
        assert functions.by_name(make.__name__).name == make.__name__
    assert functions.by_name("quadratic", 3.0, 1.0)(torch.tensor(2.0)) == 3
    with pytest.raises(KeyError):
        functions.by_name("rosenbrock")
