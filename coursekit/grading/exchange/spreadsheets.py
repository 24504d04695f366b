"""Tables that go to spreadsheets, and tables that come from other programs.

No text of a student becomes a formula in a spreadsheet. Of another program's file, single cells are replaced.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.errors import GradingError
from coursekit.grading.classroom.students import same
from coursekit.grading.files import write_at_once

Cell = str | float | None

_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]+)?")
# White space, and what is not seen: a spreadsheet may drop it before it looks for a formula. So it may a quote.
_UNSEEN = r"[\s\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\"]*"
_SIGN = "[=+\\-@\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20]"  # and their small and full-width forms
# A spreadsheet that takes another delimiter than the comma begins a cell in the middle of a text.
_FORMULA = re.compile(rf"^(?=[\t\r\n])|(?:^|(?<=[;\t\r\n]))(?={_UNSEEN}{_SIGN})")


def harmless(text: str) -> str:
    """Give a text that a spreadsheet shows and does not compute; a plain number stays as it is.

    Parameters
    ----------
    text
        What is to stand in a cell.

    Returns
    -------
    str
        The text, with an apostrophe wherever a formula would begin.
    """
    return text if _NUMBER.fullmatch(text) else _FORMULA.sub("'", text)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a table as RFC 4180 has it, in UTF-8; the file is there whole or not at all.

    Parameters
    ----------
    path
        Where to write.
    header
        The names of the columns.
    rows
        The cells: texts are made harmless, numbers stay numbers, None is an empty cell.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_cell(name) for name in header])
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    write_at_once(path, text.getvalue().encode(errors="replace"))


def _cell(cell: Cell) -> Cell:
    return harmless(cell) if isinstance(cell, str) else cell


@dataclass(frozen=True)
class _Field:
    """A cell: what it says, and where it stands in the file."""

    value: str
    begin: int
    end: int


@dataclass
class Sheet:
    """A CSV file of another program, in which single cells are replaced; all else stays, byte for byte.

    Attributes
    ----------
    path
        Where it was read.
    header
        The names of its columns.
    rows
        What stands under them.
    encoding
        How the file is written.
    """

    path: Path
    header: list[str]
    rows: list[list[str]]
    encoding: str
    _text: str
    _fields: list[list[_Field]]
    _new: dict[tuple[int, int], str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, *, from_excel: bool = False) -> Sheet:
        """Read a file in UTF-8, with or without a byte order mark, delimited by commas, semicolons or tabs.

        Parameters
        ----------
        path
            Where it is.
        from_excel
            Whether it may be as a spreadsheet saves it, in another encoding. It is not to be written back then.

        Raises
        ------
        GradingError
            When there is no such file, or it is no CSV.
        """
        again = _SAVE if from_excel else _AGAIN
        text, encoding = _decode(path, again, from_excel=from_excel)
        heads = {delimiter: (_split(text, delimiter, most=1) or [[]])[0] for delimiter in ",;\t"}
        delimiter = max(heads, key=lambda delimiter: len(heads[delimiter]))
        if len(heads[delimiter]) < (1 if from_excel else 2):
            raise GradingError(f"{path} is no table: it has no columns. {again}")
        fields = _split(text, delimiter)
        if fields is None:
            raise GradingError(f"{path} is damaged: a quote in it is not closed, or out of place. {again}")
        table = [[cell.value for cell in row] for row in fields]
        header = [name.strip() for name in table[0]]
        return cls(path=path, header=header, rows=table[1:], encoding=encoding, _text=text, _fields=fields[1:])

    def column(self, *names: str) -> int | None:
        """Find the first column of one of these names, whatever their case; None where there is none."""
        known = [same(name).replace("\u2019", "'") for name in self.header]
        return next((known.index(same(name)) for name in names if same(name) in known), None)

    def cell(self, row: int, column: int | None) -> str:
        """Give what stands in a cell, without the white space around it; nothing where there is no cell."""
        cells = self.rows[row]
        return cells[column].strip() if column is not None and column < len(cells) else ""

    def put(self, row: int, column: int, number: float) -> None:
        """Replace what stands in a cell by a number."""
        if column < len(self.rows[row]):
            self._new[row, column] = written(number)

    def content(self) -> bytes:
        """Give the file with what was put into it."""
        parts = []
        position = 0
        for row, column in sorted(self._new):
            place = self._fields[row][column]
            quote = '"' if self._text[place.begin : place.end].startswith('"') else ""
            parts += [self._text[position : place.begin], quote, self._new[row, column], quote]
            position = place.end
        return "".join([*parts, self._text[position:]]).encode()


def written(number: float) -> str:
    """Write a grade with as many decimals as it needs, five at most: no program keeps more."""
    return f"{number:.5f}".rstrip("0").rstrip(".")


_AGAIN = "Download it again, as CSV, and do not save it from a spreadsheet."
_SAVE = "Save it as “CSV UTF-8”."
_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # today's, and that of before 2007


def _decode(path: Path, again: str, *, from_excel: bool) -> tuple[str, str]:
    """Read a text, and tell its encoding; its byte order mark, if it has one, stays."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise GradingError(f"{path} cannot be read ({error.strerror}). Give the path of a CSV file.") from error
    if data.startswith(_EXCEL):
        raise GradingError(f"{path} is an Excel or OpenDocument file. {again}")
    if from_excel and (data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or data[1:2] == b"\0"):
        encoding = "utf-16" if data[:1] >= b"\xfe" else "utf-16-le"
        return data.decode(encoding, errors="replace"), encoding
    try:
        return data.decode(), "utf-8"
    except UnicodeDecodeError as error:
        if from_excel:
            return data.decode("cp1252", errors="replace"), "cp1252"
        raise GradingError(f"{path} is not written in UTF-8 (byte {error.start}). {again}") from error


def _split(text: str, delimiter: str, most: int = sys.maxsize) -> list[list[_Field]] | None:
    """Split a table into rows and cells, each with its place, which Python's own reader does not tell.

    `most` is how many rows are wanted. None where a quote is never closed, or something follows it in its cell.
    """
    # What is once matched is never gone back upon: else such a quote would cost the square of the length.
    pattern = re.compile(rf'(?:"((?:[^"]|"")*+)"|((?!")[^{delimiter}\r\n]*+))({delimiter}|\r\n|\r|\n|\Z)')
    rows: list[list[_Field]] = [[]]
    begin = re.match(r"\ufeff?(sep=.\r?\n)?", text, re.IGNORECASE)  # with which one tells Excel how to split
    position = begin.end() if begin else 0
    while position < len(text) and len(rows) <= most:
        found = pattern.match(text, position)
        if found is None:
            return None
        quoted, plain, end = found.groups()
        value = plain if quoted is None else quoted.replace('""', '"')
        rows[-1].append(_Field(value, position, found.start(3)))
        position = found.end()
        if end != delimiter:
            rows.append([])
        elif position == len(text):
            rows[-1].append(_Field("", position, position))
    return [row for row in rows if row]
