"""What the commands show: a few lines that a person reads, also of a class of 300 and in a file."""

from __future__ import annotations

import pytest

from coursekit.grading.classroom.console import (
    MANY,
    progress,
    show_missing,
    show_remarks,
    show_scores,
)

MOST = {"01_x": (18.0, 2.0), "02_y": (10.0, 0.0)}


def scores(count):
    """Return the points of a class in which every third student has not handed in the second notebook."""
    return [(f"s{number:03}", {"01_x": 10.0, "02_y": None if number % 3 == 0 else 5.5}) for number in range(count)]


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "90")


def test_points_are_shown_beside_the_most_that_there_are_by_tests_and_in_words(capsys):
    show_scores("tp1", scores(2), MOST, all_of_them=False)
    table = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["student", "01", "02", "sum"] in table
    assert ["of", "18+2", "10", "28+2"] in table
    assert ["s000", "10", "–", "10"] in table
    assert ["s001", "10", "5.5", "15.5"] in table


def test_of_a_class_of_300_each_notebook_has_a_row_and_no_student(capsys):
    show_scores("tp1", scores(300), MOST, all_of_them=False)
    out = capsys.readouterr().out
    table = [line.split() for line in out.splitlines()]
    assert "tp1, 300 students (all of them: --all, or coursekit report)" in out
    assert ["02_y", "10", "200", "5.5"] in table
    assert ["sum", "28+2", "15.5"] in table
    assert "s001" not in out


def test_all_of_them_are_shown_if_wanted(capsys):
    show_scores("tp1", scores(MANY + 1), MOST, all_of_them=True)
    assert f"s{MANY:03}" in capsys.readouterr().out


def test_students_who_did_not_hand_in_everything_have_a_line_each_and_not_the_whole_screen(capsys):
    show_missing(scores(36), [f"a{number:02}" for number in range(12)])
    first, second, *_, last = lines = capsys.readouterr().out.splitlines()
    assert first == "Nothing was handed in by a00, a01, a02, a03, a04, a05, a06, a07, a08, a09 and 2 more."
    assert second == "s000 did not hand in 02_y: it counts 0."
    assert (last, len(lines)) == ("2 more students did not hand in everything: – in the table, 0 in grades.csv.", 12)


def test_what_is_odd_is_said_of_each_student_or_where_these_are_many_once(capsys):
    odd = [(f"s{number:03}", f"{number}.txt", "it is no notebook") for number in range(300)]
    show_remarks(odd[:2])
    assert capsys.readouterr().out.splitlines()[1] == "s001, 1.txt: it is no notebook."
    show_remarks(odd)
    many, where = capsys.readouterr().out.splitlines()
    assert many == f"{', '.join(f's{number:03}' for number in range(10))} and 290 more: it is no notebook."
    assert "coursekit report" in where


def test_in_a_file_progress_is_a_line_for_each_tenth(capsys):
    with progress() as report:
        for done in range(301):
            report("grading tp1", done, 300)
        report("pages tp1", 0, 0)
    err = capsys.readouterr().err
    assert "\r" not in err
    assert "\x1b" not in err
    lines = err.splitlines()
    assert (lines[0], lines[1], len(lines)) == ("grading tp1: 0 of 300", "grading tp1: 30 of 300", 12)
