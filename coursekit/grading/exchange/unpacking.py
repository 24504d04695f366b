"""For `nbgrader zip_collect`: unpack what was downloaded, archives and those in them.

Nothing here believes what a student wrote: a name in an archive leads nowhere but into the folder that is made for it.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import zipfile
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import IO

from nbgrader.plugins import ExtractorPlugin

from coursekit.errors import GradingError, UnreadableError
from coursekit.grading.exchange.collecting import Collector
from coursekit.grading.submission.archives import DAMAGED, TOO_LARGE, Member, is_archive, members
from coursekit.grading.submission.reading import MAX_BYTES, read_file
from coursekit.grading.submission.uploads import printable, shown, whose

MAX_FILES = 20_000  # in an archive
ROOM = 2**29  # bytes that what a student packed may become
MANY = 32  # times that, for all students together
RATIO = 50  # times its size, if that is more, that a downloaded archive may become
SPARE = 2**30  # bytes of the disk that stay free
DEPTH = 3  # archives, one in the other
_BLOCK = 4096  # bytes that a file takes at least
_RUBBISH = {"__MACOSX", "Thumbs.db", "desktop.ini"}  # what computers leave in archives


class Extractor(ExtractorPlugin):
    """Unpacks archives, and those in them, within limits: no link, and nothing outside of their folder.

    An archive that cannot be unpacked, or a file in one, stays where it is, with a line in the log.
    """

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack or copy all that lies in the first folder into the second."""
        source, target = Path(archive_path), Path(extracted_path)
        for place, folders, names in os.walk(source):
            folders.sort()
            for name in sorted(names):
                path = Path(place) / name
                folder = target / path.relative_to(source).parent
                folder.mkdir(parents=True, exist_ok=True)
                if is_archive(path) and not path.is_symlink():
                    self._unpack_download(path, folder)
                elif not _is_rubbish(name):
                    self._copy(path, folder / name)
        collector = getattr(self.parent, "collector_plugin_inst", None)
        if isinstance(collector, Collector):
            _ = collector.plan  # which puts beside these files those that shall stay where they are

    def _copy(self, path: Path, target: Path) -> None:
        try:
            target.write_bytes(read_file(path))
            _date(target, path.stat().st_mtime)
        except UnreadableError as error:
            self._note(shown(path), str(error))
        except OSError as error:
            self._note(shown(path), f"it cannot be copied ({error.strerror})")

    def _unpack_download(self, path: Path, parent: Path) -> None:
        """Unpack what was downloaded; archives of students in it take their own budgets, not those of others."""
        size = RATIO * path.stat().st_size
        before = {*parent.iterdir()}
        whole = _Budget(max(MANY * ROOM, size))
        shares: dict[str, _Budget] = defaultdict(lambda: _Budget(ROOM, whole))
        files = self._unpack(path, parent, _Budget(max(ROOM, size)))
        if files is None and whose((path.name,)):
            self._copy(path, parent / path.name)
        for file in files or ():
            _, owner, *_ = file.relative_to(parent).parts
            self._unpack_packed(file, shares[owner], depth=2)
        for made in {*parent.iterdir()} - before:
            _date(made, _made(path))

    def _unpack_packed(self, path: Path, budget: _Budget, depth: int) -> None:
        if depth > DEPTH:
            self._note(shown(path), "it is an archive in an archive in an archive")
            return
        files = self._unpack(path, path.parent, budget)
        if files is not None:
            path.unlink()
        for file in files or ():
            self._unpack_packed(file, budget, depth + 1)

    def _unpack(self, path: Path, parent: Path, budget: _Budget) -> list[Path] | None:
        """Unpack an archive into a new folder of its name; list the archives in it, None where it cannot be opened."""
        self.log.info("Extracting from: %s", shown(path))
        folder = _new_folder(parent, path.stem.removesuffix(".tar"))
        budget.begin(shutil.disk_usage(folder).free - SPARE)
        try:
            files = self._write_all(path, folder, budget)
            if not files:
                raise UnreadableError("nothing in it can be taken")
        except (GradingError, OSError, *DAMAGED) as error:
            self._note(shown(path), str(error) if isinstance(error, GradingError) else "it is damaged, or no archive")
            shutil.rmtree(folder)
            budget.give_back()
            return None
        return [file for file in files if is_archive(file)]

    def _write_all(self, path: Path, folder: Path, budget: _Budget) -> list[Path]:
        files = []
        with members(path, budget.left) as found:
            for number, member in enumerate(found):
                if number == MAX_FILES:
                    raise GradingError(f"more than {MAX_FILES} files are in it")
                if member.is_folder:
                    continue
                parts = [part for part in re.split(r"[/\\]", printable(member.name)) if part not in ("", ".")]
                if any(map(_is_rubbish, parts)):
                    continue
                try:
                    files.append(_write(member, folder, parts, budget))
                except UnreadableError as error:
                    self._note(f"{shown(path)}: {shown(member.name)}", str(error))
        return files

    def _note(self, what: str, reason: str) -> None:
        self.log.warning("%s: %s; left where it is.", what, reason)


@dataclass
class _Budget:
    """How many bytes may yet be written, for one student, and for all of them."""

    left: int
    whole: _Budget | None = None
    taken: int = 0  # since the archive was begun

    def begin(self, free: int) -> None:
        """Begin with an archive on a disk with so many free bytes."""
        self.left = min(self.left, free)
        self.taken = 0

    def take(self, size: int) -> None:
        """Take bytes; a `GradingError` where too few are left."""
        self.left -= size
        self.taken += size
        if self.whole:
            self.whole.take(size)
        if self.left < 0:
            raise GradingError(TOO_LARGE)

    def give_back(self) -> None:
        """Return to all students the bytes of an archive that was removed again; its owner has used them up."""
        if self.whole:
            self.whole.left += self.taken


def _write(member: Member, folder: Path, parts: list[str], budget: _Budget) -> Path:
    """Write a file of an archive under its name, split into parts; an `UnreadableError` says why it is not written."""
    if ".." in parts or re.match(r"[/\\]|[A-Za-z]:", member.name):
        raise UnreadableError("its name leads out of the archive")
    if not member.is_file:
        raise UnreadableError("it is a link or a device, not a file")
    target = folder.joinpath(*parts)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            _pour(member, file, budget)
    except UnreadableError:
        target.unlink(missing_ok=True)
        raise
    except DAMAGED as error:
        target.unlink(missing_ok=True)
        raise UnreadableError("it is damaged, or has a password") from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise GradingError("the disk is full") from error
        if error.errno is None:  # bzip2 says so that its data is not what it should be
            target.unlink(missing_ok=True)
            raise UnreadableError("it is damaged, or has a password") from error
        raise UnreadableError(f"it cannot be written ({error.strerror})") from error
    return target


def _pour(member: Member, file: IO[bytes], budget: _Budget) -> None:
    """Copy a file; its size is counted, as the archive may lie about it."""
    budget.take(_BLOCK)
    size = 0
    with member.open() as source:
        while chunk := source.read(2**20):
            size += len(chunk)
            if size > MAX_BYTES:
                raise UnreadableError("it is too large for a notebook")
            budget.take(len(chunk))
            file.write(chunk)


def _made(path: Path) -> float:
    """Tell when a download was made: by what is in it, to two seconds, and by the file where that is no better."""
    newest = own = path.stat().st_mtime
    with suppress(OSError, *DAMAGED), zipfile.ZipFile(path) as packed:
        newest = max(datetime(*info.date_time).timestamp() for info in packed.infolist())
    return min(max(own, newest), newest + 2)


def _date(path: Path, time: float) -> None:
    """Let a file, or all in a folder, be of a time."""
    for each in [path, *path.rglob("*")]:
        os.utime(each, (time, time))


def _new_folder(parent: Path, name: str) -> Path:
    """Make a folder of this name, or nearly, where none is."""
    name = name.rstrip(". ") or "archive"
    names = (name if number == 1 else f"{name} {number}" for number in count(1))
    folder = next(parent / free for free in names if not os.path.lexists(parent / free))
    folder.mkdir()
    return folder


def _is_rubbish(name: str) -> bool:
    return (name.startswith(".") and not name.startswith("..")) or name in _RUBBISH
