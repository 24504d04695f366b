"""The contents of a zip or a tar file, without unpacking it."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from coursekit.errors import GradingError, UnreadableError

ENDINGS = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".tbz", ".tbz2", ".xz", ".txz", ".rar", ".7z", ".zst")
# Exceptions where an archive, or a file in it, is not what it says.
DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    ArithmeticError,
    EOFError,
    LookupError,
    MemoryError,
    RuntimeError,  # not implemented, nested too deeply
    TypeError,
    ValueError,
)
TOO_LARGE = "unpacked, it takes more room than there is for it"
_BYTES = 2**20  # that are passed over at once, and that the headers of one file may take
# The first bytes of each kind: whatever its name, a file is opened as what it is.
_FOREIGN = {b"Rar!\x1a\x07": "a RAR", b"7z\xbc\xaf\x27\x1c": "a 7z", b"\x28\xb5\x2f\xfd": "a Zstandard"}
_SQUEEZED: dict[bytes, Callable[..., Any]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\x00": lzma.open}


def is_archive(path: Path) -> bool:
    """Tell by its name whether a file is an archive."""
    return path.suffix.lower() in ENDINGS


@contextmanager
def members(path: Path, most: int) -> Iterator[Iterator[Member]]:
    """Open an archive and go through what is in it.

    Parameters
    ----------
    path
        Where it is.
    most
        How many bytes a tape may unwind to, with what is passed over on it.

    Raises
    ------
    UnreadableError
        When it is of a kind that cannot be opened here.
    GradingError
        When a tape is longer.
    """
    with path.open("rb") as file:
        start = file.read(262)
    for magic, kind in _FOREIGN.items():
        if start.startswith(magic):
            raise UnreadableError(f"it is {kind} archive, which cannot be opened here")
    unwind = next((unwind for magic, unwind in _SQUEEZED.items() if start.startswith(magic)), None)
    if unwind or start[257:] == b"ustar":
        with (unwind or open)(path, "rb") as unwound:
            yield _Tape(unwound, most).members()
    else:
        with zipfile.ZipFile(path) as packed:
            yield (_in_zip(packed, info) for info in packed.infolist())


@dataclass(frozen=True)
class Member:
    """The contents of an archive."""

    name: str
    is_file: bool
    is_folder: bool
    open: Callable[[], IO[bytes]]


def _in_zip(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    name = info.filename
    if not info.flag_bits & 0x800:  # which says that the name is in UTF-8; many programs write it so all the same
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    # Of the upper four bits, which say what it is, 8 is a file and 0 what some programs leave there.
    return Member(name, info.external_attr >> 28 in (0, 8), name.endswith("/"), partial(packed.open, info))


class _Tape:
    """The uncompressed archive, read from its start to its end, and of its headers no more than any program writes.

    A small file may unwind to a very large one, a header say that it is gigabytes long, and a size be negative.
    """

    def __init__(self, unwound: IO[bytes], most: int) -> None:
        self._unwound = unwound
        self._most = most
        self._position = 0
        self._may_read = _BYTES

    def members(self) -> Iterator[Member]:
        with tarfile.open(fileobj=self, mode="r:") as tape:  # type: ignore[call-overload]  # it needs no more than this
            while (entry := tape.next()) is not None:
                tape.members.clear()  # else all that was passed stays in memory
                self._may_read = self._most
                yield Member(entry.name, entry.isreg(), entry.isdir(), partial(tape.extractfile, entry))
                self._may_read = _BYTES

    def read(self, size: int) -> bytes:
        if not 0 <= size <= self._may_read:
            raise tarfile.ReadError("no program writes this")
        self._may_read -= size
        return self._pass(size)

    def tell(self) -> int:
        return self._position

    def seekable(self) -> bool:
        return False

    def seek(self, position: int) -> None:
        if position < self._position:
            raise tarfile.StreamError("a tape is not wound back")
        while self._position < position and self._pass(min(_BYTES, position - self._position)):
            pass

    def _pass(self, size: int) -> bytes:
        data = self._unwound.read(size)
        self._position += len(data)
        if self._position > self._most:
            raise GradingError(TOO_LARGE)
        return data
