"""Grade a class: every notebook once, in several processes or on a cluster, then nbgrader's gradebook, then the pages.

Finished work is kept in `.coursekit` in the folder of the course, so that a grading that was stopped, by whatever, goes
on where it was, and one of a class in which nothing changed has nothing to do.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from coursekit.errors import NothingHandedIn
from coursekit.grading.classroom.alone import alone, plainly
from coursekit.grading.classroom.course import Course, Progress
from coursekit.grading.classroom.entering import enter
from coursekit.grading.classroom.gradebook.points import cells, take_back
from coursekit.grading.classroom.lateness import check_due_date
from coursekit.grading.classroom.ledger import Entry, Ledger, Remark
from coursekit.grading.classroom.notices import write_notices
from coursekit.grading.classroom.results import Results
from coursekit.grading.classroom.returning import write_pages
from coursekit.grading.classroom.students import is_lost, twins, unfit
from coursekit.grading.classroom.workers import Means, stop
from coursekit.grading.notebook.depends import digest
from coursekit.grading.submission.uploads import shown


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The outcome of a grading.

    Attributes
    ----------
    failed
        For every student who could not be graded the reason.
    remarks
        Student, notebook, and what an instructor should know about it.
    graded, made
        How many notebooks were graded and how many students' pages written, that is, not taken from before.
    anew
        How many notebooks were graded anew, though nothing else was handed in, and why.
    """

    failed: dict[str, str]
    remarks: tuple[Remark, ...]
    graded: int
    made: int
    anew: tuple[str, ...]


def grade_class(
    course: Course,
    assignment: str,
    means: Means,
    report: Progress,
    *,
    students: Collection[str] | None = None,
    again: bool = False,
) -> Outcome:
    """Grade the submissions of an assignment, enter the points into the gradebook, and write the feedback pages.

    Where a submission cannot be graded, the points and the page of an earlier one are taken back.

    Parameters
    ----------
    course, assignment
        Whose submissions are graded.
    means
        With what.
    report
        Called as the work goes on.
    students
        Whose submissions, if not everybody's.
    again
        Whether results of earlier gradings are made again.

    Raises
    ------
    GradingError
        When nothing can be graded: no sandbox, another grading of this course at work, no gradebook to be had.
    NothingHandedIn
        When nobody handed in a notebook.
    """
    with alone(course.state / "lock"), plainly(course):
        course.register(assignment)
        with course.gradebook() as book:
            check_due_date(book, assignment)
        try:
            return _grade(course, assignment, means, report, students, Results(course, assignment, again=again))
        finally:
            stop()


def why(course: Course, assignment: str) -> tuple[str, ...]:
    """Tell how many notebooks a grading would grade now, for which reason, and do nothing."""
    results = Results(course, assignment)
    for folder in _folders(course, assignment, None)[0]:
        results.look(folder)
    return results.reasons.told(also_new=True)


def _grade(
    course: Course,
    assignment: str,
    means: Means,
    report: Progress,
    students: Collection[str] | None,
    results: Results,
) -> Outcome:
    ledger = Ledger(course, assignment)
    folders, refused = _folders(course, assignment, students)
    results.make(folders, means, report)
    refused |= results.refused
    remarks = [*results.remarks, *_odd_ids([folder.parent.name for folder in folders])]
    failed = dict(_failed(results))
    empty = [folder.parent.name for folder in folders if folder.parent.name not in results.due]
    _take_back(course, assignment, empty)
    if not results.due:
        ledger.tell(remarks, refused, students)
        raise NothingHandedIn(_nothing(course, assignment, remarks, refused))
    well = {student: due for student, due in results.due.items() if student not in failed}
    failed |= enter(course, assignment, _not_entered(course, assignment, well, results.made), means.jobs, report)
    _take_back(course, assignment, failed)
    entered = [student for student in well if student not in failed]
    made, pageless = write_pages(course, assignment, entered, means.jobs, report)
    failed |= pageless | refused
    handed_in = {student: due.keys for student, due in results.due.items()}
    write_notices(course, assignment, handed_in, failed, students)
    for student, own in handed_in.items():
        remarks += [(student, stem, said) for stem, key in own.items() for said in results.said.get(key, ())]
    ledger.tell(remarks, failed, students)
    if students is None:
        results.reasons.remember()
        results.keep_only_these()
    anew = results.reasons.told(also_new=False)
    return Outcome(failed=failed, remarks=tuple(remarks), graded=len(results.made), made=made, anew=anew)


def _folders(course: Course, assignment: str, students: Collection[str] | None) -> tuple[list[Path], dict[str, str]]:
    """List the folders to be graded, and say why some cannot be: nobody can have such an id."""
    every = sorted(course.submitted.glob(f"*/{assignment}"))
    wanted = [folder for folder in every if students is None or folder.parent.name in students]
    refused = {folder: reason for folder in wanted if (reason := unfit(folder.parent.name))}
    told = {shown(folder.parent.name): f"{reason}: {shown(folder)}" for folder, reason in refused.items()}
    return [folder for folder in wanted if folder not in refused], told


def _failed(results: Results) -> Iterator[tuple[str, str]]:
    """Yield the students of whose work there is no result, and why."""
    for student, due in results.due.items():
        for stem, key in due.keys.items():
            if key in results.lost:
                yield student, f"{stem}.ipynb: {results.lost[key]}"


def _odd_ids(students: list[str]) -> Iterator[Remark]:
    """Say which ids nbgrader's own commands miss, and which may be those of one student."""
    lost = "nbgrader's own commands do not find this id; rename the folder, if the student can have another"
    yield from ((student, "id", lost) for student in students if is_lost(student))
    for ids in twins(students):
        twin = f"{' and '.join(ids)} differ in capitals or accents only; if that is one student, keep one folder"
        yield ids[0], "id", twin


def _nothing(course: Course, assignment: str, remarks: list[Remark], refused: dict[str, str]) -> str:
    told = [f"{student}, {what}: {remark}." for student, what, remark in remarks]
    told += [f"{student}: {reason}." for student, reason in refused.items()]
    where = course.submitted / "STUDENT" / assignment
    return "\n".join([f"No notebook of {assignment} was handed in: none is found in {where}.", *told])


def _not_entered(course: Course, assignment: str, due: dict[str, Entry], made: set[str]) -> dict[str, Entry]:
    """Choose those of whom the gradebook and the graded notebooks do not say what they should."""
    ledger = Ledger(course, assignment)
    with course.gradebook() as book:
        points = cells(book, assignment, by_persons=False)

    def is_entered(student: str, own: Entry) -> bool:
        entry = ledger.entry(student)
        folder = course.autograded / student / assignment
        return (
            entry is not None
            and (entry.keys, entry.stamp, entry.points) == (own.keys, own.stamp, digest(points.get(student)))
            and made.isdisjoint(own.keys.values())
            and all((folder / f"{stem}.ipynb").is_file() for stem in own.keys)
        )

    return {student: own for student, own in due.items() if not is_entered(student, own)}


def _take_back(course: Course, assignment: str, students: Iterable[str]) -> None:
    """Let nothing say how earlier submissions were graded, but what persons said of them."""
    for student in students:
        for place in (course.autograded, course.feedback):
            shutil.rmtree(place / student / assignment, ignore_errors=True)
        Ledger(course, assignment).forget(student)
        with course.gradebook() as book:
            take_back(book, assignment, student)
