"""System calls that a student's code never needs, refused by the kernel of Linux: a second line behind the namespaces.

The filter is a program for the kernel's classic packet filter, as in `seccomp(2)`. Refused are new namespaces (what
they open up has been the way out of many a sandbox), looking into other processes, the keyrings, interfaces to
the kernel with a long record of holes, memory that belongs to no process and no file (nobody could count it), and
locks on files and watching them: all sandboxes see the same files of the system, and one could tell another something
by locking one, or by opening one that the other watches.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct

# Numbers from the kernel's system call tables; from `pidfd_getfd` on they are the same everywhere.
_NUMBERS = {
    "x86_64": {
        "ptrace": 101,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "unshare": 272,
        "setns": 308,
        "add_key": 248,
        "request_key": 249,
        "keyctl": 250,
        "bpf": 321,
        "perf_event_open": 298,
        "userfaultfd": 323,
        "memfd_create": 319,
        "shmget": 29,
        "semget": 64,
        "msgget": 68,
        "vmsplice": 278,
        "flock": 73,
        "inotify_init": 253,
        "inotify_init1": 294,
        "fanotify_init": 300,
        "fcntl": 72,
        "clone": 56,
    },
    "aarch64": {
        "ptrace": 117,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "unshare": 97,
        "setns": 268,
        "add_key": 217,
        "request_key": 218,
        "keyctl": 219,
        "bpf": 280,
        "perf_event_open": 241,
        "userfaultfd": 282,
        "memfd_create": 279,
        "shmget": 194,
        "semget": 190,
        "msgget": 186,
        "vmsplice": 75,
        "flock": 32,
        "inotify_init1": 26,
        "fanotify_init": 262,
        "fcntl": 25,
        "clone": 220,
    },
}
_EVERYWHERE = {
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "pidfd_getfd": 438,
    "memfd_secret": 447,
}
_SIGNALS = (5, 6, 7, 36, 37, 38, 1024, 1026)  # of fcntl: F_GETLK to F_SETLKW, those of open files, F_SETLEASE, F_NOTIFY
_CLONE3 = 435
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_OTHER_NUMBERING = 0x40000000  # x32: the same calls under other numbers
_NEW_NAMESPACES = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NR, _ARCH, _FIRST_ARGUMENT, _SECOND_ARGUMENT = 0, 4, 16, 24  # offsets in struct seccomp_data
_PR_SET_SECCOMP, _FILTER = 22, 2
EPERM, ENOSYS = 1, 38


def program(machine: str) -> bytes:
    """Write the filter for a kind of processor; empty for one that it is not known for."""
    if machine not in _NUMBERS:
        return b""
    numbers = dict(_NUMBERS[machine])
    clone, fcntl = numbers.pop("clone"), numbers.pop("fcntl")
    lines = [
        _line(_LOAD, _ARCH),
        _line(_EQUAL, _ARCHITECTURES[machine], yes=1),
        _line(_RETURN, _KILL),
        _line(_LOAD, _NR),
        _line(_AT_LEAST, _OTHER_NUMBERING, no=1),
        _line(_RETURN, _REFUSE | EPERM),
        # Its flags lie behind a pointer; where it is missing, the C library falls back on clone.
        _line(_EQUAL, _CLONE3, no=1),
        _line(_RETURN, _REFUSE | ENOSYS),
    ]
    for number in [*numbers.values(), *_EVERYWHERE.values()]:
        lines += [_line(_EQUAL, number, no=1), _line(_RETURN, _REFUSE | EPERM)]
    signals = [each for signal in _SIGNALS for each in (_line(_EQUAL, signal, no=1), _line(_RETURN, _REFUSE | EPERM))]
    lines += [
        _line(_EQUAL, fcntl, no=len(signals) + 2),
        _line(_LOAD, _SECOND_ARGUMENT),
        *signals,
        _line(_RETURN, _ALLOW),
        _line(_EQUAL, clone, no=3),
        _line(_LOAD, _FIRST_ARGUMENT),
        _line(_ANY_BIT, _NEW_NAMESPACES, no=1),
        _line(_RETURN, _REFUSE | EPERM),
        _line(_RETURN, _ALLOW),
    ]
    return b"".join(lines)


def install() -> None:
    """Put the filter on this process and all that it starts, for good. It may gain no new privileges before."""
    code = program(platform.machine())
    if not code:
        return
    text = ctypes.create_string_buffer(code, len(code))
    head = ctypes.create_string_buffer(struct.pack("HL", len(code) // 8, ctypes.addressof(text)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_FILTER), head, ctypes.c_ulong(0), ctypes.c_ulong(0)):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _line(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    """Write one instruction; `yes` and `no` are how many lines a comparison goes on by."""
    return struct.pack("HBBI", code, yes, no, value)
