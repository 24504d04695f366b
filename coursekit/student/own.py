"""The notebooks of a student's folder, read at the desk as the grader reads what is handed in."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.errors import UnreadableError
from coursekit.judging.subject import subject
from coursekit.language import translate
from coursekit.reading.cells import Cell, read
from coursekit.reading.grafting import definitions, graft
from coursekit.reading.handout import handed_out, holds, stub
from coursekit.reading.loading import Loader, unread
from coursekit.reading.needs import needed
from coursekit.reading.statements import Lost
from coursekit.reading.statements import read as statements_of

BEGINNING = "import torch\nimport coursekit"  # of every notebook, whatever became of its first cells
SECONDS = 10.0  # that the definitions of one cell may take
_PLAIN = re.compile(r"\d\d_\w+")  # the name of a notebook of the course


@dataclass(frozen=True, kw_only=True)
class Own:
    """A notebook of the course as it lies in a student's folder.

    Attributes
    ----------
    path
        Where.
    asks
        The names that its check cells check, and their points.
    sources
        The cells that define something, in order.
    """

    path: Path
    asks: tuple[tuple[str, float], ...]
    sources: tuple[str, ...]

    @classmethod
    def made(cls, path: Path, stem: str, cells: list[Cell]) -> Own:
        """Make it of the cells of a notebook, of which `stem` is the name in the course."""
        given, asks = handed_out(cells, stem)
        grafted, _ = graft(cells, given)
        unwritten = [stub(name) for name, _ in asks]
        sources = [source for source in definitions(grafted) if source not in unwritten]
        return cls(path=path, asks=tuple(asks), sources=(BEGINNING, *sources))

    def load(self, names: Iterable[str]) -> tuple[dict[str, Any], list[tuple[str, Lost]]]:
        """Load what some names need; give the namespace, and what raised something, each with its cell."""
        cells, lost = [], []
        for number, source in enumerate(self.sources):
            try:
                cells.append((source, statements_of(source, f"<{self.path.name}, definitions {number}>")))
            except Exception as error:  # noqa: BLE001 - IPython raises anything about a student's text
                lost.append((source, unread(error)))
        chosen = needed([each for _, statements in cells for each in statements], names)
        space: dict[str, Any] = {"__name__": "__main__", "get_ipython": _Nobody, "exit": sys.exit, "quit": sys.exit}
        loader = Loader(space)
        for source, statements in cells:
            for each in loader.load(statements, seconds=SECONDS, runs=chosen.__contains__):
                if each.failure.kind == "KeyboardInterrupt" and not each.failure.line.startswith("raise"):
                    raise KeyboardInterrupt  # whoever interrupts the kernel means all of it
                lost.append((source, each))
        return space, lost


def look_around(folder: Path) -> tuple[dict[str, Own | str], list[str]]:
    """Find the notebooks of the course in a folder, also under other names.

    Returns
    -------
    notebooks, notes
        For each, by its name in the course, what counts, or why nothing does; and what is odd about the files.
    """
    files: dict[str, list[tuple[Path, bytes]]] = defaultdict(list)
    notebooks: dict[str, Own | str] = {}
    homes = {each.home for each in subject().exercises.values()}
    for path in sorted(folder.glob("[!.]*.ipynb*")):
        if path.is_dir():
            continue
        try:
            data = path.read_bytes()
            stem = holds(read(data)[0])
        except (OSError, UnreadableError):
            if _PLAIN.fullmatch(path.stem):
                notebooks[path.stem] = translate("it cannot be read")
            continue
        if path.stem in homes and stem not in ("", path.stem):
            notebooks[path.stem] = translate("it holds {stem}; nothing of it counts here", stem=stem)
        elif stem or path.stem in homes:
            files[stem or path.stem].append((path, data))
    notes = []
    for stem, found in files.items():
        file = f"{stem}.ipynb"
        path, data = next((each for each in found if each[0].name == file), found[0])
        if path.name != file and any(other != data for _, other in found):
            names = ", ".join(each.name for each, _ in found)
            notebooks[stem] = translate("{files} differ, and none is called {file}", files=names, file=file)
            continue
        notebooks[stem] = Own.made(path, stem, read(data)[0])
        if path.name != file:
            notes.append(translate("{path} is taken for {file}.", path=path.name, file=file))
        others = [other.name for other, _ in found if other != path]
        notes += [
            translate("{other} holds {stem}, too; {path} counts.", other=other, stem=stem, path=path.name)
            for other in others
        ]
    return dict(sorted(notebooks.items())), notes


class _Nobody:
    """A stand-in for IPython: its effects at this desk do not matter."""

    def run_line_magic(self, *_: Any) -> None:
        """Do nothing."""

    run_cell_magic = system = run_line_magic

    def getoutput(self, *_: Any) -> list[str]:
        """Return nothing, as the grader does."""
        return []
