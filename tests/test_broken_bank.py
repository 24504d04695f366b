"""The bank of accidents itself: each has a name, a sentence, something handed in, and points that are possible."""

from __future__ import annotations

import copy
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.bank.broken import ACCIDENTS
from tests.bank.broken.accident import FULL, MISSING, NAME, UNREAD, UNREADABLE, solution, written

FEWEST = 200
MISSED = [accident for accident in ACCIDENTS if accident.points is None]
FOUND = [accident for accident in ACCIDENTS if accident.points is not None]


@pytest.fixture(scope="module")
def solved():
    return solution()


def test_there_are_many_accidents_and_no_two_of_a_name():
    assert len(ACCIDENTS) >= FEWEST
    assert len({accident.name for accident in ACCIDENTS}) == len(ACCIDENTS)


def test_each_is_told_in_a_sentence():
    for accident in ACCIDENTS:
        assert accident.happens[0].isupper(), accident.name
        assert accident.happens.endswith("."), accident.name
        assert len(accident.happens.split()) > 5, accident.name


def test_the_points_are_possible():
    assert {accident.name for accident in FOUND if not 0.0 <= accident.points <= FULL} == set()
    assert any(0.0 < accident.points < FULL for accident in FOUND)


def test_a_student_who_loses_points_is_told_and_so_is_the_instructor_who_misses_a_notebook():
    assert [accident.name for accident in FOUND if accident.points < FULL and not accident.says] == []
    assert [accident.name for accident in MISSED if accident.tells[: len(MISSING)] != MISSING] == []


def test_what_cannot_be_read_counts_nothing_and_both_are_told():
    unreadable = [accident for accident in ACCIDENTS if UNREADABLE[0] in accident.says]
    assert unreadable
    assert [each.name for each in unreadable if each.points or not set(UNREAD) <= set(each.tells)] == []


@pytest.mark.parametrize("accident", ACCIDENTS, ids=lambda accident: accident.name)
def test_what_is_handed_in(accident, solved):
    before = copy.deepcopy(solved)
    with TemporaryDirectory() as place:  # some of it is large
        folder = Path(place)
        accident.damage(folder, solved)
        laid = {path.name for path in folder.iterdir()}
        there = (folder / NAME).exists()
        untouched = laid == {NAME} and _is_writable(folder / NAME, written(solved))
    assert solved == before
    assert not untouched
    assert laid or accident in MISSED
    assert not there or accident in FOUND


def _is_writable(path: Path, data: bytes) -> bool:
    return path.is_file() and bool(path.stat().st_mode & 0o200) and path.read_bytes() == data
