"""Accidents with the file: its encoding, its end, and what a program on the way made of it."""

from __future__ import annotations

import json
from pathlib import Path

from nbformat import NotebookNode

from tests.bank.broken.accident import NAME, dumped, in_cells, in_file, in_folder, put, raw, written

MEGABYTE = 2**20


def _windows(folder: Path, solved: NotebookNode) -> None:
    text = written(solved).decode().replace("### BEGIN SOLUTION", "# le pas à faire, d'après Émile")
    put(folder, text.encode("cp1252", errors="replace"))


def _unescaped(folder: Path, solved: NotebookNode) -> None:
    whole = json.loads(written(solved))
    for each in whole["cells"]:
        each["source"] = "".join(each["source"]).replace("\n", "@@@")
    put(folder, dumped(whole).replace(b"@@@", b"\n"))


def _loud(folder: Path, solved: NotebookNode) -> None:
    """Write 60 MB of output, a megabyte at a time."""
    whole = json.loads(written(solved))
    raw(whole, "06")["outputs"] = [{"name": "stdout", "output_type": "stream", "text": "@@@"}]
    head, _, tail = dumped(whole).partition(b"@@@")
    with (folder / NAME).open("wb") as file:
        file.write(head)
        for _ in range(60):
            file.write(b"." * MEGABYTE)
        file.write(tail)


ACCIDENTS = (
    in_file(
        "saved as UTF-8 with a byte order mark",
        "Windows Notepad put its mark in front when the student looked into the file and saved it.",
        lambda data: b"\xef\xbb\xbf" + data,
    ),
    in_file(
        "saved as UTF-16",
        "The file went through `type 01_sgd.ipynb > copy.ipynb` in PowerShell, which writes UTF-16 with a mark.",
        lambda data: data.decode().encode("utf-16"),
    ),
    in_file(
        "saved as UTF-16 without a mark",
        "A program on Windows wrote its own strings to the file, two bytes a character.",
        lambda data: data.decode().encode("utf-16-le"),
    ),
    in_folder(
        "saved in the old encoding of Windows",
        "An editor saved the file in Windows-1252: accents became single bytes, Greek letters question marks.",
        _windows,
    ),
    in_file(
        "accents garbled",
        "A program took UTF-8 for Latin-1 and wrote that as UTF-8 once more.",
        lambda data: data.decode("latin-1").encode(),
    ),
    in_file(
        "Windows line ends in the file",
        "Git on Windows made every line end of the file two characters at checkout.",
        lambda data: data.replace(b"\n", b"\r\n"),
    ),
    in_cells(
        "Windows line ends in the cells",
        "A converter on Windows kept both characters of the line ends when it made cells of a script.",
        lambda notebook: [each.update(source=each.source.replace("\n", "\r\n")) for each in notebook.cells],
    ),
    in_cells(
        "line ends of an old Macintosh in the cells",
        "The text went through a program that ends lines with a carriage return alone.",
        lambda notebook: [each.update(source=each.source.replace("\n", "\r")) for each in notebook.cells],
    ),
    in_folder(
        "line ends inside the texts not escaped",
        "A script of the student's wrote the file by pasting cells between quotes, so texts go over several lines.",
        _unescaped,
    ),
    in_file(
        "a zero byte in the middle of a text",
        "A bad block of a memory stick turned a letter of an explanation into a zero byte.",
        lambda data: data.replace(b"## The idea", b"## The \0dea"),
    ),
    in_file(
        "zeros after the end",
        "The computer lost power during a save, and the file system filled the last block with zeros.",
        lambda data: data + bytes(3000),
    ),
    in_file(
        "the tail of an older save behind the end",
        "A sync program wrote a shorter version over a longer one and did not cut off what stood behind.",
        lambda data: data + data[-700:],
    ),
    in_file(
        "the same notebook twice in one file",
        "An upload that was tried again appended to what had arrived the first time.",
        lambda data: data + data,
    ),
    in_folder("60 MB of output", "The student printed every weight in a training loop and saved what came.", _loud),
)
