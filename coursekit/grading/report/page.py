"""The class report as HTML: one file that loads nothing, and in which every word of a student's is escaped."""

from __future__ import annotations

import base64
import hashlib
import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import resources
from typing import NamedTuple, TypeAlias

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from coursekit.grading.notebook.cleaning import unpiled
from coursekit.grading.report.behaviours import FEWEST
from coursekit.grading.report.needs import rules
from coursekit.grading.report.numbers import Report, histogram
from coursekit.grading.report.term import everybody, median_share, states
from coursekit.grading.report.words import STATES, Words

Link: TypeAlias = Callable[[str, str, str], str]  # assignment, student and notebook -> an address, or ""
_SIZES = ((30, 8.0), (120, 6.0), (math.inf, 3.6))  # of a dot, in a class of so many at most
_HEIGHT, _BREADTH = 38, 28  # of a pile of dots, at most


def page(report: Report, link: Link, term: str = "") -> str:
    """Write a report as HTML; the words and the drawing are in the templates beside this file.

    Parameters
    ----------
    report
        Of the class.
    link
        Finds the feedback page of a student's notebook, "" where there is none.
    term
        Where the page of the term is, if there is one.
    """
    words = Words(report.language)
    return _rendered(
        "report.html.j2",
        words,
        ("report.js",),
        report=report,
        rules=rules(words, report.head.quartile),
        fewest=FEWEST,
        dots=dots,
        highest=max(
            [each.most for each in report.notebooks]
            + [cell.points or 0.0 for student in report.students for cell in student.notebooks.values()]
        ),
        link=partial(link, report.assignment),
        term=term,
    )


def term_page(name: str, reports: Sequence[Report], link: Link) -> str:
    """Write the page of a term: all assignments of the course of a name, in their language if they have one."""
    languages = {report.language for report in reports}
    rows = everybody(reports)
    sums = [row.sum for row in rows]
    return _rendered(
        "term.html.j2",
        Words(languages.pop() if len(languages) == 1 else "en"),
        ("report.js", "term.js"),
        name=name,
        reports=reports,
        everybody=rows,
        share=median_share(rows),
        sums=histogram(sums, max((row.most for row in rows), default=0.0)),
        median=statistics.median(sums) if sums else None,
        found=states,
        link=link,
    )


def _rendered(template: str, words: Words, scripts: Sequence[str], **values: object) -> str:
    script = "".join(map(_file, scripts))
    environment = Environment(
        loader=PackageLoader(__package__, ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    text = environment.get_template(template).render(
        **values,
        words=words,
        say=words.say,
        states=STATES,
        style=Markup(_file("report.css")),  # noqa: S704 - a file of ours
        script=Markup(script),  # noqa: S704 - a file of ours
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    return unpiled(text)


class Dot(NamedTuple):
    """A student among the points of a notebook; `x` and `y` are pixels from 0 points on the middle line."""

    x: float
    y: float
    radius: float
    points: float
    student: str
    untouched: bool


def dots(report: Report, notebook: str, scale: float) -> Iterator[Dot]:
    """Place a dot for each student at the points reached; where many are equal, they are piled up around the line.

    Parameters
    ----------
    report
        Of the class.
    notebook
        Whose points are drawn.
    scale
        Pixels for a point.
    """
    size = next(size for students, size in _SIZES if len(report.students) <= students)
    piles = defaultdict(list)
    for student in report.students:
        cell = student.notebooks[notebook]
        if cell.points is not None:
            piles[round(cell.points * scale / size)].append((cell.points, student.id, cell.state == "untouched"))
    for pile in piles.values():
        abreast = min(int(_BREADTH / size), math.ceil(len(pile) / int(_HEIGHT / size)))
        rows = math.ceil(len(pile) / abreast)
        apart = min(size, (_HEIGHT - size) / max(1, rows - 1))
        for number, (points, student_id, untouched) in enumerate(sorted(pile)):
            row, column = divmod(number, abreast)
            aside = (column - (min(abreast, len(pile) - row * abreast) - 1) / 2) * size
            yield Dot(points * scale + aside, (row - (rows - 1) / 2) * apart, size / 2, points, student_id, untouched)


def _file(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")
