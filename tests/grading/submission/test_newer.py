"""Code for a newer Python than the grader's is told as that, and no other code is."""

from __future__ import annotations

import sys

import nbformat
import pytest

from coursekit.grading.notebook import execute
from coursekit.grading.notebook.grade import Settings, Task, grade
from coursekit.grading.submission import newer
from coursekit.grading.submission.newer import newer_python
from tests.grading.conftest import ROOT, answer, solution

NEW = {
    "type Point = tuple[float, float]": "`type` statements",
    "type Pair[T] = tuple[T, T]": "`type` statements",
    "def first[T](of: list[T]) -> T:\n    return of[0]": "type parameters",
    "class Box[T: (int, dict[str, int])]:\n    pass": "type parameters",
    'd = {}\nprint(f"{d["a"]}")': "braces of an f-string",
    'print(f"{", ".join(["a"])}" "b")': "braces of an f-string",
    "print(f\"{'\\n'.join('ab')}\")": "braces of an f-string",
    'print(f"{\n    1  # one\n}")': "braces of an f-string",
    "print(rf'{1!r:>{f'{2}'}}')": "braces of an f-string",
    'class A:\n    def f(self):\n        return f"{self.groups[0]["lr"]=}"': "braces of an f-string",
    "try:\n    pass\nexcept ValueError, TypeError:\n    pass": "`except` without brackets",
    'x = t"{1}"': "t-strings",
    '%matplotlib inline\ndef f[T](x):\n    return f"{x["a"]}"': "Python 3.12",
    "from typing import Any, override": "`typing.override`",
    "import itertools\nitertools.batched('abc', 2)": "`itertools.batched`",
}
OLD = (
    "x = = 1",
    "def f(:\n    pass",
    "class A[T:\n    pass",
    "try:\n    pass\nexcept ValueError, error:\n    pass",  # Python 2
    "print 'hello'",
    '"""type X = int"""\nx = = 1',
    "# type X = int\nx = = 1",
    'print(f"{x"',
    'print(f"{a b}")',
    'print(f"{d["a" b]}")',
    "print(f'{x!}')",
    'print(f"{d["a"]}"',
    'x = \'it\ny = f"{1}"',
    "type = 3\nprint(f'{type}')",
    "",
)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="a newer Python reads it")
@pytest.mark.parametrize("source", NEW)
def test_what_a_newer_python_reads_is_named(source):
    assert NEW[source] in newer_python(["x = 1", source])


@pytest.mark.parametrize("source", OLD)
def test_what_no_python_reads_and_what_every_python_reads_is_not_taken_for_new(source):
    assert newer_python([source]) == ""


def test_what_the_graders_python_has_is_not_named(monkeypatch):
    monkeypatch.setattr(newer.sys, "version_info", (3, 12, 0))
    assert newer_python(["from typing import override"]) == ""


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="a newer Python reads it")
@pytest.mark.parametrize(
    ("folder", "said"), [("optimizers", "This may need"), ("optimiseurs", "Ceci demande peut-être")]
)
def test_page_and_remark_say_that_a_notebook_needs_a_newer_python(monkeypatch, folder, said):
    monkeypatch.setattr(execute, "execute", lambda *_, **__: ())  # nobody looks at it
    notebook = solution("01_sgd", {}, folder)
    answer(notebook, "sgd").source += '\n\ndef told(group):\n    return f"{group["lr"]}"\n'
    work = Task(
        stem="01_sgd",
        submission=nbformat.writes(notebook).encode(),
        release=(ROOT / "notebooks" / folder / "01_sgd.ipynb").read_bytes(),
        tests={path.name: path.read_bytes() for path in (ROOT / "tests" / "hidden").glob("test_01*.py")},
        settings=Settings(seed=5, sandbox=True),
    )
    graded = grade(work)
    assert [remark for remark in graded.remarks if "a newer Python than the grader's" in remark]
    check = answer(nbformat.reads(graded.notebook, as_version=4), "sgd_check")
    assert said in check.outputs[0]["data"]["text/html"]
