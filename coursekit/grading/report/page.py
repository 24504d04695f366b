"""The page of a class report: one file that loads nothing, and in which every word of a student's is escaped."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from coursekit.grading.notebook.cleaning import unpiled
from coursekit.grading.report import plots
from coursekit.grading.report.behaviours import FEWEST
from coursekit.grading.report.needs import rules
from coursekit.grading.report.numbers import Report
from coursekit.grading.report.words import Words

MARKS = {"graded": "", "untouched": "∅", "unreadable": "✗", "ungraded": "…", "missing": "–"}
WAITS = "✎"


class Section(NamedTuple):
    """A part of the page: its anchor, its title, and what to see in it."""

    id: str
    title: str
    seen: str


def page(report: Report) -> str:
    """Write a report as HTML."""
    words = Words(report.language)
    script = _file("report.js")
    environment = Environment(
        loader=PackageLoader(__package__, ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    text = environment.get_template("report.html.j2").render(
        report=report,
        words=words,
        labels=_labels(report, words),
        sections=_sections(report, words),
        rules=rules(words, report.head.quartile),
        marks=MARKS,
        waits=WAITS,
        sums=plots.sums(report, words),
        strips=plots.strips(report, words),
        style=Markup(_file("report.css")),  # noqa: S704 - a file of ours
        script=Markup(script),  # noqa: S704 - a file of ours
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    return unpiled(text)


def _file(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


def _sections(report: Report, words: Words) -> dict[str, Section]:
    say, students = words.say, len(report.students)
    late = sum(student.late > 0 for student in report.students)
    missing = sum(bool(student.missing) for student in report.students)
    seen = {
        "class": (
            say("The class"),
            say("Answers in words that a person has yet to read: {count}; the sums may still rise.", count=waiting)
            if (waiting := report.head.waiting)
            else say("No answer in words is left to read."),
        ),
        "points": (
            say("Points"),
            say(
                "The box of a notebook holds the middle half of the class: where it is long, the notebook divides the "
                "class, and where it lies far to the left, the notebook was hard."
            ),
        ),
        "behaviours": (
            say("Rung by rung"),
            say(
                "A small share means that a behaviour is hard for this class; a discrimination near 0 or below, that "
                "those who are strong in the rest are no better at it: see whether it was taught, and is judged as you "
                "mean it."
            ),
        ),
        "mistakes": (
            say("Mistakes of this class"),
            say("What stands first is worth a few minutes of the next lesson.")
            if report.mistakes
            else say("In what was written, nothing is wrong."),
        ),
        "needs": (
            say("Who needs help"),
            say(
                "A rule applies to {count} of {students} students; those with the most notebooks concerned stand "
                "first.",
                count=len(report.needs),
                students=students,
            )
            if report.needs
            else say("No rule applies to anybody."),
        ),
        "students": (
            say("Students and notebooks"),
            say(
                "The stronger a colour, the more points are missing: look for rows, which are students, and for "
                "columns, which are notebooks."
            ),
        ),
        "late": (
            say("Late and missing work"),
            say(
                "Late: {late} of {students} students; with a notebook missing: {missing}.",
                late=late,
                students=students,
                missing=missing,
            ),
        ),
        "oddities": (
            say("Oddities"),
            say("What the grader found odd, put right or left out, is said here in its own words.")
            if report.oddities
            else say("The last grading found nothing odd."),
        ),
    }
    return {anchor: Section(anchor, title, sentence) for anchor, (title, sentence) in seen.items()}


def _labels(report: Report, words: Words) -> dict[str, str]:
    say, most = words.say, words.points(report.head.most)
    return {
        "title": say("Class report"),
        "contents": say("Contents"),
        "students": say("students"),
        "handed_in": say("handed in"),
        "graded": say("graded"),
        "waiting": say("answers in words to read"),
        "mean": say("mean of the sums, of {points}", points=most),
        "median": say("median of the sums, of {points}", points=most),
        "notebook": say("notebook"),
        "subject": say("part"),
        "behaviour": say("behaviour"),
        "wrote": say("wrote something"),
        "right": say("have it right"),
        "share": say("share"),
        "discrimination": say("discrimination"),
        "measured": say(
            "Share: of those who wrote something. Discrimination: the point-biserial correlation of having it right "
            "with the points for everything else, from −1 to 1; – where all or none have it right, or fewer than "
            "{count} students wrote something.",
            count=FEWEST,
        ),
        "mistake": say("what is wrong"),
        "who": say("who"),
        "student": say("student"),
        "concerned": say("notebooks concerned"),
        "sum": say("sum"),
        "reasons": say("reasons"),
        "mistakes": say("mistakes"),
        "rules": say("The rules"),
        "late": say("late by"),
        "penalty": say("penalty"),
        "missing": say("missing"),
        "untouched": say("untouched"),
        "unreadable": say("could not be read"),
        "ungraded": say("not graded"),
        "waits": say("an answer in words waits for a person"),
        "due": say("Due: {time}.", time=report.due)
        if report.due
        else say("The gradebook knows no due date: nothing counts as late."),
        "where": say("where"),
        "remark": say("remark"),
        "stopped": say("not graded:"),
        "sorts": say("A click on the head of a column sorts a table, a second one turns it around."),
    }
