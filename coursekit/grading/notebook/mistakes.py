"""A class's right and wrong behaviours, read from the verdicts in its graded notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from coursekit.errors import GradingError
from coursekit.judging.behaviours import Verdict
from coursekit.language import translate
from coursekit.reading.marks import Mark

NOTICE = "notice"  # the cell in which the grader says that it could not read a file


class MistakeMade(msgspec.Struct, frozen=True, kw_only=True):
    """An error and who makes it: a mistake where it is named with certainty, else the behaviour that is wrong."""

    text: str
    students: tuple[str, ...]


class JudgedBehaviour(msgspec.Struct, frozen=True, kw_only=True):
    """A behaviour as it was judged; `named` gives for the mistakes that are certain their titles, in English."""

    name: str
    title: str
    right: bool
    unwritten: bool
    named: dict[str, str]
    weight: float = 1


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a student wrote, as it was judged, behaviour by behaviour, for the points of a cell."""

    subject: str
    behaviours: tuple[JudgedBehaviour, ...]
    points: float = 0.0

    @property
    def unwritten(self) -> bool:
        """Whether the student left it as it was given out."""
        return all(each.unwritten for each in self.behaviours)


@dataclass(frozen=True, kw_only=True)
class Graded:
    """A graded notebook's own record: its verdicts, and whether the grader could read what was handed in."""

    judged: tuple[Judged, ...]
    readable: bool = True


def written_down(name: str, verdicts: tuple[Verdict, ...]) -> dict[str, object]:
    """Write verdicts down as plain data, to be kept in the notebook beside what is shown of them."""
    behaviours = [
        JudgedBehaviour(
            name=verdict.behaviour.name,
            title=verdict.behaviour.title,
            weight=verdict.behaviour.weight,
            right=verdict.finding is None,
            unwritten=bool(verdict.finding and verdict.finding.kind == "unwritten"),
            named={each.name: each.title for each in (verdict.finding.named.certain if verdict.finding else ())},
        )
        for verdict in verdicts
    ]
    return {"subject": name, "behaviours": msgspec.to_builtins(behaviours)}


def read_back(path: Path) -> Graded:
    """Read what `written_down` left in the cells of points of a graded notebook; the rest is skipped unread.

    Raises
    ------
    GradingError
        When the file is not as the grader wrote it.
    """
    try:
        cells = _NOTEBOOK.decode(path.read_bytes()).cells
        return Graded(judged=tuple(_judged(cells)), readable=all(cell.id != NOTICE for cell in cells))
    except msgspec.MsgspecError as error:
        raise GradingError(f"{path} is damaged ({error}): delete it and run `coursekit grade` again.") from error


def mistakes(autograded: Path, assignment: str, language: str) -> list[MistakeMade]:
    """List what the students of an assignment got wrong, the most frequent first.

    Parameters
    ----------
    autograded
        The folder with `<student>/<assignment>/<stem>.ipynb`.
    assignment
        Whose notebooks to read.
    language
        "en" or "fr".
    """
    paths = sorted(autograded.glob(f"*/{assignment}/*.ipynb"))
    return count(((path.parent.parent.name, read_back(path).judged) for path in paths), language)


def count(work: Iterable[tuple[str, Iterable[Judged]]], language: str) -> list[MistakeMade]:
    """List what is wrong in the work of students, given with their ids, the most frequent first."""
    who: dict[str, set[str]] = {}
    for student, own in work:
        for judged in own:
            for text in _told(judged.subject, judged.behaviours, language):
                who.setdefault(text, set()).add(student)
    found = [MistakeMade(text=text, students=tuple(sorted(students))) for text, students in who.items()]
    return sorted(found, key=lambda mistake: (-len(mistake.students), mistake.text))


def left_out(autograded: Path, assignment: str) -> list[str]:
    """List the behaviours that do not count, as one student's notebooks have them: it is the same for all."""
    found = []
    one = {path.stem: path for path in sorted(autograded.glob(f"*/{assignment}/*.ipynb"), reverse=True)}
    for _, path in sorted(one.items()):
        with suppress(GradingError):  # nothing is lost but this word
            for judged in read_back(path).judged:
                found += [f"{judged.subject}: {each.title}" for each in judged.behaviours if not each.weight]
    return found


def _told(subject: str, behaviours: Sequence[JudgedBehaviour], language: str) -> Iterator[str]:
    """Tell what is wrong in one thing a student wrote; where nothing is right, that is said and not every behaviour."""
    counted = [each for each in behaviours if each.weight]
    wrong = [each for each in counted if not (each.right or each.unwritten)]
    nothing_right = len(wrong) == len(counted) > 1
    for behaviour in wrong:
        for title in behaviour.named.values():
            yield translate(title, language, subject=subject)
        if not (behaviour.named or nothing_right):
            title = translate(behaviour.title, language)
            yield translate("{subject}: {title}", language, subject=subject, title=title)
    if nothing_right:
        yield translate("{subject}: no behaviour is right", language, subject=subject)


class _About(msgspec.Struct):
    nbgrader: Mark = Mark()


class _Cell(msgspec.Struct):
    id: str = ""
    metadata: _About = msgspec.field(default_factory=_About)
    outputs: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b"[]"))  # what a student's code printed


class _Notebook(msgspec.Struct):
    cells: list[_Cell]


class _Written(msgspec.Struct):
    coursekit: Judged | None = None


class _Output(msgspec.Struct):
    metadata: _Written = msgspec.field(default_factory=_Written)


_NOTEBOOK = msgspec.json.Decoder(_Notebook)
_OUTPUTS = msgspec.json.Decoder(list[_Output])


def _judged(cells: list[_Cell]) -> Iterator[Judged]:
    for cell in cells:
        known = cell.metadata.nbgrader
        for output in _OUTPUTS.decode(cell.outputs) if known.grade else ():
            if output.metadata.coursekit:
                yield msgspec.structs.replace(output.metadata.coursekit, points=known.points or 0.0)
