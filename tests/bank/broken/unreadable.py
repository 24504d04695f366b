"""Files under the right name that hold no notebook, or half of one: they count as not handed in, and it is said."""

from __future__ import annotations

import gzip
import html
import io
import json
import zipfile
from collections.abc import Callable
from functools import partial

from tests.bank.broken.accident import NAME, UNREAD, UNREADABLE, Accident, in_file, in_json

LOGIN = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form>Password</form></body></html>\n"
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'4d7a' * 16}\nsize 261336\n"


def _unreadable(name: str, happens: str, change: Callable[[bytes], bytes], *hints: str) -> Accident:
    return in_file(name, happens, change, points=0.0, says=UNREADABLE + hints, tells=UNREAD + hints)


def _code(data: bytes) -> list[str]:
    return ["".join(each["source"]) for each in json.loads(data)["cells"] if each["cell_type"] == "code"]


def _page(data: bytes) -> bytes:
    body = "".join(f"<pre>{html.escape(code)}</pre>" for code in _code(data))
    return f"<!DOCTYPE html>\n<html><head><title>01_sgd</title></head><body>{body}</body></html>".encode()


def _script(data: bytes) -> bytes:
    return "\n\n".join(f"# In[{number}]:\n\n{code}\n" for number, code in enumerate(_code(data), 1)).encode()


def _merged(data: bytes) -> bytes:
    head, line, tail = data.partition(b' "nbformat_minor": 5\n')
    assert line
    return b"".join((head, b"<<<<<<< HEAD\n", line, b"=======\n", b'"nbformat_minor": 4\n>>>>>>> main\n', tail))


def _packed(data: bytes, entry: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(entry, data)
    return made.getvalue()


def _nested(data: bytes) -> bytes:
    depth = 100_000
    return data.replace(b'"metadata": {', b'"metadata": {"state": ' + b"[" * depth + b"]" * depth + b", ", 1)


def _no_cells(name: str, happens: str, cells: object) -> Accident:
    return in_json(name, happens, lambda whole: whole.update(cells=cells), points=0.0, says=UNREADABLE, tells=UNREAD)


ACCIDENTS = (
    _unreadable(
        "cut off in the middle",
        "The disk was full, or the connection broke during the upload.",
        lambda data: data[: len(data) // 2],
    ),
    _unreadable("empty file", "The upload was broken off as soon as it began.", lambda _: b"", "empty"),
    _unreadable(
        "blanks only", "The student cleared the file in a text editor to start anew.", lambda _: b" \n\n\t\n", "empty"
    ),
    _unreadable(
        "zeros only", "After a power failure the file has its length and none of its text.", lambda _: bytes(9000)
    ),
    _unreadable(
        "merge markers left in the file",
        "Two students worked in one git repository and committed what `git merge` left of the notebook.",
        _merged,
        "merge markers",
    ),
    _unreadable("a page renamed", "The student exported to HTML and changed the ending by hand.", _page, "web page"),
    _unreadable(
        "a sign-in page under the name of the notebook",
        "The notebook was fetched by a link from the hub after the session had ended.",
        lambda _: LOGIN.encode(),
        "web page",
    ),
    _unreadable("a script renamed", "The student exported to Python and changed the ending by hand.", _script),
    _unreadable(
        "an archive renamed",
        "The page for handing in took only .ipynb, so the student gave the zip file that ending.",
        partial(_packed, entry=NAME),
        "zip",
    ),
    _unreadable(
        "a Word document renamed",
        "The student copied the code into Word to have it printed, and handed that in.",
        partial(_packed, entry="word/document.xml"),
    ),
    _unreadable(
        "a PDF renamed",
        "The student printed the notebook to a file and changed its ending.",
        lambda data: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + gzip.compress(data),
    ),
    _unreadable(
        "compressed",
        "A web server sent the notebook compressed, and the program that fetched it did not unpack it.",
        partial(gzip.compress, mtime=0),
    ),
    _unreadable(
        "a pointer in place of the file",
        "The repository keeps notebooks in Git LFS, and the clone holds only pointers to them.",
        lambda _: POINTER.encode(),
    ),
    _unreadable(
        "copied out of a web page",
        "The student saved the source of a page that shows the file, where every quote is `&quot;`.",
        lambda data: html.escape(data.decode()).encode(),
    ),
    _unreadable(
        "printed by Python instead of written as JSON",
        "A script of the student's did `file.write(str(notebook))`.",
        lambda data: repr(json.loads(data)).encode(),
    ),
    _unreadable(
        "a comma too many",
        "The student removed a cell in a text editor and left the comma before it.",
        lambda data: data.replace(b"\n ],", b",\n ],", 1),
    ),
    _unreadable("an empty list", "A script of the student's collected no cells and wrote `[]`.", lambda _: b"[]"),
    _unreadable(
        "a number", "A script of the student's wrote the return value in place of the text.", lambda _: b"261336"
    ),
    _unreadable("null", "An extension saved before the notebook was loaded.", lambda _: b"null\n"),
    _unreadable(
        "JSON written twice over",
        "A script of the student's called `json.dump` on what was JSON already.",
        lambda data: json.dumps(data.decode()).encode(),
    ),
    in_json(
        "no cells in the file",
        "A script of the student's kept the metadata and lost the cells.",
        lambda whole: whole.pop("cells"),
        points=0.0,
        says=UNREADABLE,
        tells=UNREAD,
    ),
    _no_cells("null in place of the cells", "An extension saved while the cells were still loading.", None),
    _no_cells("a table in place of the cells", "A script of the student's wrote an empty table for no cells.", {}),
    _unreadable(
        "metadata nested a hundred thousand deep",
        "An extension wrapped its state into itself at every automatic save of a term.",
        _nested,
    ),
)
