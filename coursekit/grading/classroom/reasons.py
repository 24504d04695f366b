"""Why notebooks are graded, where that is not that they are new: what has changed since the last grading."""

from __future__ import annotations

from collections import defaultdict

from coursekit.grading.classroom.ledger import Entry, Ledger
from coursekit.grading.notebook.grade import Task

NEW = "not graded before"
CHANGED = "handed in anew"
AGAIN = "to be made again"
EARLIER = "graded by an earlier version"
_DIGEST = 64  # letters; a version has fewer


class Reasons:
    """Counts the notebooks of an assignment that are graded, by why they are."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._before = ledger.depends()
        self._now: dict[str, dict[str, str]] = {}
        self._why: dict[str, list[str]] = defaultdict(list)

    def see(self, work: Task) -> None:
        """Take in what the results of a notebook depend on."""
        self._now.setdefault(work.stem, work.depends)

    def count(self, work: Task, entry: Entry | None) -> None:
        """Count a notebook that is graded, of a student for whom all of an entry is done."""
        if entry is None or work.stem not in entry.keys:
            why = NEW
        elif entry.keys[work.stem] == work.key:
            why = AGAIN
        else:
            before = self._before.get(work.stem)
            why = _changes(before, work.depends) or CHANGED if before else EARLIER
        self._why[why].append(work.stem)

    def told(self, *, also_new: bool) -> tuple[str, ...]:
        """Say how many notebooks are graded, and why; if wanted also those that are new."""
        wanted = {why: stems for why, stems in self._why.items() if also_new or why not in (NEW, CHANGED)}
        return tuple(
            f"{len(stems)} {'notebook' if len(stems) == 1 else 'notebooks'} of {', '.join(sorted(set(stems)))}: {why}"
            for why, stems in sorted(wanted.items(), key=lambda item: -len(item[1]))
        )

    def remember(self) -> None:
        """Write down what the results depend on, when they are all there."""
        self._ledger.remember_depends(self._now)


def _changes(before: dict[str, str], now: dict[str, str]) -> str:
    """Name what is no longer as it was."""
    changed = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    return f"{', '.join(_told(name, before.get(name), now.get(name)) for name in changed)} changed" if changed else ""


def _told(name: str, before: str | None, now: str | None) -> str:
    values = [value for value in (before, now) if value]
    return name if any(len(value) == _DIGEST for value in values) else f"{name} ({' → '.join(values)})"
