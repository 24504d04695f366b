"""The page's requests: questions, the answers to one of them, their texts, and what a person decided."""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import msgspec

from coursekit.errors import GradingError
from coursekit.grading.answers.notebooks import Cell, cells, read_written, written
from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.gradebook import answers as records
from coursekit.grading.classroom.gradebook import students
from coursekit.grading.classroom.gradebook.answers import Answer, Decision
from coursekit.grading.classroom.places import no_assignment
from coursekit.grading.notebook.cleaning import markdown
from coursekit.grading.notebook.colours import coloured
from coursekit.reading.cells import fingerprint

MAX_COMMENT = 10_000  # characters


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A question, with what was asked and the model answer as HTML, and how many of its answers wait for a person."""

    key: str
    assignment: str
    notebook: str
    cell: str
    language: str
    most: float
    asked: str
    model: str
    total: int
    waiting: int


class State(msgspec.Struct, frozen=True, kw_only=True):
    """The gradebook's record of an answer: what persons decided, and the points that nbgrader gave by itself."""

    points: float | None
    waits: bool
    comment: str | None
    auto: float | None = None


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """An answer of one student; `id` is nbgrader's id of the grade, `text` marks what stands there."""

    id: str
    text: str
    student: str
    name: str
    state: State


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Answers that are the same but for spaces, in the order of the students; `empty` where nothing was written."""

    empty: bool
    members: list[Member]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A person's decision about an answer, and what that person saw."""

    id: str
    text: str
    seen: State
    to: State


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The answers that had changed in the meantime and stay as they are, and what now is so of all to the question."""

    refused: list[str]
    states: dict[str, State]


class Service:
    """The answers in words of a course.

    Parameters
    ----------
    course
        With a graded class.
    assignments
        Whose answers are read; by default those of every assignment that was graded.
    """

    def __init__(self, course: Course, assignments: Sequence[str] = ()) -> None:
        known = course.assignments()
        if unknown := [name for name in assignments if name not in known]:
            raise GradingError(no_assignment(unknown[0], known))
        self._course = course
        self._assignments = assignments
        self._texts: dict[str, dict[str, Cell]] = {}  # by question, then by answer

    def questions(self) -> list[Question]:
        """List the questions, notebook by notebook.

        Raises
        ------
        GradingError
            When nothing is graded.
        """
        found = []
        languages = self._course.assignments()
        with self._course.gradebook() as book:
            for assignment in self._assignments or languages:
                answers: dict[tuple[str, str], list[Answer]] = defaultdict(list)
                for answer in records.answers(book, assignment):
                    if self._graded(assignment, answer).is_file():
                        answers[answer.notebook, answer.cell].append(answer)
                found += [self._question(assignment, languages[assignment], own) for own in answers.values()]
        if not found:
            raise GradingError(f"No answers in words are graded in {self._course.root}: run `coursekit grade` first.")
        return sorted(found, key=lambda each: (list(languages).index(each.assignment), each.notebook, each.cell))

    def answers(self, key: str) -> list[Group]:
        """Group the answers to a question: empty ones first, then what most students wrote."""
        assignment, notebook, cell = _parts(key)
        with self._course.gradebook() as book:
            names, rows = students.names(book), records.answers(book, assignment, notebook, cell)
        if not rows:
            raise GradingError(f"There is no question {key!r}.")
        stub = self._stub(key)
        texts: dict[str, Cell] = {}
        groups: dict[tuple[str, str], list[Member]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row.student):
            if text := self._text(assignment, row):
                texts[row.grade] = text
                about = {"student": row.student, "name": names[row.student], "text": fingerprint(text.text)}
                groups[_essence(text, stub)].append(Member(id=row.grade, state=_state(row), **about))
        self._texts[key] = texts
        ordered = sorted(groups.items(), key=lambda group: (any(group[0]), -len(group[1]), group[0]))
        return [Group(empty=not any(essence), members=members) for essence, members in ordered]

    def texts(self, key: str, wanted: Iterable[str]) -> dict[str, str]:
        """Set the texts of some answers as HTML in which nothing runs."""
        if key not in self._texts:
            self.answers(key)
        own = self._texts[key]
        return {name: _shown(own[name]) for name in wanted if name in own}

    def decide(self, key: str, changes: Sequence[Change]) -> Outcome:
        """Write down what a person decided of answers to a question, but of none that somebody else changed meanwhile.

        Raises
        ------
        GradingError
            When something cannot be so: points beyond those of the question, an answer to another one.
        """
        where = _parts(key)
        with self._course.gradebook() as book:
            known = {row.grade: row for row in records.answers(book, *where)}
            wanted = []
            for change in changes:
                text = self._text(where[0], known[change.id]) if change.id in known else None
                if text is None or fingerprint(text.text) != change.text:
                    raise GradingError(
                        "This answer is not there any more, or says something else. Load the page again."
                    )
                most, points = known[change.id].most, change.to.points
                if points is not None and not (math.isfinite(points) and 0 <= points <= most):
                    raise GradingError(f"{points:g} points cannot be given here: there are 0 to {most:g}.")
                seen, comment = change.seen, (change.to.comment or "").strip()[:MAX_COMMENT] or None
                before = Decision(seen.points, seen.waits, seen.comment)
                wanted.append((change.id, before, Decision(points, change.to.waits, comment)))
            refused = records.decide(book, wanted)
            states = {row.grade: _state(row) for row in records.answers(book, *where)}
        return Outcome(refused=sorted(refused), states=states)

    def _graded(self, assignment: str, answer: Answer) -> Path:
        return self._course.autograded / answer.student / assignment / f"{answer.notebook}.ipynb"

    def _text(self, assignment: str, answer: Answer) -> Cell | None:
        path = self._graded(assignment, answer)
        return read_written(path, answer.cell) if path.is_file() else None

    def _question(self, assignment: str, language: str, answers: list[Answer]) -> Question:
        first = answers[0]
        asked, model = self._source(assignment, first.notebook, first.cell)
        return Question(
            key=f"{assignment}/{first.notebook}/{first.cell}",
            assignment=assignment,
            notebook=first.notebook,
            cell=first.cell,
            language=language,
            most=first.most,
            asked=asked,
            model=model,
            total=len(answers),
            waiting=sum(answer.decision.waits for answer in answers),
        )

    def _source(self, assignment: str, notebook: str, name: str) -> tuple[str, str]:
        """Set what the instructor's notebook asks and answers: the text above the answer, and the answer."""
        path = self._course.solutions / assignment / f"{notebook}.ipynb"
        found = cells(path) if path.is_file() else []
        model = written(found, name)
        if model is None:
            return "", ""
        above = found[: found.index(model)][-1:]
        return "".join(_shown(cell) for cell in above if cell.cell_type == "markdown"), _shown(model)

    def _stub(self, key: str) -> str:
        """Read what was handed out in the place of the answer."""
        assignment, notebook, name = _parts(key)
        path = self._course.release / assignment / f"{notebook}.ipynb"
        stub = read_written(path, name) if path.is_file() else None
        return stub.text.strip() if stub else ""


def _parts(key: str) -> tuple[str, str, str]:
    try:
        assignment, notebook, cell = key.split("/")
    except ValueError as error:
        raise GradingError(f"There is no question {key!r}.") from error
    return assignment, notebook, cell


def _essence(cell: Cell, stub: str) -> tuple[str, str]:
    """Return what an answer says, whatever the spaces, and the pictures in it; both are empty where it says nothing."""
    text = cell.text.replace(stub, "") if stub else cell.text
    pictures = msgspec.json.encode(cell.attachments, order="sorted").decode() if cell.attachments else ""
    return " ".join(unicodedata.normalize("NFC", text).split()), pictures


def _shown(cell: Cell) -> str:
    if cell.cell_type == "code":
        return str(coloured(cell.text))
    return markdown({"cell": {"attachments": cell.attachments}}, cell.text)


def _state(row: Answer) -> State:
    return State(auto=row.auto, **asdict(row.decision))
