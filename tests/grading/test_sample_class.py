"""The sample class, judged whole: everyone loses what is wrong and keeps what is right."""

from __future__ import annotations

import pytest

from coursekit.grading import sample
from coursekit.grading.graft import graft
from coursekit.grading.verdicts import CellVerdict, judge_notebook

from .conftest import ROOT

SAMPLE = ROOT / "tests" / "sample"
CLASS = sample.read_class(SAMPLE)


def judged(student: sample.Student) -> dict[str, CellVerdict]:
    """Judge everything a student hands in; the verdicts by cell."""
    handed_in = sample.assemble(student, SAMPLE, ROOT / "notebooks", ROOT / "solutions")
    verdicts = {}
    for stem, notebook in handed_in.items():
        from nbformat import read

        release = read(ROOT / "notebooks" / student.assignment / f"{stem}.ipynb", as_version=4)
        grafted, _ = graft(notebook, release)
        for verdict in judge_notebook(grafted, ROOT / "tests" / "hidden" / f"test_{stem}.py", seed=3):
            verdicts[verdict.cell] = verdict
    return verdicts


@pytest.mark.parametrize("student", CLASS, ids=lambda student: student.id)
def test_a_student_loses_what_is_wrong_and_nothing_in_other_cells(student):
    verdicts = judged(student)
    for grade_id, behaviour in student.wrong.items():
        lost = [rung.behaviour.name for rung in verdicts[f"{grade_id}_check"].report.verdicts if rung.finding]
        assert behaviour in lost, f"{grade_id}: lost {lost}"
    if student.base == "reference":
        full = {cell for cell, verdict in verdicts.items() if verdict.score == verdict.points}
        assert set(verdicts) - full == {f"{grade_id}_check" for grade_id in student.wrong}
