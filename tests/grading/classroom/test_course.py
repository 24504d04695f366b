"""The course on disk and the command line: clear words where something is not as it should be."""

from __future__ import annotations

import pytest
from traitlets.config import Config

from coursekit.cli import main
from coursekit.errors import GradingError
from coursekit.grading.classroom.course import Course
from coursekit.grading.nbgrader.preprocessors import Grade
from tests.grading.conftest import ROOT


def test_a_folder_that_is_no_course_is_refused_with_the_mend(tmp_path):
    with pytest.raises(GradingError, match="is no course"):
        Course(root=tmp_path)


def test_the_command_line_says_what_is_wrong_and_fails(tmp_path, capsys):
    assert main(["points", "--course", str(tmp_path)]) == 1
    assert "it has no nbgrader_config.py" in capsys.readouterr().err


def test_a_folder_of_something_else_is_not_replaced_by_the_sample(tmp_path):
    (tmp_path / "thesis.tex").write_text("precious")
    assert main(["sample", str(tmp_path), "--course", str(ROOT)]) == 1
    assert (tmp_path / "thesis.tex").read_text() == "precious"


def test_the_points_and_what_they_ask_are_printed(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    assert main(["points", "--course", str(ROOT)]) == 0
    printed = capsys.readouterr().out
    for expected in ("01_sgd", "sgd_check", "One step is exact", "sgd_words", "answer in words", "plateau_check"):
        assert expected in printed


@pytest.mark.slow
def test_a_failing_nbgrader_command_is_quoted(tmp_path, repository):
    course = repository.lay_out(tmp_path / "course")
    with pytest.raises(GradingError, match="nbgrader autograde nothing failed"):
        course.nbgrader("autograde", "nothing")


@pytest.mark.parametrize(
    ("setting", "wrong", "right"),
    [("weights", "SGD.grops", "SGD.groups"), ("patience", "quesion", "question"), ("limits", "memry", "memory")],
)
def test_a_setting_that_there_is_not_is_said_with_those_that_there_are(setting, wrong, right):
    grader = Grade(config=Config(Grade={setting: {wrong: 1}}))
    with pytest.raises(GradingError, match=rf"c\.Grade\.{setting} .* there is no '{wrong}'\. Known: .*\b{right}\b"):
        _ = grader.settings
