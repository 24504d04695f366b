"""The memory that a sandbox takes from the machine: of its processes, shared or not, of its files and its sockets."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

FILE = 2**11  # bytes that a file takes beside what is in it
SOCKET = 2**19  # bytes that may wait in a socket
_BUILDERS = 2  # the first processes of a sandbox are bubblewrap's
# Memory of a process that no file on a disk holds, and the share of it that is its own.
_MAPPED = re.compile(rb"(?m)^(?:RssAnon|RssShmem|VmSwap):\s+(\d+) kB$")
_SHARE = re.compile(rb"(?m)^(?:Pss_Anon|Pss_Shmem|SwapPss):\s+(\d+) kB$")
_SOCKETS = re.compile(r"sockets: used (\d+)")


def exceeds(limit: int, folders: Iterable[str]) -> bool:
    """Tell whether more than `limit` bytes are held in the sandbox that this process has joined.

    Parameters
    ----------
    limit
        How many there may be.
    folders
        The file systems in memory that can be written to.

    Notes
    -----
    The memory that each process maps is read in microseconds, but counts shared pages several times. To divide that up
    among them takes milliseconds for each, and is done where it decides.
    """
    elsewhere = sum(map(_in_files, folders)) + _in_sockets()
    holders = dict(_holders())
    if elsewhere + sum(holders.values()) <= limit:
        return False
    return elsewhere + sum(_share(place, mapped) for place, mapped in holders.items()) > limit


def _holders() -> Iterator[tuple[Path, int]]:
    """Find the processes, of each a thread if its first one has ended, and the bytes that they map."""
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) > _BUILDERS:
            with suppress(OSError):  # it is gone
                mapped = _sum(_MAPPED, process / "status")
                if mapped:
                    yield process, mapped
                else:
                    threads = ((place, _sum(_MAPPED, place / "status")) for place in (process / "task").iterdir())
                    yield max(threads, key=lambda each: each[1], default=(process, 0))


def _share(place: Path, mapped: int) -> int:
    try:
        return _sum(_SHARE, place / "smaps_rollup")
    except PermissionError:  # it does not let itself be looked into
        return mapped
    except OSError:
        return 0


def _sum(what: re.Pattern[bytes], path: Path) -> int:
    return 1024 * sum(map(int, what.findall(path.read_bytes())))


def _in_files(folder: str) -> int:
    about = os.statvfs(folder)
    return (about.f_blocks - about.f_bfree) * about.f_frsize + (about.f_files - about.f_ffree) * FILE


def _in_sockets() -> int:
    used = _SOCKETS.match(Path("/proc/1/net/sockstat").read_text())
    return int(used[1]) * SOCKET if used else 0
