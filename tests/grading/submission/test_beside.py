"""Modules that lie beside a notebook are there when it is graded, behind the wall and nowhere else."""

from __future__ import annotations

import shutil

import nbformat
import pytest

from coursekit.grading.notebook.grade import Settings, grade, task
from coursekit.grading.sandbox.patience import Patience
from coursekit.grading.submission.beside import needed_by
from coursekit.grading.submission.intake import take_in
from coursekit.grading.submission.modules import MAX_FILE, MAX_FILES, modules_in
from tests.grading.classes import copied, outcome_of, shorten
from tests.grading.conftest import ROOT, answer, rewrite, solution

pytestmark = pytest.mark.slow

SETTINGS = Settings(seed=1, patience=Patience(cell=1.0, definition=0.5))
MOVE = "def move(p, rate):\n    p -= rate * p.grad\n"
CALL = {'p -= group["lr"] * p.grad': 'move(p, group["lr"])'}


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory):
    """Copy what students get, without its pictures."""
    folder = shutil.copytree(ROOT / "notebooks" / "optimizers", tmp_path_factory.mktemp("out") / "optimizers")
    for path in folder.glob("*.ipynb"):
        shorten(path)
    return folder


@pytest.fixture
def first(handed_out):
    return handed_out / "01_sgd.ipynb"


@pytest.fixture
def handed_in(rewritten, tmp_path):
    """Return a function that hands in the first notebook with a line on top, and files beside it."""

    def hand_in(top: str, files: dict[str, str], name: str = "01_sgd.ipynb", folder=tmp_path):
        notebook = rewritten(CALL)
        cell = answer(notebook, "sgd")
        cell.source = f"{top}\n\n\n{cell.source}"
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        nbformat.write(notebook, folder / name)
        shorten(folder / name)
        return folder / name

    return hand_in


def to_grade(path, release):
    return task(take_in(path.parent, release.parent), release, ROOT / "tests" / "hidden", SETTINGS)


def graded(path, release, cell="sgd_check"):
    """Grade; return the points of a cell, the remarks, and the notebook."""
    made = grade(to_grade(path, release))
    notebook = nbformat.reads(made.notebook, as_version=4)
    return float(answer(notebook, cell).outputs[0].data["text/plain"]), made.remarks, notebook


@pytest.mark.parametrize(
    ("top", "files"),
    [
        ("from my_utils import move", {"my_utils.py": MOVE}),
        ("from my_utils import *", {"my_utils.py": MOVE}),
        ("import my_utils as u; move = u.move", {"my_utils.py": f"import seen\n\n\n{MOVE}", "seen.py": ""}),
        ("from tools.moves import move", {"tools/__init__.py": "", "tools/moves.py": MOVE}),
        ("from tools.moves import move", {"tools/moves.py": MOVE}),
        ("%run my_utils.py", {"my_utils.py": MOVE}),
    ],
    ids=["a name", "all names", "two modules", "a package", "a folder", "a script"],
)
def test_what_is_imported_from_a_file_beside_the_notebook_is_there(top, files, handed_in, first):
    points, remarks, notebook = graded(handed_in(top, files), first)
    assert points == 9.0
    assert remarks == (f"it was run with {', '.join(sorted(files))}, which lay beside it",)
    assert [cell.id for cell in notebook.cells] == [cell.id for cell in nbformat.read(first, 4).cells]
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [output.output_type for output in outputs if output.output_type == "error"] == []


def test_what_was_not_handed_in_is_told(handed_in, first):
    points, remarks, _ = graded(handed_in("from my_utils import move", {}), first)
    assert points < 9.0
    assert "`from my_utils import move` (ModuleNotFoundError)" in remarks[0]


@pytest.mark.parametrize(
    "text", ["import os\n\nos._exit(0)\n", "raise SystemExit\n", "while True:\n    pass\n", "def (:"]
)
def test_a_module_that_cannot_be_imported_costs_what_it_defines(text, handed_in, first):
    path = handed_in("from my_utils import other", {"my_utils.py": text})
    source = path.read_text().replace("move(p, group", "p.sub_(p.grad * group")
    path.write_text(source)
    assert graded(path, first)[0] == 9.0


def test_the_key_of_a_result_depends_on_what_may_be_imported_and_on_no_other_file(handed_in, first):
    def key():
        return to_grade(path, first).key

    path = handed_in("from my_utils import move", {"my_utils.py": MOVE})
    before = key()
    (path.parent / "notes.txt").write_text("other")
    assert key() == before
    (path.parent / "my_utils.py").write_text(f"{MOVE}\n")
    assert key() != before


def test_nothing_is_taken_in_that_no_notebook_names(tmp_path, first):
    (tmp_path / "my_utils.py").write_text(MOVE)
    for name, found in (("my_utilities", {}), ("my_utils", {"my_utils.py": MOVE.encode()})):
        (tmp_path / first.name).write_text(f"from {name} import move")
        assert needed_by(take_in(tmp_path, first.parent), first) == found


def test_only_small_plain_files_with_names_of_their_own_are_taken_in(tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "link.py").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "linked").symlink_to(ROOT / "tests")
    (tmp_path / "large.py").write_text("#" * (MAX_FILE + 1))
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    for name in ("torch.py", "math.py", "01_sgd.py", "my-utils.py", ".hidden.py", "deep/deeper/far.py", "good.py"):
        (tmp_path / name).write_text("x = 1")
    assert list(modules_in(tmp_path)) == ["good.py"]
    for number in range(2 * MAX_FILES):
        (tmp_path / f"many_{number}.py").write_text("")
    assert len(modules_in(tmp_path)) <= MAX_FILES
    assert modules_in(tmp_path / "nowhere") == {}


@pytest.mark.filterwarnings("ignore")  # nbgrader's own
def test_modules_go_with_a_notebook_that_has_another_name(handed_in, full, tmp_path):
    course = copied(full.fresh, tmp_path)
    shutil.rmtree(course.submitted)
    folder = course.submitted / "ada" / "optimizers"
    folder.mkdir(parents=True)
    handed_in("from my_utils import move", {"my_utils.py": MOVE}, "01_sgd (1).ipynb", folder)
    outcome = outcome_of(course)
    assert outcome.failed == {}
    assert dict(course.scores("optimizers"))["ada"]["01_sgd"] == 20.0
    assert [remark for _, _, remark in outcome.remarks if "my_utils" in remark or "left out" in remark] == [
        "it was run with my_utils.py, which lay beside it"
    ]


USES = {"self.get_lr() * self.factor": "self.scaled(self.factor)"}
HELPER = "\n\n    def scaled(self, factor):\n        return self.get_lr() * factor\n"


@pytest.mark.parametrize(
    ("change", "points"),
    [({}, 18.0), ({'group["lr"] = lr': 'self.optimizer.param_groups[0]["lr"] = lr'}, 2.0), (None, 2.0)],
    ids=["right", "wrong", "not handed in"],
)
def test_a_scheduler_may_use_what_the_student_added_to_a_base_where_that_is_right(change, points, handed_out, tmp_path):
    later = nbformat.read(ROOT / "solutions" / "optimizers" / "09_lr_on_plateau.ipynb", as_version=4)
    rewrite(later, "plateau", USES)
    path = tmp_path / "09_lr_on_plateau.ipynb"
    nbformat.write(later, path)
    shorten(path)
    if change is not None:
        base = solution("08_lr_scheduler", change)
        answer(base, "lr_scheduler").source += HELPER
        nbformat.write(base, tmp_path / "Copy of 08_lr_scheduler.ipynb")
    assert graded(path, handed_out / path.name, "plateau_check")[:2] == (points, ())
