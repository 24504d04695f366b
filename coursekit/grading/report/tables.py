"""The tables of a class report as CSV, with the numbers as they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from coursekit.grading.exchange.spreadsheets import Cell, write_csv
from coursekit.grading.report.numbers import Report
from coursekit.grading.report.words import Words


def write_tables(report: Report, folder: Path) -> None:
    """Write `ASSIGNMENT-students.csv`, `-behaviours.csv` and `-mistakes.csv` into a folder."""
    say = Words(report.language).say
    stems = [spread.notebook for spread in report.notebooks]
    header = [say("student"), say("name"), *stems, say("sum"), say("penalty"), say("missing"), say("untouched")]
    header += [say("answers in words to read"), say("handed in"), say("late by (hours)"), say("reasons")]
    header += [say("mistakes")]
    write_csv(folder / f"{report.assignment}-students.csv", header, _students(report))

    header = [say("notebook"), say("part"), say("name"), say("behaviour"), say("wrote something"), say("have it right")]
    header += [say("share"), say("discrimination")]
    rows = (
        (each.notebook, each.subject, each.name, each.title, each.wrote, each.right, each.share, each.discrimination)
        for each in report.behaviours
    )
    write_csv(folder / f"{report.assignment}-behaviours.csv", header, rows)

    header = [say("students"), say("what is wrong"), say("who")]
    mistakes = ((len(each.students), each.text, ", ".join(each.students)) for each in report.mistakes)
    write_csv(folder / f"{report.assignment}-mistakes.csv", header, mistakes)


def _students(report: Report) -> Iterator[list[Cell]]:
    needs = {need.student: need for need in report.needs}
    for student in report.students:
        need = needs.get(student.id)
        yield [
            student.id,
            student.name,
            *(cell.points for cell in student.notebooks.values()),
            student.sum,
            student.penalty,
            ", ".join(student.missing),
            ", ".join(student.untouched),
            student.waiting,
            student.handed_in,
            round(student.late / 3600, 2),
            "; ".join(need.reasons) if need else "",
            "; ".join(need.mistakes) if need else "",
        ]
