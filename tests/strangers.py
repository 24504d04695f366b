"""Run a command as a user without rights, and plant secrets that such a user's grader must keep."""

from __future__ import annotations

import base64
import contextlib
import ctypes
import os
import shlex
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLAIN = 4242  # a user id that nobody has


def run_as(user: int, command: list[str], left: Path, **options: object) -> subprocess.CompletedProcess[str]:
    """Run a command as `user`; where that is not who we are, in a mount namespace in which Python can be read.

    The commands of all processes that it leaves behind, each in a line, are written to the file `left`.
    """
    if user != os.geteuid():
        command = ["unshare", "--mount", "sh", "-euc", _opened(), "sh", str(user), *command]
    command = [sys.executable, "-c", _WATCH, str(left), *command]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]


_WATCH = """
import ctypes, subprocess, sys
from pathlib import Path
import psutil

SUBREAPER = 36
assert ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0) == 0  # who loses its parent becomes a child of this process
code = subprocess.run(sys.argv[2:]).returncode
left = psutil.Process().children(recursive=True)
told = [" ".join(each.cmdline()) or each.name() for each in left if each.status() != psutil.STATUS_ZOMBIE]
Path(sys.argv[1]).write_text("\\n".join(told))
sys.exit(code)
"""


def _opened() -> str:
    """Write a script that makes readable what only root can reach, then becomes its first argument."""
    needed = {Path(path).resolve() for path in (sys.prefix, sys.base_prefix, ROOT)}
    closed = {_closed(path) for path in needed} - {None}
    lines = []
    for folder in closed:
        below = [path for path in needed if folder in path.parents]
        pairs = [(path, f"/mnt/{number}") for number, path in enumerate(below)]
        lines.append("mount -t tmpfs -o mode=755 none /mnt")
        lines += [f"mkdir {there}; mount --bind {shlex.quote(str(path))} {there}" for path, there in pairs]
        lines.append(f"mount -t tmpfs -o mode=755 none {shlex.quote(str(folder))}")
        for path, there in pairs:
            place = shlex.quote(str(path))
            lines.append(f"mkdir -p {place}; mount --bind {there} {place}; umount {there}")
        lines.append("umount /mnt")
    return "\n".join([*lines, 'u=$1; shift; exec setpriv --reuid $u --regid $u --clear-groups "$@"'])


def _closed(path: Path) -> Path | None:
    """Find the topmost folder above a path that others may not go through."""
    return next((above for above in reversed(path.parents) if not above.stat().st_mode & 0o001), None)


def spellings(secret: str) -> list[str]:
    """List how a secret may be written."""
    return [secret, secret[::-1], secret.encode().hex(), base64.b64encode(secret.encode()).decode().rstrip("=")[:-2]]


@dataclass
class Listener:
    """Listens at a TCP and a UDP port of this machine and on a socket without a file, and notes who talks to it."""

    secret: str
    heard: list[str] = field(default_factory=list)
    port: int = 0
    udp: int = 0

    @contextlib.contextmanager
    def listening(self) -> Iterator[Listener]:
        """Listen until the block ends."""
        with (
            socket.socket() as tcp,
            socket.socket(type=socket.SOCK_DGRAM) as udp,
            socket.socket(socket.AF_UNIX) as local,
        ):
            tcp.bind(("127.0.0.1", 0))
            udp.bind(("127.0.0.1", 0))
            local.bind(f"\0{self.secret[:20]}-{os.getpid()}")
            self.port, self.udp = tcp.getsockname()[1], udp.getsockname()[1]
            for server in (tcp, local):
                server.listen()
                threading.Thread(target=self._answer, args=(server,), daemon=True).start()
            threading.Thread(target=self._hear, args=(udp,), daemon=True).start()
            yield self
            for server in (tcp, udp, local):
                with contextlib.suppress(OSError):
                    server.shutdown(socket.SHUT_RDWR)

    def _answer(self, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                other, _ = server.accept()
                self.heard.append("a connection")
                with other, contextlib.suppress(OSError):
                    other.sendall(self.secret.encode())

    def _hear(self, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while server.recv(100):
                self.heard.append("a datagram")


@contextlib.contextmanager
def lying_about(secret: str) -> Iterator[None]:
    """Leave a secret where processes of this machine can find it: a temporary file, shared memory of both kinds."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    segment = libc.shmget(0, 4096, 0o1666)
    place = libc.shmat(segment, None, 0)
    ctypes.memmove(place, secret.encode(), len(secret))
    with (
        tempfile.NamedTemporaryFile("w", prefix="secret-") as one,
        tempfile.NamedTemporaryFile("w", dir="/dev/shm") as two,
    ):
        for file in (one, two):
            file.write(secret)
            file.flush()
            Path(file.name).chmod(0o644)
        try:
            yield
        finally:
            libc.shmdt(ctypes.c_void_p(place))
            libc.shmctl(segment, 0, None)
