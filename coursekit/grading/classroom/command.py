"""The command `coursekit grade`."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence

from coursekit.errors import NothingHandedIn
from coursekit.grading.classroom.console import (
    progress,
    short,
    show_missing,
    show_mistakes,
    show_remarks,
    show_scores,
)
from coursekit.grading.classroom.course import LOG, Course
from coursekit.grading.classroom.gradebook.points import entered, parts
from coursekit.grading.classroom.gradebook.students import names
from coursekit.grading.classroom.grading import Outcome, grade_class, why
from coursekit.grading.classroom.notices import members
from coursekit.grading.classroom.places import handed_in, misplaced
from coursekit.grading.classroom.workers import Means
from coursekit.grading.exchange.exports import export
from coursekit.grading.notebook.mistakes import mistakes


def run(
    course: Course,
    named: list[str],
    means: Means,
    *,
    students: Collection[str] | None = None,
    again: bool = False,
    all_of_them: bool = False,
) -> bool:
    """Grade assignments, all by default, and show what came of it; return whether everybody was graded."""
    outcomes: dict[str, Outcome] = {}
    empty: list[str] = []
    for assignment in handed_in(course, named, students):
        try:
            with progress() as report:
                outcomes[assignment] = grade_class(course, assignment, means, report, students=students, again=again)
        except NothingHandedIn as error:
            empty.append(str(error))
    if not outcomes:
        raise NothingHandedIn("\n".join(empty))
    export(course, "csv", course.root / "grades.csv")
    for assignment in outcomes:
        _show(course, assignment, students, all_of_them=all_of_them)
    for outcome in outcomes.values():
        for line in outcome.anew:
            print(f"Graded anew, {line}.")
    show_remarks([remark for outcome in outcomes.values() for remark in outcome.remarks])
    if waiting := sum(_waiting(course, assignment) for assignment in outcomes):
        print(f"Answers in words that wait for a person: {waiting} (coursekit answers).")
    print(f"Feedback pages: {short(course.root)}/feedback/STUDENT/ASSIGNMENT/NOTEBOOK.html")
    print(f"Grades:         {short(course.root)}/grades.csv")
    return _complain(course, outcomes, empty)


def tell_why(course: Course, named: list[str]) -> None:
    """Say what a grading would grade, and for which reason."""
    for assignment in handed_in(course, named, None):
        told = why(course, assignment) or ("nothing has changed",)
        for line in told:
            print(f"{assignment}, {line}.")


def _show(course: Course, assignment: str, students: Collection[str] | None, *, all_of_them: bool) -> None:
    scores = [each for each in course.scores(assignment) if students is None or each[0] in students]
    with course.gradebook() as book:
        most, listed = parts(book, assignment), set(names(book))
    wanted = members(course, assignment, listed) if students is None else ()
    absent = [student for student in wanted if not (course.submitted / student / assignment).exists()]
    show_scores(assignment, scores, most, all_of_them=all_of_them)
    show_missing(scores, absent)
    if students is None:
        show_mistakes(mistakes(course.autograded, assignment, course.assignments()[assignment]))


def _waiting(course: Course, assignment: str) -> int:
    with course.gradebook() as book:
        return sum(each.waiting for own in entered(book, assignment).values() for each in own.values())


def _complain(course: Course, outcomes: Mapping[str, Outcome], empty: Sequence[str]) -> bool:
    """Say what went wrong; return whether nothing did."""
    failed = {student: reason for outcome in outcomes.values() for student, reason in outcome.failed.items()}
    for student, reason in failed.items():
        print(f"{student} could not be graded: {reason}", file=sys.stderr)
    if failed:
        print(f"{short(course.root / LOG)} says more. A second run tries them again.", file=sys.stderr)
    lost = [*empty, *(f"{where} was not graded: {fix}." for where, fix in misplaced(course))]
    for text in lost:
        print(text, file=sys.stderr)
    return not (failed or lost)
