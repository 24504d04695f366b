"""Accidents of honest students with the first notebook: what goes wrong, and what is due all the same.

The points follow one rule. **They are those that the student's check cell shows when the notebook is run from top to
bottom**, whatever a program on the way did to the file, its name, its metadata or the order of its cells: all that is
mended as long as nothing is guessed. Code is never mended: what Python does not read at the student's desk, it does
not read here. It follows that

- every code cell of the student's counts, wherever it was written, and the released text of a stub is nobody's answer;
- the definition in force at the check cell is the one that is judged, if there is one: what comes after is play;
- what only the student's desk has (a package that the answer does not need, a debugger, somebody who replies) is
  passed over;
- what cannot be read, or is not there, is said to the student and to the instructor, and costs that notebook alone.
"""

from __future__ import annotations

from tests.bank.broken import added, answers, cells, files, folders, formats, unreadable
from tests.bank.broken.accident import Accident

ACCIDENTS: tuple[Accident, ...] = (
    *files.ACCIDENTS,
    *unreadable.ACCIDENTS,
    *formats.ACCIDENTS,
    *folders.ACCIDENTS,
    *cells.ACCIDENTS,
    *answers.ACCIDENTS,
    *added.ACCIDENTS,
)

__all__ = ["ACCIDENTS", "Accident"]
