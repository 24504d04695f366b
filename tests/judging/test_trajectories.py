"""Comparing trajectories: the first number that is wrong, its place, and how much is allowed."""

import numpy as np
import pytest

from coursekit.judging.trajectories import Precision, Trajectory, compare
from coursekit.optimizers.scenarios import SchedulerScenario


def rows(*values):
    return Trajectory(rows=tuple((np.array(value),) for value in values))


def test_trajectory_agrees_with_itself():
    assert compare(rows(1.0, 2.0, np.nan, np.inf), rows(1.0, 2.0, np.nan, np.inf)) is None


def test_first_wrong_number_is_found_with_its_place_and_ratio():
    difference = compare(rows([0.0, 0.0], [1.0, 1.0], [2.0, 4.0]), rows([0.0, 0.0], [1.0, 1.0], [2.0, 2.0]))
    assert (difference.row, difference.item, difference.index) == (2, 0, (1,))
    assert (difference.expected, difference.got, difference.ratio) == (2.0, 4.0, 3.0)


def test_wrong_start_is_found_and_has_no_ratio():
    difference = compare(rows(1.0), rows(2.0))
    assert (difference.row, difference.ratio) == (0, None)


def test_error_is_measured_by_how_far_the_number_has_travelled():
    near, far = rows(0.0, 1.0, 1.0 + 5e-6), rows(100.0, 100.0 + 1e-3, 100.0 + 2e-3)
    assert compare(near, rows(0.0, 1.0, 1.0)) is None
    assert compare(far, rows(100.0, 100.0 + 1e-3, 100.0 + 1.9e-3)) is not None
    wide = Precision(travelled=0.2)
    assert compare(far, rows(100.0, 100.0 + 1e-3, 100.0 + 1.9e-3), wide) is None


def test_number_that_does_not_move_may_differ_by_its_rounding_alone():
    assert compare(rows(8.0, 8.0 + 1e-12), rows(8.0, 8.0)) is None
    assert compare(rows(8.0, 8.0 + 1e-9), rows(8.0, 8.0)) is not None
    assert compare(rows(8.0, 8.0 + 1e-9), rows(8.0, 8.0), Precision(size=1e-6)) is None


def test_rate_is_measured_by_its_size_and_not_by_how_far_it_has_fallen():
    assert compare(rows(1.0, 1e-6 + 1e-9), rows(1.0, 1e-6), SchedulerScenario.precision) is not None
    assert compare(rows(1.0, 1e-6 + 1e-9), rows(1.0, 1e-6)) is None
    assert compare(rows(1.0, 1e-6 * (1 + 1e-10)), rows(1.0, 1e-6), SchedulerScenario.precision) is None


def test_missing_item_and_other_shape_are_differences():
    expected = Trajectory(rows=((np.zeros(2), np.zeros(1)),))
    assert np.isnan(compare(Trajectory(rows=((np.zeros(2),),)), expected).got)
    assert np.isnan(compare(Trajectory(rows=((np.zeros(3), np.zeros(1)),)), expected).got)


def test_reference_that_changes_its_shape_is_met_by_nothing_else():
    reference = rows([0.0, 1.0], [1.0, 2.0], 3.0)
    assert compare(rows([0.0, 1.0], [1.0, 2.0], [3.0, 4.0]), reference).row == 2


def test_rows_missing_at_the_end_are_not_looked_at():
    assert compare(rows(1.0), rows(1.0, 2.0)) is None


def test_nan_is_wrong_where_a_number_is_expected_and_the_other_way_round():
    assert compare(rows(0.0, np.nan), rows(0.0, 1.0)).ratio is None
    assert compare(rows(0.0, 1.0), rows(0.0, np.nan)) is not None


@pytest.mark.parametrize("got", [5.0, -np.inf, np.nan])
def test_nothing_else_is_near_infinity(got):
    assert compare(rows(0.0, got), rows(0.0, np.inf)) is not None
    assert compare(rows(got), rows(np.inf)) is not None
