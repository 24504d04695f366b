"""Accidents with what the file holds: its version, its metadata, and cells that lack what a cell has."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tests.bank.broken.accident import (
    Json,
    dumped,
    in_folder,
    in_json,
    put,
    raw,
    written,
)

DEPTH = 1_000
WIDGETS = "application/vnd.jupyter.widget-state+json"


def _version(major: object, minor: int) -> Callable[[Json], None]:
    return lambda whole: whole.update(nbformat=major, nbformat_minor=minor)


def _version_3(folder: Path, solved: NotebookNode) -> None:
    old = nbformat.convert(nbformat.reads(written(solved).decode(), as_version=4), 3)
    put(folder, nbformat.v3.writes_json(old))


def _version_40(whole: Json) -> None:
    whole.update(nbformat_minor=0)
    for each in whole["cells"]:
        del each["id"]


def _version_499(whole: Json) -> None:
    whole.update(nbformat_minor=99, threads=[])
    for each in whole["cells"]:
        each.update(parent=None, history=[{"source": each["source"]}])


def _without(key: str) -> Callable[[Json], None]:
    return lambda whole: whole["metadata"].pop(key)


def _kernel(name: str, language: str) -> Callable[[Json], None]:
    about = {"name": name, "display_name": name, "language": language}
    return lambda whole: whole["metadata"].update(kernelspec=about, language_info={"name": language})


def _with(grade_id: str, **values: object) -> Callable[[Json], None]:
    """Change fields of one cell."""
    return lambda whole: raw(whole, grade_id).update(values)


def _each(change: Callable[[Json], object]) -> Callable[[Json], None]:
    """Change every cell."""

    def change_all(whole: Json) -> None:
        for each in whole["cells"]:
            change(each)

    return change_all


def _nested(folder: Path, solved: NotebookNode) -> None:
    whole = json.loads(written(solved))
    whole["metadata"]["extension"] = "@@@"
    put(folder, dumped(whole).replace(b'"@@@"', b'{"state": ' * DEPTH + b"{}" + b"}" * DEPTH))


def _huge(whole: Json) -> None:
    whole["metadata"]["opened"] = 10**400
    raw(whole, "06")["execution_count"] = 10**30


ACCIDENTS = (
    in_folder(
        "the format of 2013",
        "The student opened the notebook in an IPython of long ago, which saved it in format 3, with worksheets.",
        _version_3,
    ),
    in_json("format 4.0", "An old Jupyter saved the notebook and left out the identifiers of the cells.", _version_40),
    in_json("format 4.99", "A Jupyter newer than the grader's added fields of its own.", _version_499),
    in_json("format 5", "The student uses a Jupyter that is not released yet.", _version(5, 0)),
    in_json("the version is a text", "A converter wrote the numbers of the version as texts.", _version("4", 5)),
    in_json(
        "no version and no metadata",
        "A script of the student's kept the cells and nothing else.",
        lambda whole: [whole.pop(key) for key in ("metadata", "nbformat", "nbformat_minor")],
    ),
    in_json(
        "null for metadata of the notebook",
        "A converter wrote null where it had nothing to say.",
        lambda whole: whole.update(metadata=None),
    ),
    in_json("no kernel named", "A tool that strips metadata for git took the kernel with it.", _without("kernelspec")),
    in_json("a kernel of R", "The student chose the wrong kernel in the last minute and saved.", _kernel("ir", "R")),
    in_json("a kernel of Julia", "The hub's default kernel was set to Julia.", _kernel("julia-1.10", "julia")),
    in_json("no language named", "An editor saved before the kernel had told its language.", _without("language_info")),
    in_json(
        "the state of widgets kept",
        "The student moved sliders, and Jupyter saved their state with the notebook.",
        lambda whole: whole["metadata"].update(
            widgets={WIDGETS: {"version_major": 2, "version_minor": 0, "state": {"4d7a": {"state": {}}}}}
        ),
    ),
    in_json(
        "the state of widgets as Colab writes it",
        "Colab saved widgets without the key `state`, over which converters to HTML stumble.",
        lambda whole: whole["metadata"].update(widgets={WIDGETS: {"4d7a": {"model_name": "HBoxModel"}}}),
    ),
    in_folder(
        "metadata nested a thousand deep",
        "An extension wrapped its state into itself at every save.",
        _nested,
    ),
    in_json(
        "NaN and Infinity in metadata",
        "An extension that measures times divided by zero and saved the result.",
        lambda whole: whole["metadata"].update(pace=[float("nan"), float("inf")]),
    ),
    in_json("huge integers", "An extension kept a counter as an integer that never stopped growing.", _huge),
    in_json(
        "null among the cells",
        "A merge tool left null where it had taken a cell away.",
        lambda whole: whole["cells"].insert(3, None),
    ),
    in_json(
        "a text among the cells",
        "A script of the student's added its note as a bare text.",
        lambda whole: whole["cells"].insert(3, "to do: plots"),
    ),
    in_json(
        "a cell without source",
        "A converter left the source out where a cell was empty.",
        lambda whole: raw(whole, "04").pop("source"),
    ),
    in_json("a number for a source", "A converter took a cell that held `42` for a number.", _with("05", source=42)),
    in_json("null for a source", "A converter wrote null for an empty cell.", _with("04", source=None)),
    in_json(
        "each source one text",
        "A program that writes notebooks made one text of each source, which the format allows.",
        _each(lambda each: each.update(source="".join(each["source"]))),
    ),
    in_json(
        "lists of lines without line ends",
        "A script of the student's wrote `source.split('\\n')`, so that all lines of a cell would run together.",
        _each(lambda each: each.update(source="".join(each["source"]).split("\n"))),
    ),
    in_json(
        "cells without a type",
        "A script of the student's copied the fields of the cells that it knew.",
        _each(lambda each: each.pop("cell_type")),
    ),
    in_json(
        "null for metadata of cells",
        "A converter wrote null where a cell had no metadata, and lost those of the others.",
        _each(lambda each: each.update(metadata=None)),
    ),
    in_json(
        "nbgrader's metadata are a text",
        "A converter wrote what it did not know as texts.",
        _each(lambda each: each["metadata"].update(nbgrader=str(each["metadata"].get("nbgrader", {})))),
    ),
    in_json(
        "a number for a grade_id",
        "A converter took the names of the cells for labels and numbered them.",
        lambda whole: raw(whole, "sgd")["metadata"]["nbgrader"].update(grade_id=7),
    ),
    in_json(
        "one identifier for two cells",
        "An editor that does not know of identifiers copied a cell with its own.",
        lambda whole: whole["cells"].insert(9, {**raw(whole, "06"), "id": raw(whole, "sgd")["id"]}),
    ),
    in_json(
        "identifiers that are not allowed",
        "A program named the cells with blanks, signs and more letters than the format allows.",
        lambda whole: [each.update(id=f"cell {number}: " + "x" * 80) for number, each in enumerate(whole["cells"])],
    ),
    in_json(
        "numbers for identifiers",
        "A script of the student's numbered the cells in place of naming them.",
        lambda whole: [each.update(id=number) for number, each in enumerate(whole["cells"])],
    ),
    in_json(
        "an output without a type",
        "An extension put a picture under the cell and left out what kind of output that is.",
        _with("06", outputs=[{"data": {}}]),
    ),
    in_json(
        "null for outputs",
        "A tool that clears outputs for git wrote null in their place.",
        _with("sgd_check", outputs=None),
    ),
    in_json(
        "no outputs at all",
        "A tool that clears outputs for git removed the field.",
        _each(lambda each: [each.pop(key, None) for key in ("outputs", "execution_count")]),
    ),
    in_json(
        "texts for execution counts",
        "A converter wrote the counts as they are shown beside the cells.",
        _with("sgd", execution_count="[12]"),
    ),
    in_json(
        "broken attachments", "A picture was dropped on a text while saving.", _with("04", attachments="image.png")
    ),
    in_json(
        "a zero character in texts and outputs",
        "The student printed bytes that were decoded, and noted them in a text.",
        lambda whole: (
            raw(whole, "04").update(source="nothing: \0"),
            raw(whole, "06").update(outputs=[{"name": "stdout", "output_type": "stream", "text": ["\0\0\n"]}]),
        ),
    ),
    in_folder(
        "half an emoji in a text",
        "A program that counts 16-bit units cut a text in the middle of an emoji.",
        lambda folder, solved: put(folder, written(solved).replace(b"## The idea", b"## The idea \\ud83d")),
    ),
    in_folder(
        "half an emoji in a comment of the answer",
        "A program that counts 16-bit units cut a comment in the middle of an emoji.",
        lambda folder, solved: put(folder, written(solved).replace(b"### BEGIN SOLUTION", b"# done \\ud83d")),
    ),
)
