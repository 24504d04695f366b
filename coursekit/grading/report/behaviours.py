"""Behaviour by behaviour: how many students have it right, and whether it goes with the rest of their work."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

import msgspec

from coursekit.grading.notebook.mistakes import Judged, JudgedBehaviour
from coursekit.grading.report.gather import Classroom
from coursekit.language import translate

FEWEST = 5  # students who wrote something, for a correlation to mean anything


def behaviours(classroom: Classroom) -> Iterator[Measured]:
    """Measure every behaviour that is judged in an assignment, in the order of notebooks and ladders."""
    for stem in classroom.most:
        found: dict[tuple[str, str], tuple[JudgedBehaviour, list[tuple[bool, float]]]] = {}
        for member in classroom.members:
            for judged in member.works[stem].judged:
                for behaviour in judged.behaviours:
                    _, given = found.setdefault((judged.subject, behaviour.name), (behaviour, []))
                    if not judged.unwritten:
                        given.append((behaviour.right, member.points - _worth(behaviour, judged)))
        for (subject, name), (behaviour, given) in found.items():
            right = sum(is_right for is_right, _ in given)
            title = translate(behaviour.title, classroom.language)
            yield Measured(
                notebook=stem,
                subject=subject,
                name=name,
                title=title if behaviour.weight else f"{title} ({translate('not counted', classroom.language)})",
                counted=bool(behaviour.weight),
                wrote=len(given),
                right=right,
                share=round(right / len(given), 4) if given else None,
                discrimination=discrimination(given),
            )


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """How a class does on one behaviour: an item, in the words of item analysis.

    Attributes
    ----------
    notebook, subject, name, title
        Where it is judged, of what, and what it is; the title says where it is not counted.
    counted
        Whether it has a weight.
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
    counted: bool
    wrote: int
    right: int
    share: float | None
    discrimination: float | None


def discrimination(given: Sequence[tuple[bool, float]]) -> float | None:
    """Correlate being right with the points for everything else, given for each student who wrote something."""
    right = [float(is_right) for is_right, _ in given]
    rest = [round(points, 6) for _, points in given]  # so that equal points are equal
    if len(given) < FEWEST or len(set(right)) == 1 or len(set(rest)) == 1:
        return None
    return round(statistics.correlation(right, rest), 4)


def _worth(behaviour: JudgedBehaviour, judged: Judged) -> float:
    """Return the points that a behaviour brought."""
    weights = sum(other.weight for other in judged.behaviours) or 1.0
    return judged.points * behaviour.weight / weights if behaviour.right else 0.0
