"""What a class gets wrong, read from the verdicts that stand in its graded notebooks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from coursekit.behaviours import Verdict
from coursekit.language import translate


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A mistake and who made it: a misconception where it is named with certainty, else the behaviour that is wrong."""

    text: str
    students: tuple[str, ...]


def written_down(name: str, verdicts: tuple[Verdict, ...]) -> dict[str, object]:
    """Write verdicts down as plain data, to be kept in the notebook beside what is shown of them."""
    from coursekit.misconceptions import of  # and with it torch, which who reads this later does without

    titles = {each.name: each.title for each in of(name)}
    rungs = [
        {
            "name": verdict.behaviour.name,
            "title": verdict.behaviour.title,
            "right": verdict.finding is None,
            "unwritten": bool(verdict.finding and verdict.finding.kind == "unwritten"),
            "named": {key: titles[key] for key in verdict.finding.named if key in titles} if verdict.finding else {},
        }
        for verdict in verdicts
    ]
    return {"subject": name, "behaviours": rungs}


def mistakes(autograded: Path, assignment: str, language: str) -> list[Mistake]:
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
    who: dict[str, set[str]] = {}
    for path in sorted(autograded.glob(f"*/{assignment}/*.ipynb")):
        for text in _wrong(msgspec.json.decode(path.read_bytes()), language):
            who.setdefault(text, set()).add(path.parent.parent.name)
    found = [Mistake(text=text, students=tuple(sorted(students))) for text, students in who.items()]
    return sorted(found, key=lambda mistake: (-len(mistake.students), mistake.text))


def _wrong(notebook: dict[str, Any], language: str) -> Iterator[str]:
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            about = output.get("metadata", {}).get("coursekit")
            if about and cell["metadata"].get("nbgrader", {}).get("grade"):
                yield from _told(about["subject"], about["behaviours"], language)


def _told(subject: str, rungs: list[dict[str, Any]], language: str) -> Iterator[str]:
    """Tell what is wrong in one thing a student wrote; where nothing is right, that is said and not every behaviour."""
    wrong = [rung for rung in rungs if not (rung["right"] or rung["unwritten"])]
    nothing_right = len(wrong) == len(rungs) > 1
    for rung in wrong:
        named = list(rung["named"].values())
        if len(named) == 1:
            yield translate(named[0], language, subject=subject)
        elif not nothing_right:
            title = translate(rung["title"], language)
            yield translate("{subject}: {title}", language, subject=subject, title=title)
    if nothing_right:
        yield translate("{subject}: no behaviour is right", language, subject=subject)
