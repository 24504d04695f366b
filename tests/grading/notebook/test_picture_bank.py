"""The bank: what a reference draws is lent to every notebook, changes no page, and is out of students' reach."""

from __future__ import annotations

import base64
import io
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import nbformat
import numpy as np
import pytest
from nbformat import NotebookNode
from PIL import Image

from coursekit.errors import HiddenTestError
from coursekit.grading.classroom.course import LOG, Course
from coursekit.grading.classroom.proving import References
from coursekit.grading.notebook.bank import MANY, Bank
from coursekit.grading.notebook.execute import execute
from coursekit.grading.notebook.grade import Graded, Settings, Task
from coursekit.grading.notebook.recording import record
from coursekit.grading.sandbox.patience import Patience
from coursekit.pictures import Picture
from tests.grading import tiny
from tests.grading.classes import ASSIGNMENT, KEPT, Class, copied, grade_here, hand_in, reference
from tests.grading.forked import Run

MARK = b"lent"  # at the end of a picture, which no page shows
UNHURRIED = Patience(cell=300, cells=900)
ONE = (Picture(look=b"look", places=b"places", png=b"png"),)

SETUP = "import torch, coursekit\nfrom coursekit.optimizers.references import train"
CLASS = """
class SGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {{"lr": learning_rate}})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                p -= {step}
"""
TRAINING = """
line, model = coursekit.data.linear(), coursekit.linear_model()
optimizer = SGD(model.parameters(), learning_rate=0.01)
history = coursekit.record(train, model, line, optimizer, epochs=20, every=0)
coursekit.plots.training(history, line, "SGD")
"""
STEP = 'coursekit.plots.one_step(SGD, coursekit.functions.valley(), (-3.0, 1.2), "One step", learning_rate=0.05)'
WORKS = {  # what is subtracted, and which of the two pictures look as those of the reference
    "right": ('group["lr"] * p.grad', [True, True]),
    "right, rounded otherwise": ('group["lr"] * p.grad * 3 / 3', [True, True]),
    "half right": ('min(group["lr"], 0.01) * p.grad', [True, False]),
    "wrong": ('-group["lr"] * p.grad', [False, False]),
}
POISON = """
import ctypes
from coursekit import pictures
held = pictures._here.lent.pictures
for each in held:
    ctypes.memset(id(each.png) + bytes.__basicsize__ - 1, 0, len(each.png))
    object.__setattr__(each, "places", b"")
pictures.lend(pictures.Lent(records=True))
print(len(held))
"""


def notebook(*sources: str) -> NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in (SETUP, *sources)])


def shown(made: NotebookNode, pictures: tuple[Picture, ...] = ()) -> list[NotebookNode]:
    """Run a notebook for the reader, and return all outputs."""
    assert execute(made, sandbox=sys.platform == "linux", patience=UNHURRIED, pictures=pictures) == ()
    return [output for cell in made.cells for output in cell.outputs]


def recorded(*sources: str) -> tuple[Picture, ...] | None:
    return record(notebook(*sources), sandbox=sys.platform == "linux", patience=UNHURRIED)


@pytest.fixture(scope="module")
def lent() -> tuple[Picture, ...]:
    """What the reference draws, with a mark on each picture."""
    pictures = recorded(CLASS.format(step=WORKS["right"][0]), TRAINING, STEP)
    assert pictures
    return tuple(replace(each, png=each.png + MARK) for each in pictures)


@pytest.fixture(scope="module")
def pages(lent: tuple[Picture, ...]) -> dict[str, tuple[list[NotebookNode], list[NotebookNode]]]:
    """What every work shows, drawn and lent; the latter after somebody did to what is lent all that can be done."""
    everything = [source for step, _ in WORKS.values() for source in (CLASS.format(step=step), TRAINING, STEP)]
    drawn = shown(notebook(*everything))
    (poisoned,) = shown(notebook(POISON), lent)
    assert poisoned.text == f"{len(lent)}\n"
    after = shown(notebook(*everything), lent)
    return {name: (drawn[2 * n : 2 * n + 2], after[2 * n : 2 * n + 2]) for n, name in enumerate(WORKS)}


@pytest.mark.slow
@pytest.mark.parametrize("name", WORKS)
def test_a_page_is_the_same_whether_its_pictures_are_lent_or_drawn(name, pages):
    pairs = list(zip(*pages[name], strict=True))
    assert pairs
    for drawn, lent in pairs:
        assert drawn.metadata == lent.metadata  # the words for who cannot see it
        assert drawn.data["text/plain"] == lent.data["text/plain"]
        one, other = (np.asarray(Image.open(io.BytesIO(png(each)))).astype(float) for each in (drawn, lent))
        assert abs(one - other).max() <= 255 * 0.1


@pytest.mark.slow
@pytest.mark.parametrize(("name", "same"), [(name, same) for name, (_, same) in WORKS.items()])
def test_pictures_are_lent_where_they_look_as_those_of_the_reference_and_drawn_where_not(name, same, pages):
    assert [png(each).endswith(MARK) for each in pages[name][1]] == same


def png(output: NotebookNode) -> bytes:
    return base64.b64decode(output.data["image/png"])


@pytest.mark.slow
def test_of_a_reference_that_is_not_run_to_its_end_nothing_is_lent():
    assert recorded("import os", "os._exit(1)") is None


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def bank(tmp_path, said) -> Bank:
    return Bank(tmp_path / "bank", said.append)


def test_what_is_kept_is_lent_until_something_changes(bank, said):
    assert bank.get("01", "key") is None
    assert bank.put("01", "key", ONE) == ONE
    assert (bank.get("01", "key"), bank.get("01", "another"), bank.get("02", "key")) == (ONE, None, None)
    assert said == []


@pytest.mark.parametrize("harm", [lambda _: b"", lambda data: data[:-1], lambda data: data[:-1] + b"!"])
def test_of_a_damaged_bank_nothing_is_lent_and_that_is_said(harm, bank, said, tmp_path):
    bank.put("01", "key", ONE)
    path = tmp_path / "bank" / "01"
    path.write_bytes(harm(path.read_bytes()))
    assert bank.get("01", "key") is None
    assert "01" in said[0]
    assert "damaged" in said[0]


def test_a_bank_that_cannot_be_read_or_written_stops_nothing_and_is_told(bank, said, tmp_path):
    (tmp_path / "bank" / "01").mkdir(parents=True)
    assert bank.get("01", "key") is None
    assert bank.put("01", "key", ONE) == ONE
    assert [said[0].split("(")[0], said[1].split("(")[0]] == [
        "The pictures of 01 that are kept cannot be lent ",
        "The pictures of 01 cannot be kept ",
    ]


def test_what_could_not_be_recorded_is_told_once_and_not_tried_for_every_student(bank, said):
    assert bank.put("01", "key", None) == ()
    assert bank.get("01", "key") == ()
    assert "was not run to its end" in said[0]


@pytest.fixture
def work(bare: Course) -> Task:
    solution = bare.solutions / "optimizers" / "01_sgd.ipynb"
    solution.parent.mkdir(parents=True)
    solution.write_text("{}")
    return Task(stem="01_sgd", submission=b"{ }", release=b"{}", tests={}, settings=Settings(seed=1))


@pytest.mark.slow
@pytest.mark.parametrize(("students", "records"), [(MANY - 1, False), (MANY, True)])
def test_pictures_are_recorded_where_many_students_are_graded(students, records, bare, work):
    ((_, (reference, lent)),) = References(bare, "optimizers").before(work, students)
    assert (reference.is_reference, lent.records) == (True, records)


def test_what_a_reference_drew_is_lent_from_then_on(bare, work):
    references = References(bare, "optimizers")
    ((key, _),) = references.before(work, MANY)
    assert references.lend(work)[1].pictures == ()
    assert references.prove(key, Graded(notebook="", remarks=(), pictures=ONE))
    assert references.lend(work)[1].pictures == ONE
    another = References(bare, "optimizers")
    assert list(another.before(work, 1)) == []
    assert another.lend(work)[1].pictures == ONE


def test_a_reference_that_loses_points_lends_nothing(bare, work):
    references = References(bare, "optimizers")
    ((key, _),) = references.before(work, MANY)
    with pytest.raises(HiddenTestError):
        references.prove(key, Graded(notebook="", remarks=("SGD.step",), pictures=ONE))
    assert not (bare.state / "pictures").exists()


DRAWING = 'import coursekit\ncoursekit.plots.lines({"loss": [answer(1), answer(2)]}, "Loss by epoch", "epoch", "loss")'


@pytest.mark.slow
def test_every_way_of_grading_lends_from_the_bank_and_a_damaged_one_costs_a_word_in_the_log(
    small: Class, quick_nbgrader: Run, tmp_path: Path
):
    course, stem, word = copied(small.fresh, tmp_path), next(iter(tiny.RIGHT)), "is damaged"
    for folder in (course.solutions, course.release):
        path = folder / ASSIGNMENT / f"{stem}.ipynb"
        made = nbformat.read(path, as_version=4)
        made.cells.append(nbformat.v4.new_code_cell(DRAWING))
        nbformat.write(made, path)
    for number in range(MANY):
        hand_in(course, f"s{number}", stem, reference(course, stem))
    file = course.state / "pictures" / ASSIGNMENT / stem
    file.parent.mkdir(parents=True)
    file.write_bytes(b"damaged")

    code, said = grade_here(course)
    assert code == 0, said
    assert word in (course.root / LOG).read_text()
    assert not drawn(course, stem).endswith(MARK)

    mark_all(file)
    shutil.rmtree(course.root / KEPT)
    run = quick_nbgrader(course.root, "autograde", ASSIGNMENT, "--student=s0", "--force")
    assert run.returncode == 0, run.stderr
    assert word not in run.stderr
    assert drawn(course, stem).endswith(MARK)

    shutil.rmtree(course.autograded)
    code, said = grade_here(course, "--again")
    assert code == 0, said
    assert drawn(course, stem).endswith(MARK)


def drawn(course: Course, stem: str) -> bytes:
    """Return the picture in the graded notebook of the first student."""
    graded = nbformat.read(course.autograded / "s0" / ASSIGNMENT / f"{stem}.ipynb", as_version=4)
    return png(graded.cells[-1].outputs[0])


def mark_all(file: Path) -> None:
    """Put the mark on each picture in the bank."""
    key, pictures = msgspec.msgpack.decode(file.read_bytes()[32:], type=tuple[str, tuple[Picture, ...]])
    marked = tuple(replace(each, png=each.png + MARK) for each in pictures)
    Bank(file.parent, print).put(file.name, key, marked)
