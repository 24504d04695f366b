"""The command line, `coursekit`: what authors and instructors type."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from coursekit.errors import CourseError, GradingError, NothingHandedIn

NEEDED = "coursekit: the instructor's commands need the grader ({name} is missing): pip install 'coursekit[grading]'"

try:
    import shtab

    from coursekit.grading.classroom.console import progress, short, show_points
except ModuleNotFoundError as missing:
    sys.exit(NEEDED.format(name=missing.name))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return 0 when all went well, 1 when something did not, 2 when there was nothing to do."""
    options = _parser().parse_args(arguments)
    try:
        with warnings.catch_warnings():
            # SQLAlchemy warns of how nbgrader enters a submission; nobody who reads it can do anything about it.
            warnings.filterwarnings("ignore", "Object of type <Submitted")
            good: bool = options.run(options)
    except CourseError as error:
        print(f"coursekit: {error}", file=sys.stderr)
        return 2 if isinstance(error, NothingHandedIn) else 1
    except ModuleNotFoundError as missing:
        print(NEEDED.format(name=missing.name), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("coursekit: stopped. Finished work is kept; the same command goes on from here.", file=sys.stderr)
        return 130
    return 0 if good else 1


class _Command(argparse.ArgumentParser):
    """A command whose arguments stand in any order: argparse takes none for a list after the first option."""

    _inside = False

    def parse_known_args(  # type: ignore[override]  # as of its parent
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse in two passes, each of which calls this again."""
        if self._inside:
            return super().parse_known_args(args, namespace)
        self._inside = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._inside = False


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of processes")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="coursekit",
        description="Build the course, and grade a class with nbgrader.",
        epilog="Each command has its own --help. The student's commands are in the notebooks: coursekit.doctor(), "
        "coursekit.check(...), coursekit.progress().",
    )
    shtab.add_argument_to(parser, ["--print-completion"], help="print what a shell needs to complete this command")
    parser.add_argument("--version", action="version", version=f"coursekit {version('coursekit')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Command)

    def add(
        name: str, run: Callable[[argparse.Namespace], bool], text: str, *, in_course: bool = True
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        if in_course:
            command.add_argument("--course", type=Path, default=Path(), help="folder of the course (default: this one)")
        return command

    init = add("init", _init, "Lay a course of your own in an empty folder.", in_course=False)
    init.add_argument("folder", type=Path, nargs="?", default=Path(), help="where (default: this one)")
    init.add_argument(
        "--from",
        dest="source",
        type=Path,
        help="a clone or an archive of coursekit's source (default: what it was installed from)",
    )
    assign = add("assign", _assign, "Make an assignment of some notebooks, or set when it is due.")
    assign.add_argument("assignment", help="its name, such as tp1")
    assign.add_argument("notebook", nargs="*", help="number or name, such as 1 or 01_sgd")
    assign.add_argument("--language", default="en", help="of the notebooks: en or fr (default: en)")
    assign.add_argument("--due", default="", metavar="TIME", help='such as "2026-10-31 23:00 UTC" or "... +0100"')
    notebooks = add("notebooks", _notebooks, "Build the notebooks of both languages from the scripts.")
    notebooks.add_argument("--outdated", action="store_true", help="only those that are not what their script says")
    new = add("new", _new, "Write the first draft of a new notebook, which runs as it is.")
    new.add_argument("notebook", help="its number and name, such as 10_clipping")
    new.add_argument("exercise", help="what students write in it: a function, as clip, or an optimizer, as Momentum")
    preview = add("preview", _preview, "Build one notebook as a page to look at, in both languages.")
    preview.add_argument("notebook", help="its number or name, such as 01_sgd")
    preview.add_argument("--to", type=Path, default=Path("build/preview"), help="folder (default: build/preview)")
    points = add("points", _points, "Print the cells of points and what each asks.")
    points.add_argument("notebook", nargs="*", help="number or name, such as 01_sgd (default: all)")
    sample = add("sample", _sample, "Lay out a course with a sample class.")
    sample.add_argument("folder", type=Path, help="where; what lies there is replaced")
    _add_for_class(add)
    add("doctor", _doctor, "Say what this machine offers to the grader.")
    bundle = add("bundle", _bundle, "Make a zip for students without a hub, one an assignment.")
    bundle.add_argument("folder", type=Path, help="where the zip files go")
    bundle.add_argument("assignment", nargs="*", help="by default every one that is made")
    bundle.add_argument(
        "--repository",
        default="",
        metavar="ADDRESS",
        help="of GitHub, where they will lie: adds badges for Colab and Binder",
    )
    return parser


def _add_for_class(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the commands that an instructor needs with a class."""
    students = add("students", _students, "Enter a class list into the gradebook.")
    students.add_argument("list", type=Path, help="a CSV, as Excel, Moodle, Canvas or nbgrader writes it")
    students.add_argument("--column", default="", help="with the ids (default: id, login, number or e-mail address)")
    grade = add("grade", _grade, "Grade all submissions, write feedback pages and grades.csv, print a table.")
    grade.add_argument("assignment", nargs="*", help="by default every assignment that somebody handed in")
    grade.add_argument("--jobs", type=_positive, default=os.cpu_count(), help="processes (default: one for each core)")
    grade.add_argument("--scheduler", default="", metavar="ADDRESS", help="grade on the workers of a Dask scheduler")
    grade.add_argument("--no-sandbox", action="store_true", help="run students' code with your rights")
    grade.add_argument("--student", action="append", metavar="ID", help="only this one; may be given several times")
    grade.add_argument("--again", action="store_true", help="also what was graded before")
    grade.add_argument("--why", action="store_true", help="say what would be graded and for which reason; do nothing")
    grade.add_argument("--all", action="store_true", help="print a row for each student, however many there are")
    extend = add("extend", _extend, "Give one student more time for one assignment.")
    extend.add_argument("student", help="the id")
    extend.add_argument("assignment")
    time = extend.add_mutually_exclusive_group(required=True)
    time.add_argument("--days", type=float, help="days after the due date; 0 takes the extension back")
    time.add_argument("--until", default="", metavar="TIME", help='in UTC, as "2026-11-02 23:00"')
    answers = add("answers", _answers, "Open the page on which answers in words are read.")
    answers.add_argument("assignment", nargs="*", help="by default every one that was graded")
    answers.add_argument("--port", type=int, default=0, help="on this machine (default: one that is free)")
    answers.add_argument("--no-browser", action="store_true", help="print the address, and open nothing")
    replay = add(
        "replay", _replay, "Write a notebook that shows step by step what a student lost, to settle a dispute."
    )
    replay.add_argument("student", help="whose folder in submitted it is about")
    replay.add_argument("notebook", help="its number or name, such as 01_sgd")
    replay.add_argument(
        "behaviour", nargs="?", default="", help="such as groups or SGD.groups (default: all that is lost)"
    )
    replay.add_argument("--assignment", default="", help="where the student handed in this notebook in several")
    report = add("report", _report, "Write the report on a class: a page of the term, one an assignment, CSV and JSON.")
    report.add_argument("assignment", nargs="*", help="by default every one that was graded")
    report.add_argument("--to", type=Path, default=Path("reports"), help="folder (default: reports)")
    export = add("export", _export, "Write grades or feedback pages for Moodle, for Canvas, or as plain files.")
    export.add_argument(
        "kind",
        choices=("csv", "moodle", "canvas", "moodle-pages", "canvas-pages", "pages"),
        help="grades, or pages (alone: a zip file a student)",
    )
    export.add_argument("assignment", nargs="*", help="by default all")
    export.add_argument("--to", type=Path, help="file (default: grades.csv, moodle.csv, moodle-pages.zip, ...)")
    export.add_argument("--worksheet", type=Path, help="Moodle's grading worksheet or Canvas's gradebook")
    export.add_argument("--column", help="title or number of the assignment in Canvas, if it has another name")


def _doctor(options: argparse.Namespace) -> bool:
    from coursekit.grading.classroom.doctor import observations

    found = list(observations(options.course.resolve()))
    for finding in found:
        print(f"{'✓' if finding.good else '✗'} {finding.text}")
    return all(finding.good for finding in found if finding.needed)


def _init(options: argparse.Namespace) -> bool:
    from coursekit.authoring.init import lay

    lay(options.folder.resolve(), options.source and options.source.resolve())
    print(f"A course lies in {options.folder.resolve()}. In that folder:")
    print("  coursekit assign tp1 1 2 --due 2026-10-31T23:00Z     an assignment of the notebooks 1 and 2, and its date")
    print("  coursekit doctor                                     what this machine offers to the grader")
    print("seed.txt holds the number that draws the hidden tests: keep it to yourself, and a copy of it.")
    return True


def _assign(options: argparse.Namespace) -> bool:
    from coursekit.grading.classroom.assigning import assign
    from coursekit.grading.classroom.course import Course

    course = Course(root=options.course.resolve())
    for line in assign(course, options.assignment, options.notebook, options.language, options.due):
        print(line)
    return True


def _notebooks(options: argparse.Namespace) -> bool:
    from coursekit.grading.classroom.course import Course

    with progress() as report:
        Course(root=options.course.resolve()).build(outdated=options.outdated, report=report)
    return True


def _new(options: argparse.Namespace) -> bool:
    from coursekit.authoring.drafting import TO_WRITE, draft
    from coursekit.grading.classroom.course import Course

    for path in draft(Course(root=options.course.resolve()).root, options.notebook, options.exercise):
        print(short(path))
    print(f"Write where {TO_WRITE} stands, and look at it: coursekit preview {options.notebook}")
    print("docs/authors.md goes through all that follows, under “A new notebook”.")
    return True


def _preview(options: argparse.Namespace) -> bool:
    from coursekit.grading.classroom.course import Course

    for path in Course(root=options.course.resolve()).preview(options.notebook, options.to.resolve()):
        print(short(path))
    return True


def _points(options: argparse.Namespace) -> bool:
    from coursekit.grading.classroom.course import Course

    show_points(Course(root=options.course.resolve()).cells_of_points(*options.notebook))
    return True


def _sample(options: argparse.Namespace) -> bool:
    import shutil

    from coursekit.grading.classroom.course import Course
    from coursekit.grading.classroom.sample import lay_out

    course = Course(root=options.course.resolve())
    folder = options.folder.resolve()
    if not (course.root / "tests" / "sample").is_dir():
        raise GradingError(f"{course.root} has no sample class. A clone of coursekit has one.")
    if folder.exists():
        Course(root=folder)  # refuses to replace what is no course
        if (folder / "seed.txt").exists():
            raise GradingError(f"{folder} is a course of its own, and is left as it is. Name another folder.")
        shutil.rmtree(folder)
    laid = course.lay_out(folder)
    students = lay_out(course.root / "tests" / "sample", laid.release, laid.solutions, laid.submitted)
    print(f"A sample class of {len(students)} students lies in {options.folder}.")
    return True


def _students(options: argparse.Namespace) -> bool:
    from coursekit.grading.classroom.course import Course
    from coursekit.grading.exchange.entering import enter

    for line in enter(Course(root=options.course.resolve()), options.list, options.column):
        print(line)
    return True


def _grade(options: argparse.Namespace) -> bool:
    from coursekit.grading.classroom import command
    from coursekit.grading.classroom.course import Course
    from coursekit.grading.classroom.workers import Means

    course = Course(root=options.course.resolve())
    if options.no_sandbox:
        course.config.Grade.sandbox = False
    if options.why:
        command.tell_why(course, options.assignment)
        return True
    means = Means(jobs=options.jobs, scheduler=options.scheduler)
    return command.run(
        course,
        options.assignment,
        means,
        students=options.student,
        again=options.again,
        all_of_them=options.all,
    )


def _extend(options: argparse.Namespace) -> bool:
    from coursekit.grading.classroom.course import Course
    from coursekit.grading.classroom.extending import grant

    course = Course(root=options.course.resolve())
    print(grant(course, options.student, options.assignment, days=options.days, until=options.until))
    return True


def _answers(options: argparse.Namespace) -> bool:
    from coursekit.grading.answers.alone import serve
    from coursekit.grading.answers.service import Service
    from coursekit.grading.classroom.course import Course

    service = Service(Course(root=options.course.resolve()), options.assignment)
    serve(service, port=options.port, browser=not options.no_browser)
    return True


def _replay(options: argparse.Namespace) -> bool:
    from coursekit.grading.classroom.course import Course
    from coursekit.grading.notebook.replay import replay

    course = Course(root=options.course.resolve())
    chosen = {"assignment": options.assignment, "folder": Path.cwd()}
    print(short(replay(course, options.student, options.notebook, options.behaviour, **chosen)))
    print(
        "It holds hidden inputs, and to run it is to run the student's program: read it first, and hand it to nobody."
    )
    return True


def _report(options: argparse.Namespace) -> bool:
    from coursekit.grading.classroom.course import Course
    from coursekit.grading.report import write_reports

    course = Course(root=options.course.resolve())
    graded = [name for name in course.assignments() if any(course.autograded.glob(f"*/{name}"))]
    if not graded and not options.assignment:
        raise GradingError(f"Nothing is graded in {course.root}: run `coursekit grade` first.")
    for path in write_reports(course, options.assignment or graded, options.to.resolve()):
        print(short(path))
    return True


def _export(options: argparse.Namespace) -> bool:
    from coursekit.grading.classroom.course import Course
    from coursekit.grading.exchange.exports import KINDS, export

    course = Course(root=options.course.resolve())
    path = (options.to or Path(KINDS[options.kind].usual)).resolve()
    if options.column:
        course.config.CanvasExport.column = options.column
    for line in export(course, options.kind, path, worksheet=options.worksheet, assignments=options.assignment):
        print(line)
    print(short(path))
    return True


def _bundle(options: argparse.Namespace) -> bool:
    from coursekit.authoring.bundle import make_bundles
    from coursekit.grading.classroom.course import Course
    from coursekit.grading.classroom.places import no_assignment

    course = Course(root=options.course.resolve())
    made = {name: each for name, each in course.assignments().items() if any((course.release / name).glob("*.ipynb"))}
    if not made:
        raise GradingError("No assignment is made yet: coursekit assign NAME NOTEBOOK... makes one.")
    for name in options.assignment:
        if name not in made:
            raise GradingError(no_assignment(name, made))
    chosen = {name: made[name] for name in options.assignment or made}
    for path in make_bundles(course.root, options.folder.resolve(), chosen, options.repository):
        print(short(path))
    return True
