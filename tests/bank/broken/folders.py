"""Accidents with the folder: names, places, what lies beside the notebook, and the time stamp."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from tests.bank.broken.accident import (
    MISSING,
    NAME,
    UNREAD,
    UNREADABLE,
    Accident,
    Damage,
    as_it_is,
    in_folder,
    put,
    release,
    solution,
    written,
)

STAMP = "timestamp.txt"
OTHER = "02_rmsprop.ipynb"
HIDDEN = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        "  # what a Mac keeps beside a file elsewhere
MODULE = "raise RuntimeError('this is not the torch that you know')\n"
SHORTCUT = "[.ShellClassInfo]\r\nIconResource=C:\\WINDOWS\\System32\\SHELL32.dll,4\r\n"


def _as(name: str) -> Damage:
    """Hand the notebook in under another name."""
    return lambda folder, solved: put(folder, written(solved), name)


def _file(name: str, data: bytes | str) -> Damage:
    return lambda folder, _: put(folder, data, name)


def _all(*damages: Damage) -> Damage:
    def damage(folder: Path, solved: NotebookNode) -> None:
        for each in damages:
            each(folder, solved)

    return damage


def _named(name: str, happens: str, path: str) -> Accident:
    """Make an accident of a name by which a person would still know the notebook: nothing is lost, one is told."""
    return in_folder(name, happens, _as(path), tells=(path,))


def _beside(name: str, happens: str, *others: Damage, **due: Any) -> Accident:
    """Make an accident of what lies beside a notebook in which all is well."""
    return in_folder(name, happens, _all(as_it_is, *others), **due)


def _gone(name: str, happens: str, *others: Damage, tells: tuple[str, ...] = ()) -> Accident:
    """Make an accident of a notebook that is not there."""
    return in_folder(name, happens, _all(*others), points=None, tells=MISSING + tells)


def _nothing(folder: Path, solved: NotebookNode) -> None:
    """Leave the folder empty."""


def _other(name: str, stem: str, folder: str = "optimizers") -> Damage:
    """Hand another notebook in under this name."""
    return lambda into, _: put(into, written(solution(stem, folder)), name)


def _untouched(name: str) -> Damage:
    return lambda folder, _: put(folder, written(release()), name)


def _wrong_sign(name: str) -> Damage:
    return lambda folder, solved: put(folder, written(solved).replace(b"p -= group", b"p += group"), name)


def _link(name: str, target: str) -> Damage:
    return lambda folder, _: (folder / name).symlink_to(target)


def _other_bytes(folder: Path, _: NotebookNode) -> None:
    put(folder, "notes\n", os.fsdecode("résumé.txt".encode("latin-1")))


def _environment(folder: Path, _: NotebookNode) -> None:
    for number in range(300):
        put(folder, "", f"venv/lib/python3.11/site-packages/package_{number}/__init__.py")


def _read_only(folder: Path, _: NotebookNode) -> None:
    (folder / NAME).chmod(0o444)


ACCIDENTS = (
    # The notebook under another name, or in another place: what it is can be seen from its cells.
    _named(
        "the browser's second copy",
        "The browser numbered the file because it had been downloaded before.",
        "01_sgd (1).ipynb",
    ),
    _named("Jupyter's copy", "The student worked in a duplicate and handed that in.", "01_sgd-Copy1.ipynb"),
    _named("capital letters", "A disk that does not tell capitals apart renamed it.", "01_SGD.ipynb"),
    _named(
        "the student's name in front",
        "Another course asks for names in front, and the student has a habit of it.",
        "dupont_01_sgd.ipynb",
    ),
    _named("never named", "The student copied all cells into a new notebook.", "Untitled.ipynb"),
    _named("named solution", "The student saved the notebook under a name that says what is in it.", "solution.ipynb"),
    _named(
        "a second ending", "A mail program took the notebook for a text and gave it the ending of one.", f"{NAME}.txt"
    ),
    _named(
        "in a folder", "The archive that was handed in had the folder of the assignment in it.", f"optimizers/{NAME}"
    ),
    _named(
        "in a folder, with a backslash",
        "An archive of Windows was unpacked where that is a letter.",
        f"optimizers\\{NAME}",
    ),
    _named("in a folder of its own name", "The archive was unpacked into a folder named after it.", f"{NAME}/{NAME}"),
    in_folder(
        "a link to the notebook in a folder",
        "The student keeps all work in one folder and linked it to where it is handed in.",
        _all(_as(f"drafts/{NAME}"), _link(NAME, f"drafts/{NAME}")),
        tells=(f"drafts/{NAME}",),
    ),
    _beside(
        "an older copy beside it",
        "The student kept a duplicate from before the last mistake was mended.",
        _wrong_sign("01_sgd-Copy1.ipynb"),
        tells=("01_sgd-Copy1.ipynb",),
    ),
    in_folder(
        "the work in the copy, the notebook untouched",
        "The student worked in a duplicate; which of the two is meant, a person must say.",
        _all(_untouched(NAME), _as("01_sgd-Copy1.ipynb")),
        points=0.0,
        says=("is not written yet",),
        tells=("01_sgd-Copy1.ipynb",),
    ),
    _gone(
        "two different copies and no original",
        "The student downloaded two versions; which of them is meant, a person must say.",
        _wrong_sign("01_sgd (1).ipynb"),
        _as("01_sgd (2).ipynb"),
        tells=("01_sgd (1).ipynb", "01_sgd (2).ipynb"),
    ),
    # The notebook is not there.
    _gone("an empty folder", "The student pressed the button before choosing a file.", _nothing),
    _gone(
        "the notebook missing",
        "The student handed in the second notebook only.",
        _other(OTHER, "02_rmsprop"),
    ),
    _gone(
        "only an automatic checkpoint",
        "The student deleted the notebook and did not see the hidden folder.",
        _as(".ipynb_checkpoints/01_sgd-checkpoint.ipynb"),
    ),
    in_folder(
        "a link to nowhere",
        "A sync program left a link to a file that never arrived.",
        _link(NAME, "/cloud/01_sgd.ipynb"),
        points=0.0,
        says=(*UNREADABLE, "link"),
        tells=UNREAD,
    ),
    _gone(
        "a placeholder of a cloud",
        "The file was still in the cloud when the folder was sent.",
        _file(f".{NAME}.icloud", b"bplist00"),
    ),
    _gone(
        "only a script",
        "The student exported to Python and handed in the export.",
        _file("01_sgd.py", "# In[1]:\n\nimport torch\n"),
        tells=("01_sgd.py",),
    ),
    _gone(
        "only a PDF",
        "The student exported to PDF and handed in the export.",
        _file("01_sgd.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        tells=("01_sgd.pdf",),
    ),
    _gone(
        "only an archive",
        "The student packed the folder, and nobody unpacked it.",
        _file("optimizers.zip", b"PK\x03\x04"),
        tells=("optimizers.zip",),
    ),
    # Another notebook.
    in_folder(
        "another notebook under this name",
        "The student saved the second notebook over the first.",
        _other(NAME, "02_rmsprop"),
        points=0.0,
        says=("is not written yet",),
        tells=("02_rmsprop",),
    ),
    in_folder(
        "the French notebook in the English assignment",
        "The student worked with the notebook of the other language, whose code is the same.",
        _other(NAME, "01_sgd", "optimiseurs"),
    ),
    # What lies beside the notebook.
    _beside(
        "an unreadable notebook beside it",
        "The upload of the second notebook broke off; the first is whole.",
        _file(OTHER, b'{"cells": ['),
    ),
    _beside(
        "a notebook for scratch beside it",
        "The student tried things out in a notebook of another name, and cleared it with an editor.",
        _file("scratch.ipynb", "{}"),
    ),
    _beside(
        "an automatic checkpoint beside it",
        "Jupyter keeps there what was last saved by hand, from before a mistake was mended.",
        _wrong_sign(".ipynb_checkpoints/01_sgd-checkpoint.ipynb"),
    ),
    _beside(
        "what a Mac leaves in folders",
        "The folder was sent from a Mac.",
        _file(".DS_Store", b"\0\0\0\1Bud1"),
        _file("._.DS_Store", HIDDEN),
    ),
    _beside("what a Mac leaves in archives", "The archive was made on a Mac.", _file(f"__MACOSX/._{NAME}", HIDDEN)),
    _beside(
        "what a Mac leaves beside each file",
        "The memory stick is of a kind on which a Mac keeps a second file beside each.",
        _file(f"._{NAME}", HIDDEN),
    ),
    _beside(
        "what Windows leaves in folders",
        "The folder was sent from Windows.",
        _file("desktop.ini", SHORTCUT),
        _file("Thumbs.db", HIDDEN),
    ),
    _beside(
        "a lock of an office program",
        "The notebook was open in an office program while the folder was sent.",
        _file(f".~lock.{NAME}#", ",a,b,c;"),
    ),
    _beside(
        "accents taken apart in a name",
        "A Mac writes é in names as an e and an accent.",
        _file("E\u0301valuation.md", "notes\n"),
    ),
    _beside(
        "a name that is not UTF-8",
        "The archive was made on an old Windows, which writes accents as single bytes.",
        _other_bytes,
    ),
    _beside(
        "a file named torch.py",
        "The student kept examples of torch in a script of that name.",
        _file("torch.py", MODULE),
    ),
    _beside(
        "a folder named coursekit",
        "The student copied the package beside the notebooks where it could not be installed.",
        _file("coursekit/__init__.py", MODULE),
    ),
    _beside(
        "a virtual environment handed in",
        "The student sent all that lay in the folder, with the packages that were installed there.",
        _environment,
    ),
    _beside(
        "a script of the same name",
        "An extension that pairs notebooks and scripts left an old script there.",
        _file("01_sgd.py", "SGD = None\n"),
    ),
    _beside("the file read-only", "It was copied from a medium that cannot be written to.", _read_only),
    # The time stamp. It decides nothing but whether something is late.
    _beside(
        "a time stamp in another zone",
        "The hub writes the time of the place where it stands.",
        _file(STAMP, "2026-10-01 23:58:03 +0900"),
    ),
    _beside(
        "a time stamp far in the future",
        "The clock of the hub was set wrong when the notebook was handed in.",
        _file(STAMP, "9999-12-31 23:59:59 UTC"),
    ),
    _beside(
        "a time stamp of nonsense",
        "The student found the file and wrote the time into it by hand.",
        _file(STAMP, "yesterday evening :-)"),
        tells=(STAMP,),
    ),
    _beside(
        "an empty time stamp", "The disk of the hub was full when it noted the time.", _file(STAMP, ""), tells=(STAMP,)
    ),
    _beside(
        "a time stamp that is no text",
        "A script of the student's wrote its own data over it.",
        _file(STAMP, b"\xff\xfe\0\x9d"),
        tells=(STAMP,),
    ),
)
