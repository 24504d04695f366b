"""Files that strangers hand in: what can be made out counts, and the rest is said."""

from __future__ import annotations

import base64
import json
import os

import pytest

from coursekit.errors import UnreadableError
from coursekit.grading.submission import reading

ABOUT = {"grade_id": "sgd"}
CELLS = [
    {"cell_type": "code", "source": ["a = 1\n", "b = 2"], "id": "x", "metadata": {"nbgrader": {"grade_id": "sgd"}}}
]
WHOLE = json.dumps({"cells": CELLS, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_sources_and_identifiers_are_read_and_nothing_else():
    cell = {**CELLS[0], "outputs": [1], "execution_count": "many", "attachments": 7}
    (read,) = reading.read(json.dumps({"cells": [cell]}).encode())[0].cells
    assert (read.source, read.id, read.metadata) == ("a = 1\nb = 2", "x", {"nbgrader": ABOUT})
    assert read.outputs == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encodings_that_editors_write_are_understood(encoding):
    notebook, _ = reading.read(WHOLE.encode(encoding))
    assert notebook.cells[0].source == "a = 1\nb = 2"


def test_the_format_before_the_fourth_is_understood():
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": "a = 1"}]}], "nbformat": 3}
    assert reading.read(json.dumps(old).encode())[0].cells[0].source == "a = 1"


def test_lines_without_ends_are_lines():
    cell = {"cell_type": "code", "source": ["a = 1", "b = 2"]}
    assert reading.read(json.dumps({"cells": [cell]}).encode())[0].cells[0].source == "a = 1\nb = 2"


def test_identifiers_that_are_not_allowed_or_doubled_are_made_anew():
    cells = [{"cell_type": "code", "source": "", "id": name} for name in ("a b", "x" * 65, "x", "x")]
    names = [cell.id for cell in reading.read(json.dumps({"cells": cells}).encode())[0].cells]
    assert names[2] == "x"
    assert len(set(names) - {"a b", "x" * 65}) == 4


def test_a_thousand_levels_are_read():
    data = WHOLE.replace('"metadata": {}', '"metadata": ' + '{"a":' * 1000 + "1" + "}" * 1000).encode()
    assert reading.read(data)[0].cells[0].id == "x"


def test_pictures_attached_to_a_text_are_kept_and_nothing_else():
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n...").decode()
    attached = {"a": {"image/png": png}, "b": {"text/html": "<b>"}, "c": 7, "d": {"image/png": "no"}}
    cell = {"cell_type": "markdown", "source": "", "attachments": attached}
    read = reading.read(json.dumps({"cells": [cell]}).encode())[0].cells[0]
    assert read.attachments == {"a": {"image/png": png}}


def test_what_follows_the_notebook_is_left_out_and_said():
    notebook, remarks = reading.read((WHOLE + WHOLE[-20:]).encode())
    assert len(notebook.cells) == 1
    assert remarks == ("something follows the end of the notebook, and is left out",)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (WHOLE[:-30].encode(), "cut off"),
        (b"PK\x03\x04rest", "zip file"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"print('hello')", "not a notebook"),
        (b"[1, 2]", "not a notebook"),
        (b'{"cells": []}', "without cells"),
        (b'{"cells": {"a": 1}}', "without cells"),
        (b'{"a":' * 10**6, "nested too deeply"),
        (WHOLE.replace('"source"', "<<<<<<< mine\n=======\n>>>>>>> theirs").encode(), "merge markers"),
    ],
)
def test_what_is_no_notebook_is_called_what_it_is(data, why):
    with pytest.raises(UnreadableError, match=why):
        reading.read(data)


def test_a_regular_file_is_taken_in(tmp_path):
    (tmp_path / "a").write_bytes(b"x")
    assert reading.read_file(tmp_path / "a") == b"x"


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "secret").write_text("42")
    (tmp_path / "a").symlink_to(tmp_path / "secret")
    with pytest.raises(UnreadableError, match="a link, not a file"):
        reading.read_file(tmp_path / "a")


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a")
    with pytest.raises(UnreadableError, match="no regular file"):
        reading.read_file(tmp_path / "a")


def test_a_folder_and_nothing_at_all_are_said(tmp_path):
    for name in ("", "nothing"):
        with pytest.raises(UnreadableError):
            reading.read_file(tmp_path / name)


def test_a_file_beyond_the_limit_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 3)
    (tmp_path / "a").write_bytes(b"1234")
    with pytest.raises(UnreadableError, match="too large"):
        reading.read_file(tmp_path / "a")
