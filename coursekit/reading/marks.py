"""nbgrader's metadata of a cell: no other module reads or writes it."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

_KINDS = {"grade_id": str, "grade": bool, "locked": bool, "solution": bool, "points": int | float}


@dataclass(frozen=True, kw_only=True)
class Mark:
    """nbgrader's metadata of one cell: its name, and whether it is graded, written by the student, and locked.

    Without a name, nothing is known of it.
    """

    grade_id: str = ""
    grade: bool = False
    solution: bool = False
    locked: bool = False
    points: float | None = None


def mark(cell: Mapping[str, Any]) -> Mark:
    """Read what the metadata of a cell say; anybody may have written them, and what makes no sense says nothing."""
    return Mark(**said(cell))


def said(cell: Mapping[str, Any]) -> dict[str, Any]:
    """Return what makes sense of it, as it stands there."""
    metadata = cell.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    if not isinstance(about, Mapping):
        return {}
    found = {name: about[name] for name, kinds in _KINDS.items() if isinstance(about.get(name), kinds)}
    return found if found.get("grade_id") else {}


def put(cell: MutableMapping[str, Any], **about: Any) -> None:
    """Write what nbgrader is to know of a cell."""
    cell["metadata"]["nbgrader"] = about
