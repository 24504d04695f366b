"""The students who need help, by rules that stand in the report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from coursekit.grading.notebook.mistakes import Judged, MistakeMade
from coursekit.grading.report.gather import Classroom, Member
from coursekit.grading.report.words import STATES, Words

FIRST_WRONG = 2  # notebooks whose first behaviour is wrong


def needs(
    classroom: Classroom, sums: Mapping[str, float], quartile: float | None, mistakes: Iterable[MistakeMade]
) -> list[Need]:
    """List the students who need help: those with most notebooks concerned first, among equals the fewest points.

    Parameters
    ----------
    classroom
        The class.
    sums
        The sum of each student.
    quartile
        Below it a sum is in the lowest quarter; None where there is no such thing.
    mistakes
        The mistakes of the class.
    """
    words = Words(classroom.language)
    made: dict[str, list[str]] = {}
    for mistake in mistakes:
        for student in mistake.students:
            made.setdefault(student, []).append(mistake.text)
    found = []
    for member in classroom.members:
        concerned = dict(_concerned(member, words))
        reasons = [
            words.say("{reason}: {notebooks}", reason=reason, notebooks=", ".join(stems))
            for reason, stems in concerned.items()
        ]
        if not member.present:
            reasons = [words.say("handed in nothing")]
        elif quartile is not None and sums[member.id] < quartile:
            reasons.append(words.say("in the lowest quarter: {points} points", points=words.points(sums[member.id])))
        if reasons:
            found.append(
                Need(
                    student=member.id,
                    name=member.name,
                    notebooks=len({stem for stems in concerned.values() for stem in stems}),
                    sum=sums[member.id],
                    reasons=tuple(reasons),
                    mistakes=tuple(made.get(member.id, ())),
                )
            )
    return sorted(found, key=lambda need: (-need.notebooks, need.sum, need.student))


def rules(words: Words, quartile: float | None) -> tuple[str, ...]:
    """State the rules, one sentence each."""
    bound = words.points(quartile)
    return (
        words.say("A notebook is missing, untouched, or could not be read or graded."),
        words.say(
            "The sum is in the lowest quarter of those who handed something in: below {points} points.", points=bound
        ),
        words.say(
            "In {count} notebooks or more, the first behaviour of something written is wrong: for an optimizer, its "
            "formula.",
            count=FIRST_WRONG,
        ),
    )


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """A student who needs help.

    Attributes
    ----------
    student, name
        The id, and the name.
    notebooks
        How many notebooks the reasons name.
    sum
        Of points.
    reasons, mistakes
        In words, in the language of the assignment.
    """

    student: str
    name: str
    notebooks: int
    sum: float
    reasons: tuple[str, ...]
    mistakes: tuple[str, ...]


def _concerned(member: Member, words: Words) -> Iterator[tuple[str, list[str]]]:
    """List the reasons that lie in notebooks, each with their names."""
    for state, (_, reason) in STATES.items():
        stems = [stem for stem, work in member.works.items() if work.state == state]
        if stems:
            yield words.say(reason), stems
    first = [stem for stem, work in member.works.items() if any(map(_is_first_wrong, work.judged))]
    if len(first) >= FIRST_WRONG:
        yield words.say("first behaviour wrong"), first


def _is_first_wrong(judged: Judged) -> bool:
    first = next((each for each in judged.behaviours if each.weight), None)
    return first is not None and not (judged.unwritten or first.right)
