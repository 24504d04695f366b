"""The names that Moodle and Canvas give to what they hand out: whose a file is, and what its owner called it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

# The first that fits from the left: what is before it is Moodle's or Canvas's, what follows is a student's.
_CANVAS = re.compile(
    r"(?:(?-i:LATE_)?(?P<anonymous>anon)_(?P<code>[A-Za-z0-9]+)|(?P<name>(?:(?!_assignsubmission)\w)*?)_(?-i:LATE_)?(?P<number>\d+))"
    r"(?:_question_\d+)?_(?P<order>\d+)_(?P<file>.+)",
    re.IGNORECASE | re.DOTALL,
)
_MOODLE = re.compile(r"(?P<name>.+?)(?:_(?P<number>\d+))?_assignsubmission_file(?:_(?P<file>.*))?", re.DOTALL)


@dataclass(frozen=True)
class Upload:
    """The parts of a download's name: whose it is, by name and number, which file, its number in Canvas, and if late.

    `given` is that name, as Moodle or Canvas gave it.
    """

    given: str
    name: str
    number: str
    file: str = ""
    order: int = 0
    late: bool = False


def whose(parts: tuple[str, ...]) -> Upload | None:
    """Find the outermost name that Moodle or Canvas gave: those within are a student's, who may write anything."""
    for depth, part in enumerate(parts, 1):
        canvas, moodle = _CANVAS.fullmatch(part), _MOODLE.fullmatch(part)
        if canvas:
            name, number = canvas["anonymous"] or canvas["name"], canvas["code"] or canvas["number"]
            late = "LATE" in part[: canvas.start("order")].split("_")  # names of people are in small letters there
            upload = Upload(part, name, number, canvas["file"], int(canvas["order"]), late)
        elif moodle:
            upload = Upload(part, moodle["name"], moodle["number"] or "", moodle["file"] or "")
        else:
            continue
        return upload if depth == len(parts) else replace(upload, file="")
    return None


def printable(name: str) -> str:
    """Put underscores for what in a name would not be seen, or would end the line."""
    return "".join(letter if letter.isprintable() else "_" for letter in name)


def shown(name: str | Path) -> str:
    """Write a name so that it takes one line, whatever is in it: what comes last says most."""
    return printable(os.fsencode(name).decode(errors="replace"))[-120:]
