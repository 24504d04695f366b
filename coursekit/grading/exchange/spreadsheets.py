"""Tables that go to spreadsheets, and tables that come from other programs, to be filled in.

No text of a student becomes a formula in a spreadsheet.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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
    """Return a text with an apostrophe wherever a spreadsheet would begin a formula; a plain number stays as it is."""
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


@dataclass
class Sheet:
    """A CSV file of another program, in which single cells are replaced; all others keep their values.

    The file keeps its byte order mark, its delimiter and its line ends. Quotes stand where a cell needs them.

    Attributes
    ----------
    path
        Where it was read.
    header
        The names of its columns.
    rows
        The cells under them.
    encoding
        How the file is written.
    """

    path: Path
    header: list[str]
    rows: list[list[str]]
    encoding: str
    _delimiter: str
    _end: str

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
        text = _EXCELS_OWN.sub("", text)
        delimiter = max(",;\t", key=lambda each: len(next(_split(text, each), [])))
        try:
            header, *rows = list(_split(text, delimiter, strict=True)) or [[]]
        except csv.Error as error:
            raise GradingError(f"{path} is damaged: a quote in it is not closed, or out of place. {again}") from error
        if len(header) < (1 if from_excel else 2):
            raise GradingError(f"{path} is no table: it has no columns. {again}")
        end = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
        return cls(path, header, rows, encoding, delimiter, end)

    def column(self, *names: str) -> int | None:
        """Find the first column of one of these names, whatever their case; None where there is none."""
        known = [same(name.strip()).replace("\u2019", "'") for name in self.header]
        return next((known.index(same(name)) for name in names if same(name) in known), None)

    def cell(self, row: int, column: int | None) -> str:
        """Return the text of a cell, without the white space around it; "" where there is no cell."""
        cells = self.rows[row]
        text = cells[column].strip() if column is not None and column < len(cells) else ""
        return _AS_TEXT.sub(r"\1", text)

    def put(self, row: int, column: int, number: float) -> None:
        """Put a number into a cell in place of its text."""
        cells = self.rows[row]
        cells += [""] * (column + 1 - len(cells))  # some programs leave empty cells out at the end of a row
        cells[column] = written(number)

    def content(self) -> bytes:
        """Return the file with the numbers that were put into it."""
        return "".join(map(self._line, [self.header, *self.rows])).encode(self.encoding)

    def _line(self, row: list[str]) -> str:
        line = io.StringIO(newline="")
        csv.writer(line, delimiter=self._delimiter).writerow(row)  # which quotes a cell with a part of its \r\n
        return line.getvalue().removesuffix("\r\n") + self._end


def written(number: float) -> str:
    """Write a grade with as many decimals as it needs, five at most: no program keeps more."""
    return f"{number:.5f}".rstrip("0").rstrip(".")


_AGAIN = "Download it again, as CSV, and do not save it from a spreadsheet."
_SAVE = "Save it as “CSV UTF-8”."
_AS_TEXT = re.compile(r'\A="([^"]*)"\Z')  # a formula that keeps a spreadsheet from reading 007 as 7
_EXCELS_OWN = re.compile(r"\Asep=.\r?\n", re.IGNORECASE)  # a first line that tells Excel the delimiter
_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # today's, and that of before 2007


def _decode(path: Path, again: str, *, from_excel: bool) -> tuple[str, str]:
    """Read a text, without its byte order mark, and tell its encoding."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise GradingError(f"{path} cannot be read ({error.strerror}). Give the path of a CSV file.") from error
    if data.startswith(_EXCEL):
        raise GradingError(f"{path} is an Excel or OpenDocument file. {again}")
    if from_excel and (data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or data[1:2] == b"\0"):
        encoding = "utf-16" if data[:1] >= b"\xfe" else "utf-16-le"
        return data.decode(encoding, errors="replace"), encoding
    encoding = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        if from_excel:
            return data.decode("cp1252", errors="replace"), "cp1252"
        raise GradingError(f"{path} is not in UTF-8 (byte {error.start}). {again}") from error


def _split(text: str, delimiter: str, *, strict: bool = False) -> Iterator[list[str]]:
    """Split a table into rows that are not empty; where it is strict, a `csv.Error` says that a quote is wrong."""
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # what a student writes has no limit
    return filter(None, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict))
