"""The sample class, judged whole: everyone loses what is wrong and keeps what is right."""

from __future__ import annotations

import re
from functools import cache

import pytest
from nbformat import NotebookNode, read

from coursekit.grading.classroom import sample
from coursekit.grading.notebook.verdicts import CellVerdict, judge_notebook
from coursekit.grading.sandbox.patience import Patience
from coursekit.grading.submission.graft import definitions, graft
from tests.solutions import BUILT_IN, ROOT

pytestmark = pytest.mark.slow  # one RMSProp loops for ever

STEMS = [script.stem for script, homes in BUILT_IN.items() if "optimizers" in homes]
SAMPLE = ROOT / "tests" / "sample"
CLASS = {student.id: student for student in sample.read_class(SAMPLE)}
POINTS = {
    student: points.split()
    for student, points in {
        "a.haddad": "20 20 20 20 20 20 20 20 20",
        "j.lindqvist": "20 20 20 20 20 20 20 20 20",
        "t.mensah": "0 0 0 0 0 0 0 0 0",
        "s.okafor": "18 18 18 18 0 0 0 0 0",
        "e.rossi": "20 20 20 20 11 20 20 20 20",
        "p.novak": "20 11 20 10 20 20 20 20 20",
        "r.singh": "19.5 20 18 20 20 20 20 20 20",
        "k.yilmaz": "20 20 20 18 20 20 20 20 18",
        "n.bauer": "20 17 20 20 20 20 8 20 20",
        "d.petrov": "20 20 20 20 20 13 20 – –",
        "m.tanaka": "20 20 2 20 20 20 20 16 20",
        "c.dubois": "20 20 20 20 20 18.2 20 20 20",
        "l.fernandez": "20 20 20 20 20 20 20 20 20",
    }.items()
}
# Whose cell loses points, one behaviour that it loses, and as what mistake this is known, if it has a name.
MISTAKES = {
    ("e.rossi", "adamw", "one_step", "decay_sign"),
    ("p.novak", "rmsprop", "one_step", "epsilon_inside"),
    ("p.novak", "adam", "one_step", "no_correction"),
    ("p.novak", "step_half_corrected", "answer", "none_corrected"),
    ("r.singh", "sgd", "no_gradient", ""),
    ("r.singh", "adagrad", "learning_rate", "all_captured"),
    ("k.yilmaz", "adam", "own_state", "count_per_parameter"),
    ("k.yilmaz", "plateau", "patience", "patience_reached"),
    ("n.bauer", "rmsprop", "own_state", ""),
    ("n.bauer", "train_network", "start", "start_missing"),
    ("d.petrov", "minimise", "fresh_gradient", "gradients_add_up"),
    ("m.tanaka", "adagrad", "one_step", ""),
    ("m.tanaka", "lr_scheduler", "get_lr", "remembered_rate_returned"),
    ("c.dubois", "tuned", "reaches_Adagrad", ""),
}


@cache
def handed_in() -> dict[str, dict[str, NotebookNode]]:
    """Make the notebooks of every student, by stem."""
    return {
        name: sample.assemble(student, SAMPLE, ROOT / "notebooks", ROOT / "solutions")
        for name, student in CLASS.items()
    }


def judged(stem: str) -> dict[str, tuple[CellVerdict, ...]]:
    """Judge what the class hands in of one notebook; what is equal is judged once."""
    known: dict[tuple[str, ...], tuple[CellVerdict, ...]] = {}
    verdicts = {}
    for student, notebooks in handed_in().items():
        if stem in notebooks:
            release = read(ROOT / "notebooks" / CLASS[student].assignment / f"{stem}.ipynb", as_version=4)
            grafted, _ = graft(notebooks[stem], release)
            code = definitions(grafted)
            if code not in known:
                tests = ROOT / "tests" / "hidden" / f"test_{stem}.py"
                known[code] = judge_notebook(grafted, tests, seed=3, patience=Patience(question=1.0, again=0.5))
            verdicts[student] = known[code]
    return verdicts


@pytest.mark.parametrize("stem", STEMS)
def test_everyone_loses_what_is_wrong_and_nothing_in_other_cells(stem):
    verdicts = judged(stem)
    sums = {student: f"{sum(verdict.score for verdict in cells):g}" for student, cells in verdicts.items()}
    assert {student: sums.get(student, "–") for student in CLASS} == {
        student: points[STEMS.index(stem)] for student, points in POINTS.items()
    }
    said = {
        (student, verdict.cell.removesuffix("_check"), rung.behaviour.name, named)
        for student, cells in verdicts.items()
        for verdict in cells
        for rung in verdict.table.verdicts
        if rung.finding
        for named in [each.name for each in rung.finding.named.certain] or [""]
    }
    cells = {verdict.cell.removesuffix("_check") for verdict in verdicts["a.haddad"]}
    expected = {mistake for mistake in MISTAKES if mistake[1] in cells}
    assert expected <= said
    written = {(student, cell) for student, cell, *_ in said if CLASS[student].base == "reference"}
    assert written == {(student, cell) for student, cell, *_ in expected}


def test_the_points_of_the_class_are_those_that_the_readme_shows():
    rows = re.findall(r"^ +(\w\.\w+) ((?: +[\d.–]+)+)$", (ROOT / "README.md").read_text(), re.MULTILINE)
    shown = {student: values.split() for student, values in rows}
    assert list(shown) == ["a.haddad", "d.petrov", "e.rossi"]
    assert {student: points for student, (*points, _) in shown.items()} == {name: POINTS[name] for name in shown}
