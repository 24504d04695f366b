"""Feedback pages for everybody who did not hand in through the exchange: for Moodle, for Canvas, or one by one.

A student who handed in nothing gets none. `docs/instructors.md` shows how they are given back.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from nbgrader.api import Assignment, Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets import Integer

from coursekit.errors import GradingError
from coursekit.grading.classroom.gradebook.points import entered
from coursekit.grading.exchange.collected import Collected, Source, content_of
from coursekit.grading.exchange.exporting import Export, SystemExport
from coursekit.grading.exchange.systems import CANVAS, MOODLE
from coursekit.grading.files import write_at_once
from coursekit.grading.submission.archives import is_archive
from coursekit.grading.submission.intake import take_in

Pages = dict[str, list[Path]]  # by student
Files = dict[str, bytes]  # what one student gets, by its name in a zip file

_NOT_IN_NAMES = re.compile(r"[_/\\:*?\"'`<>|&\x00-\x1f]+")
_NONE = "There are no pages to give back: run `coursekit grade` first."


class PagesExport(Export):
    """The pages of each student in a file of its own, `STUDENT.zip`, which has a folder for each assignment."""

    usual = "pages"

    def write(self, gradebook: Gradebook, path: Path) -> None:
        """Write a file for each student."""
        everybody: Pages = defaultdict(list)
        for assignment in self.assignments(gradebook):
            for student, pages in self.pages(gradebook, assignment).items():
                everybody[student] += pages
        if not everybody:
            raise GradingError(_NONE)
        for student, pages in everybody.items():
            files = {f"{page.parent.name}/{page.name}": page.read_bytes() for page in pages}
            write_at_once(path / f"{student}.zip", _packed(files))

    def pages(self, gradebook: Gradebook, assignment: Assignment) -> Pages:
        """List the pages of everybody who handed in."""
        wanted = set(map(str, self.student))
        folders = self.place("feedback", ".", assignment).parent.glob(f"*/{assignment.name}")
        found = {folder.parent.name: sorted(folder.glob("*.html")) for folder in sorted(folders)}
        found = {who: own for who, own in found.items() if own and (not wanted or who in wanted)}
        pages = {who: own for who, own in found.items() if self.place("submitted", who, assignment).is_dir()}
        self.tell(f"{assignment.name}: handed in nothing, and get no pages", found.keys() - pages.keys())
        everybody = entered(gradebook, assignment.name)
        self.tell_waiting(assignment.name, [everybody[who].values() for who in pages if who in everybody])
        return pages

    def place(self, step: str, student: str, assignment: Assignment) -> Path:
        """Return where nbgrader keeps what is `submitted`, `feedback` or of the `release`."""
        return Path(self.course.format_path(getattr(self.course, f"{step}_directory"), student, assignment.name))

    @property
    def course(self) -> CourseDirectory:
        """Where nbgrader keeps things."""
        return self.parent.coursedir if self.parent else CourseDirectory(config=self.config)

    def tell(self, what: str, names: Iterable[str]) -> None:
        """Name all those of whom something is the case, if it is of any."""
        if named := ", ".join(sorted(names)):
            self.remark(f"{what}: {named}.")


class SystemPages(PagesExport, SystemExport):
    """Pages that Moodle or Canvas gives to students: one upload for all, in as many files as it needs.

    With `worksheet`, those who are in it get theirs, and whoever is there or here alone is named.
    """

    rows: dict[str, tuple[str, str]]  # name and number of everybody who is in the worksheet
    most = Integer(100, help="Megabytes of a file, at most: as large as may be uploaded.").tag(config=True)

    def write(self, gradebook: Gradebook, path: Path) -> None:
        """Write the files: the first has the name that is asked for, and the others a number behind it."""
        full = {each: pages for each in self.assignments(gradebook) if (pages := self.pages(gradebook, each))}
        if len(full) != 1:
            names = " and ".join(assignment.name for assignment in full)
            raise GradingError(f"There are pages of {names}: name one assignment." if names else _NONE)
        ((assignment, pages),) = full.items()
        self.rows = self._rows(gradebook, pages) if self.worksheet else {}
        written = []
        for number, files in enumerate(_parts(self.given(assignment, pages), self.most * 10**6), 1):
            part = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
            write_at_once(part, _packed(files))
            written.append(part.name)
        if not written:
            raise GradingError(" ".join(["Nobody's pages can be given back so.", *self.remarks]))
        if len(written) > 1:
            self.remark(f"The pages take more than one file. Upload each of them: {', '.join(written)}.")

    def given(self, assignment: Assignment, pages: Pages) -> Iterator[Files]:
        """Return what each student gets, in files of which the system knows the names."""
        raise NotImplementedError

    def collected(self, assignment: Assignment) -> Collected:
        """Return from which downloads the files of an assignment came."""
        return Collected(Path(self.course.root), assignment.name)

    def _rows(self, gradebook: Gradebook, pages: Pages) -> dict[str, tuple[str, str]]:
        """Find the rows of students, and take those who have none out of the pages."""
        people = self.people()
        claims = people.claims(gradebook.students)
        for row, ids in claims.items():
            if len(ids) > 1:
                self.tell(f"{people.shown(row)} in {self.worksheet} is several here, who get no pages", ids)
        if not self.student:
            idle = [row for row in people.people if pages.keys().isdisjoint(claims.get(row, ()))]
            self.tell(f"In {self.worksheet}, and without work here", map(people.shown, idle))
        self.tell(f"Not in {self.worksheet}, and get no pages", pages.keys() - set().union(*claims.values()))
        rows = {ids[0]: row for row, ids in claims.items() if len(ids) == 1}
        for student in pages.keys() - rows.keys():
            del pages[student]
        return {student: (people.name(row), people.number(row)) for student, row in rows.items()}


class MoodlePages(SystemPages):
    """Pages for *Upload multiple feedback files in a zip*, among the actions for all submissions of an assignment.

    Moodle finds a student by the number in the name of a folder. It is that of the `worksheet`, the grading worksheet
    of the assignment, or without one that of the download with the student's work.
    """

    usual = "moodle-pages.zip"
    system = MOODLE

    def given(self, assignment: Assignment, pages: Pages) -> Iterator[Files]:
        """Return the pages in folders such as `Ana María López_1001_assignsubmission_file_`."""
        known = self.rows
        if not self.worksheet:
            collected = self.collected(assignment)
            latest = {who: source.upload for who in pages for source in collected.sources(who)[:1]}
            known = {who: (each.name, each.number) for who, each in latest.items() if each.number and not each.order}
            unknown = "Nothing says who they are in Moodle, and they get no pages; give a --worksheet"
            self.tell(unknown, pages.keys() - known.keys())
        for student in filter(known.__contains__, pages):
            name, number = known[student]
            name = " ".join(_NOT_IN_NAMES.sub(" ", name).split()) or "Participant"
            yield {f"{name}_{number}_assignsubmission_file_/{page.name}": page.read_bytes() for page in pages[student]}


class CanvasPages(SystemPages):
    """Pages for *Re-upload submissions*, among the actions of an assignment in Canvas's gradebook.

    Canvas makes a comment of each file, finds its student by the numbers in the name of the download that it answers,
    and shows it under the name of what the student handed in. An archive is answered by a zip file with the pages.
    """

    usual = "canvas-pages.zip"
    system = CANVAS

    def given(self, assignment: Assignment, pages: Pages) -> Iterator[Files]:
        """Return files such as `doejane_12345_67001_01_sgd.html`."""
        collected = self.collected(assignment)
        release = self.place("release", ".", assignment)
        unknown, incomplete, renamed = [], [], False
        for student, own in pages.items():
            files = take_in(self.place("submitted", student, assignment), release).files
            paths = {stem: file.path for stem, file in files.items() if file.path.is_file()}
            sources = {stem: collected.source(student, content_of(path)) for stem, path in paths.items()}
            archive = next(filter(_is_packed, collected.sources(student)), None)
            answers: dict[str, list[Path]] = defaultdict(list)
            for page in own:
                source = sources.get(page.stem) or archive
                if source and source.upload.order:
                    given = source.upload.given
                    answers[f"{given}.zip" if _is_packed(source) else f"{Path(given).stem}.html"].append(page)
            if not answers:
                unknown.append(student)
                continue
            if sum(map(len, answers.values())) < len(own):
                incomplete.append(student)
            renamed |= any(name.endswith(".html") for name in answers)
            yield {
                name: _packed({page.name: page.read_bytes() for page in some})
                if name.endswith(".zip")
                else some[0].read_bytes()
                for name, some in answers.items()
            }
        self.tell("Were not collected from a download of Canvas, and get no pages", unknown)
        self.tell("Get no pages of what they did not hand in", incomplete)
        if renamed:
            self.remark("Canvas shows pages as what they answer: 01_sgd.ipynb is a page, to be saved as 01_sgd.html.")


def _is_packed(source: Source) -> bool:
    """Tell whether a file came out of an archive that was handed in, or is one."""
    return "/" in source.path or is_archive(Path(source.path))


def _parts(given: Iterable[Files], most: int) -> Iterator[Files]:
    """Put together what students get, as long as it is not too much."""
    part: Files = {}
    size = 0
    for files in given:
        more = sum(map(len, files.values()))
        if part and size + more > most:
            yield part
            part, size = {}, 0
        part |= files
        size += more
    if part:
        yield part


def _packed(files: Files) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()
