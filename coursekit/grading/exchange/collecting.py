"""For `nbgrader zip_collect`: find the owners of notebooks that were downloaded from Moodle or Canvas."""

from __future__ import annotations

import filecmp
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

from nbgrader.plugins import FileNameCollectorPlugin
from nbgrader.utils import find_all_notebooks
from traitlets import Unicode

from coursekit.errors import GradingError
from coursekit.grading.classroom.students import same
from coursekit.grading.exchange.attempts import Found, attempts, names_of
from coursekit.grading.exchange.class_lists import ClassList, made_id, safe_id
from coursekit.grading.exchange.spreadsheets import Sheet
from coursekit.grading.submission.archives import is_archive
from coursekit.grading.submission.uploads import Upload, printable, shown, whose

_DOWNLOAD = re.compile(r"(^|_)submissions( ?\(\d+\)|-\d+)?$")


class Collector(FileNameCollectorPlugin):
    """Finds the owner of each notebook by the name that Moodle or Canvas gave to the file.

    Moodle: `Full Name_123456_assignsubmission_file_/01_sgd.ipynb`, or the same without a folder; under blind marking
    the name is `Participant`. Canvas: `lastnamefirst_12345_67890_01_sgd.ipynb`, with `LATE_` before the first number;
    it is `anon_1a2b3` in place of name and number where marking is anonymous. What a student packed may have folders.

    The numbers are those of Moodle and Canvas. `students` says whose they are: a grading worksheet of Moodle, or a
    gradebook of Canvas. Without, or where somebody is not in it, the student's id is made of name and number, and the
    exports know it again. No times are in these names: nothing is marked as late.
    """

    students = Unicode("", help="CSV from Moodle or Canvas that says whose the numbers are.").tag(config=True)
    column = Unicode("", help="Its column with the students' ids (default: login, number or address).").tag(config=True)

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Return the owner of a file and its name; None for one that is not taken."""
        return self._plan.get(Path(submitted_file))

    @cached_property
    def _plan(self) -> dict[Path, dict[str, str]]:
        """Decide for all files at once: of two with the same student and name, one counts."""
        try:
            ids = _Ids(self.students, self.column, self._folder(".").parent, self.log.warning)
        except GradingError as error:
            self.parent.fail("%s", error)
        chosen: dict[tuple[str, str], list[Found]] = defaultdict(list)
        for found in self._found():
            upload = found.upload
            student = ids.id_of(upload) if upload else ""
            if not student:
                self.log.warning("%s: its name does not say whose it is; left where it is.", shown(found.path))
                continue
            chosen[student, found.plain].append(found)
        plan = {}
        for (student, _), alike in chosen.items():
            for files in attempts(alike, self._release):
                best, *others = sorted(files, key=lambda found: found.rank)
                plan[best.path] = {"student_id": student, "file_id": best.name}
                if is_archive(best.path):
                    place = self._folder(student)
                    text = (
                        "%s handed in something that could not be opened, %s. Unpack it in %s, or ask for a zip file."
                    )
                    self.log.warning(text, student, shown(best.name), shown(place))
                for other in others:
                    if not filecmp.cmp(best.path, other.path, shallow=False):
                        text = "%s: %s handed in another %s, %s, which counts; left where it is."
                        self.log.warning(text, shown(other.path), student, best.name, shown(best.path.name))
        return plan

    @property
    def _release(self) -> Path:
        coursedir = self.parent.coursedir
        return Path(coursedir.format_path(coursedir.release_directory, ".", coursedir.assignment_id))

    def _folder(self, student: str) -> Path:
        coursedir = self.parent.coursedir
        return Path(coursedir.format_path(coursedir.submitted_directory, student, coursedir.assignment_id))

    def _found(self) -> Iterator[Found]:
        """List what may be a notebook in the folder of extracted files, and the archives that could not be opened."""
        app = self.parent
        directory = Path(app.coursedir.root) / app.collect_directory_structure.format(
            downloaded=app.downloaded_directory,
            assignment_id=app.coursedir.assignment_id,
            collect_step=app.extracted_directory,
        )
        known = {Path(name).stem.casefold(): Path(name).stem for name in find_all_notebooks(str(self._release))}
        endings = {*self.valid_ext, ".txt", ".json"}  # browsers save 01_sgd.ipynb.txt
        # Canvas calls a download by the course and `submissions`, and the course may look like a student.
        is_download = all(_DOWNLOAD.search(entry.name) for entry in directory.iterdir())
        for place, folders, names in os.walk(directory):
            folders.sort()
            for name in sorted(names):
                path = Path(place) / name
                is_notebook = ".ipynb" in name.lower() and path.suffix.lower() in endings
                if (is_notebook or is_archive(path)) and path.is_file():
                    parts = path.relative_to(directory).parts
                    upload = whose(parts[1:] if is_download else parts)
                    file = upload.file if upload and upload.file else name
                    yield Found(path, upload, *names_of(printable(file), known), depth=len(parts))


class _Ids:
    """Students' ids, by what the names of downloads say; no two of these have one id.

    An id that is there already, in whatever capitals and accents, stays as it is.
    """

    def __init__(self, path: str, column: str, submitted: Path, note: Callable[..., None]) -> None:
        self._here = {same(folder.name): folder.name for folder in submitted.glob("*/")}
        self._note = note
        self._path = path
        self._rows: dict[str, list[int]] = defaultdict(list)
        self._owners: dict[str, str] = {}
        self._made: dict[str, str] = {}
        if not path:
            return
        self._people = people = ClassList(Sheet.read(Path(path), from_excel=True))
        self._columns = people.keyed_by(column)
        if people.in_doubt:
            note("%s", people.in_doubt)
        for row in people.people:
            self._rows[people.number(row) or same(safe_id(people.name(row)))].append(row)

    def id_of(self, upload: Upload) -> str:
        """Return the id of the student who handed in; "" where none can be made."""
        who = upload.number or upload.name
        if who not in self._made:
            student = (self._path and self._listed(upload)) or made_id(upload.name, upload.number)
            student = self._here.get(same(student), student)
            if student and self._owners.setdefault(same(student), who) != who:
                again = made_id(student, upload.number)
                self._note("%s has the id %s of somebody else; collected as %s.", shown(upload.name), student, again)
                student = again
                self._owners[same(student)] = who
            self._made[who] = student
        return self._made[who]

    def _listed(self, upload: Upload) -> str:
        """Look a student up; "", with a note, where the list does not have exactly one of them."""
        rows = self._rows.get(upload.number) or self._rows.get(same(safe_id(upload.name)), [])
        value = self._people.id_of(rows[0], self._columns) if len(rows) == 1 else ""
        student = safe_id(value)
        if not student:
            who, made = shown(f"{upload.name} {upload.number}".strip()), made_id(upload.name, upload.number)
            self._note("%s is not in %s, or more than once; collected as %s.", who, self._path, made)
        elif same(student) != same(value):
            self._note("%s cannot be a student's id; collected as %s.", shown(value), student)
        return student
