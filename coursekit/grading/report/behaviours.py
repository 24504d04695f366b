"""Rung by rung: how many have a behaviour right, and whether it goes with the rest of their work."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

import msgspec

from coursekit.grading.notebook.mistakes import Judged, Rung
from coursekit.grading.report.gather import Room
from coursekit.language import translate

FEWEST = 5  # students who wrote something, for a correlation to mean anything


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """How a class does on one behaviour: an item, in the words of item analysis.

    Attributes
    ----------
    notebook, subject, name, title
        Where it is judged, of what, and what it is.
    wrote, right
        How many students wrote something, and how many of them have it right.
    share
        right / wrote; None where nobody wrote anything.
    discrimination
        The point-biserial correlation of having it right with the points for everything else; None where it says
        nothing: all or none have it right, fewer than `FEWEST` wrote it, or all have the same points for the rest.
    """

    notebook: str
    subject: str
    name: str
    title: str
    wrote: int
    right: int
    share: float | None
    discrimination: float | None


def behaviours(room: Room) -> Iterator[Item]:
    """Measure every behaviour that is judged in an assignment, in the order of notebooks and ladders."""
    for stem in room.most:
        rungs: dict[tuple[str, str], Rung] = {}
        answers: dict[tuple[str, str], list[tuple[bool, float]]] = {}
        for member in room.members:
            for judged in member.works[stem].judged:
                for rung in judged.behaviours:
                    key = (judged.subject, rung.name)
                    rungs.setdefault(key, rung)
                    given = answers.setdefault(key, [])
                    if not judged.unwritten:
                        given.append((rung.right, member.points - _worth(rung, judged)))
        for (subject, name), rung in rungs.items():
            given = answers[subject, name]
            right = sum(is_right for is_right, _ in given)
            yield Item(
                notebook=stem,
                subject=subject,
                name=name,
                title=translate(rung.title, room.language),
                wrote=len(given),
                right=right,
                share=round(right / len(given), 4) if given else None,
                discrimination=discrimination(given),
            )


def discrimination(given: Sequence[tuple[bool, float]]) -> float | None:
    """Correlate being right with the points for everything else, given for each student who wrote something."""
    right = [float(is_right) for is_right, _ in given]
    rest = [round(points, 6) for _, points in given]  # so that equal points are equal
    if len(given) < FEWEST or len(set(right)) == 1 or len(set(rest)) == 1:
        return None
    return round(statistics.correlation(right, rest), 4)


def _worth(rung: Rung, judged: Judged) -> float:
    """Give the points that a behaviour brought."""
    weights = sum(other.weight for other in judged.behaviours)
    return judged.points * rung.weight / weights if rung.right else 0.0
