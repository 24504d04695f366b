"""What is in a zip or a tar file, without unpacking it."""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

# What may be raised where an archive, or a file in it, is not what it says.
DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


@contextmanager
def members(path: Path) -> Iterator[Iterator[Member]]:
    """Open an archive and go through what is in it, but for its folders."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            # Of the upper four bits, which say what it is, 8 is a file and 0 what some programs leave there.
            infos = [info for info in packed.infolist() if not info.is_dir()]
            yield (
                Member(info.filename, info.external_attr >> 28 in (0, 8), partial(packed.open, info)) for info in infos
            )
    else:
        with tarfile.open(path) as tape:
            yield (Member(one.name, one.isreg(), partial(_taped, tape, one)) for one in tape if not one.isdir())


@dataclass(frozen=True)
class Member:
    """What is in an archive."""

    name: str
    is_file: bool
    open: Callable[[], IO[bytes]]


def _taped(tape: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    file = tape.extractfile(entry)
    if file is None:
        raise tarfile.TarError("no file")
    return file
