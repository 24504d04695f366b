"""How far a student is in all notebooks: what is right in each, what it may bring, and what is next."""

import shutil
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

import coursekit
from coursekit.errors import CheckFailed
from coursekit.student.progress import Progress

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Work in a folder with the second to fourth notebook: solved, with a wrong sign, untouched."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "en")
    for stem, folder in (("01_sgd", "solutions"), ("02_rmsprop", "solutions"), ("03_adagrad", "notebooks")):
        shutil.copy(ROOT / folder / "optimizers" / f"{stem}.ipynb", tmp_path)
    change(tmp_path / "02_rmsprop.ipynb", "p -=", "p +=")
    return tmp_path


def change(path, old, new):
    notebook = nbformat.read(path, as_version=4)
    assert any(old in cell.source for cell in notebook.cells)
    for cell in notebook.cells:
        cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, path)


@pytest.fixture
def shown(monkeypatch):
    displayed = []
    monkeypatch.setattr("IPython.display.display", displayed.append)
    return displayed


def rows(progress):
    return {each.name: each for each in progress.checked}


def test_progress_says_for_each_notebook_what_is_right_and_what_is_next(desk, shown):
    coursekit.progress()
    (progress,) = shown
    sgd, rmsprop, adagrad = (rows(progress)[name] for name in ("SGD", "RMSProp", "Adagrad"))
    assert (sgd.notebook, sgd.points, sgd.reached) == ("01_sgd", 9.0, 9.0)
    assert 0 < rmsprop.reached < 18
    assert adagrad.reached == 0
    text = repr(progress)
    assert text.startswith(f"{22 + rmsprop.reached:.3g} of 60 points for code are within reach.")
    assert "next: One step is exact" in text
    assert "`Adagrad.__init__` is not written yet." in text
    assert "9 / 9  ●●●●●●●●●●●  all right" in text


def test_points_have_a_decimal_comma_in_french(desk, shown, monkeypatch):
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "fr")
    coursekit.progress()
    (progress,) = shown
    (*others, last) = progress.checked
    told = repr(replace(progress, checked=(*others, replace(last, points=last.points + 0.5))))
    assert " 60,5 points" in told
    assert f"0 / {last.points:g},5 " in told


def test_progress_is_that_of_the_check_cells(desk, shown, capsys):
    with pytest.raises(CheckFailed) as failure:
        coursekit.check(coursekit.own_class("RMSProp"))
    coursekit.progress()
    (progress,) = [each for each in shown if isinstance(each, Progress)]
    assert rows(progress)["RMSProp"].table.summary == str(failure.value)


def test_progress_runs_definitions_and_the_cells_that_are_given_and_no_other(desk, shown, capsys):
    notebook = nbformat.read(desk / "01_sgd.ipynb", as_version=4)
    notebook.cells.insert(2, nbformat.v4.new_code_cell("open('ran', 'w'); print('ran')"))
    nbformat.write(notebook, desk / "01_sgd.ipynb")
    coursekit.progress()
    assert not (desk / "ran").exists()
    assert capsys.readouterr() == ("", "")


def test_a_scheduler_is_judged_on_the_base_class_of_the_course_as_when_it_is_graded(tmp_path, monkeypatch, shown):
    monkeypatch.chdir(tmp_path)
    for stem in ("08_lr_scheduler", "09_lr_on_plateau"):
        shutil.copy(ROOT / "solutions" / "optimizers" / f"{stem}.ipynb", tmp_path)
    change(tmp_path / "08_lr_scheduler.ipynb", "def set_lr(self, lr):", "def set_rate(self, lr):")
    coursekit.progress()
    base, plateau = (rows(shown[0])[name] for name in ("LRScheduler", "LRSchedulerOnPlateau"))
    assert base.reached < 18.0
    assert plateau.reached == 18.0


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: path.write_text("{"), "it cannot be read"),
        (
            lambda path: change(path, "class SGD(torch.optim", "ONE = 1 / 0\n\n\nclass SGD(ONE and torch.optim"),
            "`SGD` is not defined (ZeroDivisionError)",
        ),
        (lambda path: change(path, "class SGD(", "class Sgd("), "`SGD` is not defined"),
    ],
)
def test_a_notebook_that_cannot_be_judged_says_why_and_the_others_are(damage, said, desk, shown):
    damage(desk / "01_sgd.ipynb")
    coursekit.progress()
    first, *others = shown[0].checked
    assert (first.reason, first.reached) == (said, 0.0)
    assert said in repr(shown[0])
    assert {"RMSProp", "Adagrad"} <= {each.name for each in others}
    assert all(each.table for each in others)


def test_table_in_html_says_the_same_and_escapes_what_it_is_given(desk, shown):
    (desk / "01_sgd.ipynb").rename(desk / "01_<b>.ipynb")
    coursekit.progress()
    page = shown[0]._repr_html_()
    assert "01_&lt;b&gt;" in page
    assert "<b>" not in page
    assert page.count("<tr") == 11


def test_folder_without_notebooks_is_said(tmp_path, monkeypatch, shown, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "fr")
    coursekit.progress()
    assert capsys.readouterr().out == "Il n'y a aucun notebook du cours dans ce dossier.\n"
    assert shown == []
