"""How long it takes to load the answers in words of a class, and to write down what was decided of one.

    python benchmarks/answers.py                    # about two minutes, and 2 GB of disk
    python benchmarks/answers.py --students 36

The class is made up: a gradebook as nbgrader makes it, and graded notebooks, pictures and all, which are the
instructor's with the beginning of the model answer in its place, and a sentence of the student's own or not.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from rich.console import Console
from rich.table import Table

from coursekit.grading.answers.service import Change, Service, State
from coursekit.grading.classroom.course import Course
from coursekit.reading.marks import mark

ROOT = Path(__file__).parents[1]
ASSIGNMENT = "optimizers"
SAME = 5  # of so many answers one is the student's own, and the others are those of many
GAP = "here stands the answer"
REPEATS = 3  # of which the fastest counts


def main() -> None:
    """Measure, and print what was measured beside the goal."""
    parser = argparse.ArgumentParser(description="Measure how long the page of the answers in words takes.")
    parser.add_argument("--students", type=int, default=500)
    options = parser.parse_args()
    table = Table("what", "here", "goal")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        service = Service(made_up(Path(folder) / "course", options.students))
        questions, groups = service.questions(), service.answers(service.questions()[0].key)
        total = sum(question.total for question in questions)

        def load() -> None:
            for question in service.questions():
                service.answers(question.key)

        def first() -> None:
            question = service.questions()[0].key
            service.texts(question, [group.members[0].id for group in service.answers(question)[:20]])

        member = groups[-1].members[0]

        def write() -> None:
            seen = member.state
            for to in (State(points=1.0, waits=False, comment=None), member.state):
                change = Change(id=member.id, text=member.text, seen=seen, to=to)
                seen = service.decide(questions[0].key, [change]).states[member.id]

        table.add_row(f"load all {total} answers, question by question", f"{_fastest(load):.2f} s", "2 s")
        table.add_row("open the page: counts, one question, 20 texts", f"{_fastest(first):.2f} s", "2 s")
        table.add_row("write down one decision, with what is so of all others", f"{_fastest(write) / 2:.3f} s", "0.1 s")
        table.add_row(f"of {len(groups[-1].members)} to {len(groups[0].members)} students in a group", "", "")
    Console().print(table)


def made_up(folder: Path, students: int) -> Course:
    """Lay out a course with a class of which nothing is read."""
    course = Course(root=ROOT).lay_out(folder)
    course.register(ASSIGNMENT)
    names = [f"student{number:03}" for number in range(students)]
    with course.gradebook() as book, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Object of type <Submitted")  # as nbgrader enters a submission
        for name in names:
            book.add_student(name)
            book.add_submission(ASSIGNMENT, name)
    for path in sorted((course.solutions / ASSIGNMENT).glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        (model,) = [cell for cell in notebook.cells if cell.cell_type == "markdown" and mark(cell).grade]
        sentences, model.source = model.source.split(". "), GAP
        before, after = nbformat.writes(notebook).split(GAP)
        for number, name in enumerate(names):
            own = "I think so." if number % SAME else f"My number is {number}: $x_{{{number}}} = \\frac{{1}}{{2}}$."
            place = course.autograded / name / ASSIGNMENT
            place.mkdir(parents=True, exist_ok=True)
            text = json.dumps(". ".join([*sentences[: number % SAME], own]))
            (place / path.name).write_text(before + text[1:-1] + after, encoding="utf-8")
    return course


def _fastest(function: Callable[[], Any]) -> float:
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main()
