"""Times that others wrote down. One that could mean two moments means none: who is late is no matter for a guess."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path

from coursekit.errors import UnreadableError
from coursekit.grading.submission.reading import read_file

STAMP = "timestamp.txt"  # in the folder of a submission
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ] *(\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?) *(.*)")
_OFFSET = re.compile(r"([+-]\d\d):?(\d\d)?")
_UTC = ("", "Z", "UTC", "GMT")


def handed_in(folder: Path) -> tuple[dt.datetime | None, str]:
    """Return the time at which a folder was handed in, in UTC; or None, and why a stamp that is there says none."""
    if not os.path.lexists(folder / STAMP):
        return None, ""
    try:
        return read_time(read_file(folder / STAMP).decode("utf-8-sig")), ""
    except (UnreadableError, ValueError) as error:
        return None, "it is not text" if isinstance(error, UnicodeError) else str(error)


def read_time(text: str) -> dt.datetime:
    """Read a date and a time of day, in UTC unless an offset such as +0200 says otherwise, as a time in UTC.

    nbgrader takes today for a missing date, UTC for a zone that it does not know, and +0900 for 900 seconds.

    Raises
    ------
    ValueError
        Where it is not clear which moment is meant; the message says why.
    """
    found = _TIME.fullmatch(text.strip())
    if not found:
        raise ValueError("it is not a date and a time such as 2026-10-01 18:00:00 UTC")
    date, time, zone = found.groups()
    offset = _OFFSET.fullmatch(zone)
    if not offset and zone.upper() not in _UTC:
        raise ValueError(f"a zone by name ({zone[:20]}) may mean more than one; write UTC or an offset such as +0200")
    hours, minutes = offset.groups("00") if offset else ("+00", "00")
    try:
        moment = dt.datetime.fromisoformat(f"{date} {time.replace(',', '.')}{hours}:{minutes}")
        return moment.astimezone(dt.UTC).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise ValueError("there is no such date or time") from error
