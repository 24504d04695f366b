"""The sandbox of a student's code, which bubblewrap builds, and a forked process that moves in.

bubblewrap sets up the namespaces and what can be seen in them, and keeps them open. A process that was forked warm
joins them, gives up every right, and runs the code: that is as safe as being started by bubblewrap, and a hundred
times as fast as starting Python there.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import shutil
import signal
import struct
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import coursekit
from coursekit.errors import SandboxError
from coursekit.grading.sandbox import memory, seccomp

MIB = 2**20
HOME = "/home/student"
_NOBODY = 65534
_STRANGER = 0x60000000  # user ids that nobody has; each sandbox has its own, since processes are counted by user
_READABLE = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime")
_WRITABLE = (HOME, "/tmp", "/dev/shm")  # noqa: S108 - those in the sandbox
_DEVICES = ("null", "zero", "full", "random", "urandom")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The limits of one student's code.

    Attributes
    ----------
    memory
        MiB of memory, beyond what a process starts with: of one process, and of all together with what they share and
        what lies in the folders that can be written to.
    processes
        Processes and threads.
    file
        MiB of one file; each of the folders that can be written to holds as much.
    seconds
        Processor time of one process.
    """

    memory: int = 2048
    processes: int = 128
    file: int = 64
    seconds: int = 600


GENEROUS = Limits()


class Sandbox:
    """A sandbox of bubblewrap's: its builder moves in, the builder's children start inside, and all ends with it."""

    home = Path(HOME)

    def __init__(self, limits: Limits, hidden: tuple[str, ...] = ()) -> None:
        self._limits = limits
        self._held = _held()
        self._number = os.getpid()  # inside, nothing tells one sandbox from another
        reading, writing = os.pipe()
        with os.fdopen(reading) as news:
            try:
                # Nothing but `cat` lives in it: it answers when all is built, and ends when we do.
                self._bubblewrap = subprocess.Popen(
                    [*_command(limits, hidden), "--info-fd", str(writing), "cat"],
                    pass_fds=[writing],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                )
            except FileNotFoundError as error:
                raise SandboxError("bubblewrap is not installed; its command is bwrap") from error
            finally:
                os.close(writing)
            told = news.read()
        assert self._bubblewrap.stdin
        assert self._bubblewrap.stdout
        try:
            self._bubblewrap.stdin.write(b"?")
            self._bubblewrap.stdin.flush()
        except BrokenPipeError:
            pass
        if self._bubblewrap.stdout.read(1) != b"?":
            assert self._bubblewrap.stderr
            raise SandboxError(self._bubblewrap.stderr.read().decode(errors="replace").strip() or "bwrap failed")
        self.process: int = json.loads(told)["child-pid"]
        self._join()

    def _join(self) -> None:
        """Move this process into the sandbox; its process id stays as it was, and its children are born inside."""
        flags = _NEWNS | _NEWUTS | _NEWIPC | _NEWPID | _NEWNET | (_NEWUSER if os.geteuid() else 0)
        handle = os.pidfd_open(self.process)
        try:
            _call("setns", handle, flags)
        finally:
            os.close(handle)
        for device in _DEVICES:
            _keep_as_it_is(f"/dev/{device}")

    def settle(self) -> None:
        """Give up every right for good, in a child of the builder; after that a student's code may run there."""
        limit(self._limits)
        _give_up_rights(self._number)
        _set_limit(resource.RLIMIT_NPROC, self._limits.processes)
        seccomp.install()
        os.chdir(HOME)

    def overflows(self) -> bool:
        """Tell whether what is inside holds more memory than it may."""
        return memory.exceeds(self._held + self._limits.memory * MIB, _WRITABLE)

    def close(self, process: int) -> None:
        """End everything inside, `process` too; when this returns, nothing of it runs and its files are gone."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(process, 0)  # the namespace cannot end before
        self._bubblewrap.wait()


class Folder:
    """The stand-in where there is no sandbox: a folder, and a group of processes that is ended.

    Code that means harm can leave it.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.home = Path(tempfile.mkdtemp(prefix="coursekit-"))

    def settle(self) -> None:
        """Put the limits on this process."""
        die_with_parent()
        limit(self._limits)
        os.chdir(self.home)

    def overflows(self) -> bool:
        """Say no: nobody knows."""
        return False

    def close(self, process: int) -> None:
        """End the group of a process, and remove the folder."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)
        shutil.rmtree(self.home, ignore_errors=True)


def _command(limits: Limits, hidden: tuple[str, ...]) -> list[str]:
    """Say to bubblewrap what the sandbox is: the system and Python to read but for what is hidden, little to write."""
    kinds = ("pid", "net", "ipc", "uts")
    command = ["bwrap", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL", "--hostname", "worker"]
    command += [f"--unshare-{kind}" for kind in kinds]
    readable = [*_READABLE, *python_folders()]
    # Before what is read: Python may lie below one of them.
    command += _open_to_all(_WRITABLE)
    for folder in _WRITABLE:
        command += ["--perms", "1777", "--size", str(limits.file * MIB), "--tmpfs", folder]
    command += _open_to_all(readable)
    command += ["--ro-bind", "/usr", "/usr"]
    for folder in ("/bin", "/sbin", "/lib", "/lib64"):
        if Path(folder).is_symlink():
            command += ["--symlink", str(Path(folder).readlink()), folder]
        else:
            command += ["--ro-bind-try", folder, folder]
    for path in readable:
        command += ["--ro-bind-try", path, path]
    command += ["--proc", "/proc"]
    for device in _DEVICES:
        command += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    command += ["--symlink", "/proc/self/fd", "/dev/fd"]
    for folder in hidden:
        command += ["--perms", "0555", "--tmpfs", folder]
    return [*command, "--remount-ro", "/"]


def _open_to_all(paths: Iterable[str]) -> list[str]:
    """Make the folders above some paths: bubblewrap would make them for their owner alone."""
    above = {str(folder) for path in paths for folder in Path(path).parents} - {"/", "/usr", "/tmp"}  # noqa: S108 - that in the sandbox
    return [word for folder in sorted(above) for word in ("--perms", "0755", "--dir", folder)]


def python_folders() -> list[str]:
    """List the folders that this Python reads from: its own, the environment's, and `coursekit` itself."""
    paths = {sys.prefix, sys.base_prefix, sysconfig.get_path("purelib"), str(Path(coursekit.__file__).parent)}
    known: list[str] = []
    for path in sorted(path for path in paths if not path.startswith("/usr/")):
        if not any(Path(path).is_relative_to(other) for other in known):
            known.append(path)
    return known


def environment() -> dict[str, str]:
    """Return the only environment variables that a student's code sees."""
    kept = {key: os.environ[key] for key in ("LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ") if key in os.environ}
    return {
        **kept,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "HOME": HOME,
        "USER": "student",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "NBGRADER_EXECUTION": "autograde",
        "PYTHONBREAKPOINT": "0",  # nobody is there to answer a debugger
    }


def limit(limits: Limits) -> None:
    """Put the limits on this process and all that it starts, for good."""
    _set_limit(resource.RLIMIT_DATA, _held() + limits.memory * MIB)
    # Memory that is mapped and empty takes tables of the kernel's; threads map much that they do not use.
    _set_limit(resource.RLIMIT_AS, _held("VmSize") + 8 * limits.memory * MIB)
    _set_limit(resource.RLIMIT_FSIZE, limits.file * MIB)
    _set_limit(resource.RLIMIT_CPU, limits.seconds)
    _set_limit(resource.RLIMIT_CORE, 0)
    _set_limit(resource.RLIMIT_NOFILE, 512)


def _held(what: str = "VmData") -> int:
    """Return the bytes of memory of its own that this process has, or of all that it maps, with "VmSize"."""
    return 1024 * int(Path("/proc/self/status").read_text().split(f"{what}:")[1].split()[0]) if _LINUX else 0


def _set_limit(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def _stranger(number: int) -> int:
    """Return the user id of a sandbox: its own, where the machine has ids enough."""
    lines = [line.split() for line in Path("/proc/self/uid_map").read_text().splitlines()]
    wanted = _STRANGER + number
    known = any(int(first) <= wanted < int(first) + int(count) for first, _, count in lines)
    return wanted if known else _NOBODY


_LINUX = sys.platform == "linux"
_LIBC = ctypes.CDLL(None, use_errno=True) if _LINUX else None
_NEWNS, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = 2**17, 2**26, 2**27, 2**28, 2**29, 2**30  # of setns(2)
_DROP_BOUND, _NO_NEW_PRIVILEGES, _DIE_WITH_PARENT = 24, 38, 1  # of prctl(2)
_CAPABILITIES_3 = 0x20080522  # the version of capset(2)
_REMOUNT, _BIND, _RELATIME = 2**5, 2**12, 2**21  # of mount(2)


def die_with_parent() -> None:
    """End this process when the one that forked it ends."""
    if _LINUX:
        _call("prctl", _DIE_WITH_PARENT, signal.SIGKILL)


def _give_up_rights(number: int) -> None:
    with contextlib.suppress(OSError):  # there are fewer
        for capability in range(64):
            _call("prctl", _DROP_BOUND, capability, 0, 0, 0)
    if os.geteuid() == 0:
        stranger = _stranger(number)
        os.setgroups([])
        os.setresgid(stranger, stranger, stranger)
        os.setresuid(stranger, stranger, stranger)
    nothing = struct.pack("6I", *[0] * 6)
    _call("capset", struct.pack("Ii", _CAPABILITIES_3, 0), nothing)
    _call("prctl", _NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def _keep_as_it_is(device: str) -> None:
    """Let nobody here set the times of a device: it is the machine's, and all other sandboxes would see them."""
    flags = os.statvfs(device).f_flag  # those that it has must stay
    relatime = _RELATIME if flags & os.ST_RELATIME else 0
    _call("mount", 0, device.encode(), 0, flags & ~os.ST_RELATIME | relatime | _REMOUNT | _BIND | os.ST_RDONLY, 0)


def _call(name: str, *arguments: int | bytes) -> None:
    """Call the C library, for what Python does not offer yet."""
    words = [ctypes.c_ulong(value) if isinstance(value, int) else value for value in arguments]
    if getattr(_LIBC, name)(*words):
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")
