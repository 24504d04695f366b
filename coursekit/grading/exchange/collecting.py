"""For `nbgrader zip_collect`: find the owners of notebooks that were downloaded from Moodle or Canvas."""

from __future__ import annotations

import atexit
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from nbgrader.plugins import FileNameCollectorPlugin
from nbgrader.utils import find_all_notebooks
from traitlets import Unicode

from coursekit.errors import GradingError
from coursekit.grading.classroom.course import Course
from coursekit.grading.exchange.attempts import Found, attempts, names_of, plain_name
from coursekit.grading.exchange.collected import Collected, Source, content_of
from coursekit.grading.exchange.owners import Owners
from coursekit.grading.submission.archives import is_archive
from coursekit.grading.submission.intake import may_be_notebook
from coursekit.grading.submission.times import STAMP, read_time
from coursekit.grading.submission.uploads import Upload, printable, shown, whose

_DOWNLOAD = re.compile(r"(^|_)submissions( ?\(\d+\)|-\d+)?$")
_BEFORE = ".before"  # the folder, beside what was extracted, of what was there already
_UNTIMED = (
    "Late by the mark of Canvas, which does not say when: %s. For a penalty, write the time into %s, as in 2026-11-01 "
    "18:00:00 UTC, or collect again with --Collector.late=TIME for all of them."
)


class Collector(FileNameCollectorPlugin):
    """Finds the owner of each notebook by the name that Moodle or Canvas gave to the file.

    Moodle: `Full Name_123456_assignsubmission_file_/01_sgd.ipynb`, or the same without a folder; under blind marking
    the name is `Participant`. Canvas: `lastnamefirst_12345_67890_01_sgd.ipynb`, with `LATE_` before the first number;
    it is `anon_1a2b3` in place of name and number where marking is anonymous. A student's archive may have folders.

    The numbers are those of Moodle and Canvas. `students` says whose they are: a grading worksheet of Moodle, or a
    gradebook of Canvas; names and addresses in it go into the gradebook. Without, or where somebody is not in it, the
    student's id is made of name and number, and the exports know it again.

    Newer files take the place of those collected before; all else in a student's folder stays.
    """

    students = Unicode("", help="CSV from Moodle or Canvas that says whose the numbers are.").tag(config=True)
    column = Unicode("", help="Its column with the students' ids (default: login, number or address).").tag(config=True)
    late = Unicode("", help="The time to write down for what Canvas marks as LATE; no file says it.").tag(config=True)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._beside: list[tuple[Path, Upload, Source]] = []  # what is no notebook, and no archive
        self._put_back()  # what a run that was broken off has taken out
        atexit.register(self._put_back)

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Return the owner of a file and its name; None for one that is not taken."""
        return self.plan.get(Path(submitted_file))

    @cached_property
    def plan(self) -> dict[Path, dict[str, str]]:
        """Decide for all files at once: of two with the same student and name, one counts."""
        try:
            return self._decide()
        except GradingError as error:
            self.parent.fail("%s", error)
            raise

    def _decide(self) -> dict[Path, dict[str, str]]:
        owners = Owners(self.students, self.column, self._folder(".").parent, self.log.warning)
        collected = Collected(Path(self.parent.coursedir.root), self.parent.coursedir.assignment_id)
        work: dict[str, list[Found]] = defaultdict(list)
        for found in self._found():
            student = owners.id_of(found.source.upload) if found.source else ""
            if found.source and student:
                collected.add(student, found.content, found.source)
                work[student].append(found)
            else:
                self.log.warning("%s: its name does not say whose it is; left where it is.", shown(found.path))
        self._take_modules(owners, work, collected)
        collected.write()
        plan: dict[Path, dict[str, str]] = {}
        untimed: list[str] = []
        for student, files in work.items():
            plan |= self._of_student(student, files, [*self._before(student, collected)], untimed)
        if work and not plan:
            self.log.info("Nothing in the downloads is newer than what was collected before.")
        if untimed:
            self.log.warning(_UNTIMED, ", ".join(untimed), shown(self._folder("STUDENT") / STAMP))
        if owners.listed:
            with Course(root=Path(self.parent.coursedir.root)).gradebook() as book:
                owners.enter(book)
        return plan

    def _of_student(
        self, student: str, files: list[Found], before: list[Found], untimed: list[str]
    ) -> dict[Path, dict[str, str]]:
        """Decide for the files of one student; without anything new nothing is touched."""
        alike: dict[str, list[Found]] = defaultdict(list)
        for found in [*files, *before]:
            alike[found.plain].append(found)
        groups = [group for some in alike.values() for group in attempts(some, self._release)]
        distinct = {(found.name, found.content): found for group in groups for found in group}
        for found in files:
            if distinct[found.name, found.content].here:
                found.path.unlink()  # it was collected before
        for best, *others in groups:
            self._tell(student, best, others)
        folder = self._folder(student)
        late = any(best.source and best.source.upload.late for best, *_ in groups)
        timed = not late or (folder / STAMP).exists()
        if not timed and not self._time:
            untimed.append(student)
        stamp = {"timestamp": self._time} if self._time and not timed else {}
        names = {best.path: best.name for best, *_ in groups if not best.here}
        if not (names or stamp):
            return {}
        replaced = {other.path for _, *others in groups for other in others}
        names |= self._keep(folder, student, replaced)
        return {path: {"student_id": student, "file_id": name, **stamp} for path, name in names.items()}

    def _tell(self, student: str, best: Found, others: list[Found]) -> None:
        """Say what does not count, or cannot be opened."""
        if is_archive(best.path):
            text = "%s handed in something that could not be opened, %s. Unpack it in %s, or ask for a zip file."
            self.log.warning(text, student, shown(best.name), shown(self._folder(student)))
        for other in others:
            if other.here:
                self.log.info("%s: %s takes its place, which is newer.", shown(other.path), shown(best.path))
            elif other.content != best.content:
                text = "%s: %s handed in another %s, %s, which counts; left where it is."
                self.log.warning(text, shown(other.path), student, best.name, shown(best.path.name))

    def _keep(self, folder: Path, student: str, replaced: set[Path]) -> dict[Path, str]:
        """Put what lies in a student's folder beside what was extracted: nbgrader empties the folder."""
        names = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and path not in replaced:  # nbgrader would follow a link
                name = path.relative_to(folder)
                kept = self._extracted / _BEFORE / student / name
                kept.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, kept)
                names[kept] = str(name)
        return names

    def _put_back(self) -> None:
        """Put back into students' folders what nbgrader took out and did not put back, as where the disk was full."""
        before = self._extracted / _BEFORE
        for path in [each for each in before.rglob("*") if each.is_file()]:
            student, *name = path.relative_to(before).parts
            target = self._folder(student).joinpath(*name)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, target)
        shutil.rmtree(before, ignore_errors=True)

    @cached_property
    def _time(self) -> str:
        try:
            return str(read_time(self.late)) if self.late else ""
        except ValueError as error:
            raise GradingError(f"--Collector.late={self.late}: {error}.") from error

    @property
    def _release(self) -> Path:
        coursedir = self.parent.coursedir
        return Path(coursedir.format_path(coursedir.release_directory, ".", coursedir.assignment_id))

    @property
    def _extracted(self) -> Path:
        app = self.parent
        return Path(app.coursedir.root) / app.collect_directory_structure.format(
            downloaded=app.downloaded_directory,
            assignment_id=app.coursedir.assignment_id,
            collect_step=app.extracted_directory,
        )

    def _folder(self, student: str) -> Path:
        coursedir = self.parent.coursedir
        return Path(coursedir.format_path(coursedir.submitted_directory, student, coursedir.assignment_id))

    @cached_property
    def _known(self) -> dict[str, str]:
        """The names of the notebooks, whatever their capitals."""
        return {Path(name).stem.casefold(): Path(name).stem for name in find_all_notebooks(str(self._release))}

    def _take_modules(self, owners: Owners, work: dict[str, list[Found]], collected: Collected) -> None:
        """Add to the work of each student the modules beside it; say who handed in nothing but what is no notebook."""
        places = {student: {found.path.parent for found in files} for student, files in work.items()}
        others: dict[str, list[str]] = defaultdict(list)
        for path, upload, source in self._beside:
            student = owners.id_of(upload)
            name = _module(path, upload, places.get(student, set()))
            if student not in work and not self._folder(student).is_dir():
                others[student].append(shown(upload.file or path.name))
            elif name:
                content = content_of(path)
                collected.add(student, content, source)
                depth = len(path.relative_to(self._extracted).parts)
                work[student].append(Found(path, source, name, name, exact=True, depth=depth, content=content))
        for student, files in others.items():
            self.log.warning("%s handed in no notebook, but %s; left where it is.", student, ", ".join(files))

    def _found(self) -> Iterator[Found]:
        """List what may be work in the folder of extracted files, and keep apart what is not."""
        directory = self._extracted
        # Canvas calls a download by the course and `submissions`, and the course may look like a student.
        is_download = all(_DOWNLOAD.search(entry.name) for entry in directory.iterdir())
        for place, folders, names in os.walk(directory):
            folders.sort()
            for path in (Path(place) / name for name in sorted(names)):
                parts = path.relative_to(directory).parts
                upload = whose(parts[1:] if is_download else parts)
                file = upload.file if upload and upload.file else path.name
                source = None
                if upload:
                    own = "/".join(parts[parts.index(upload.given) :])
                    source = Source(own, path.stat().st_mtime)
                if self._may_be_work(path, file):
                    name, plain, exact = names_of(printable(file), self._known)
                    yield Found(path, source, name, plain, exact, depth=len(parts), content=content_of(path))
                elif upload and source and path.is_file():
                    self._beside.append((path, upload, source))

    def _before(self, student: str, collected: Collected) -> Iterator[Found]:
        """List what may be work, or a module of it, in a student's folder."""
        folder = self._folder(student)
        for path in sorted([*folder.glob("*"), *folder.glob("*/*.py")]):
            name = path.relative_to(folder).as_posix()
            if not (self._may_be_work(path, path.name) or (path.suffix == ".py" and path.is_file())):
                continue
            content = content_of(path)
            plain = name if path.suffix == ".py" else names_of(name, self._known)[1]
            source = collected.source(student, content)
            yield Found(path, source, name, plain, exact=True, depth=0, content=content, here=True)

    def _may_be_work(self, path: Path, name: str) -> bool:
        """Tell whether a file, of this name, may be a notebook, or an archive that could not be opened."""
        return (may_be_notebook(name, self._known) or is_archive(path)) and path.is_file()


def _module(path: Path, upload: Upload, places: Collection[Path]) -> str:
    """Return the name of a module beside a student's notebooks, or in a package there; "" for what is none."""
    name = plain_name(upload.file or path.name)
    package = path.parent.name
    if not name.endswith(".py") or not name.removesuffix(".py").isidentifier():
        return ""
    if upload.file or package == upload.given or path.parent in places:
        return name
    return f"{package}/{name}" if path.parent.parent in places and package.isidentifier() else ""
