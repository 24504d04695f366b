"""The memory between gradings of an assignment, in `.coursekit`; without it, everything is done again."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import msgspec

from coursekit.grading.classroom.course import Course
from coursekit.grading.files import write_at_once

Remark = tuple[str, str, str]  # student, notebook, what an instructor should know about it


class Entry(msgspec.Struct, frozen=True):
    """The work known to be done for one student.

    Attributes
    ----------
    keys, stamp
        The results that are entered, by notebook, and the time of the submission.
    points
        A digest of what the gradebook said then.
    pages
        A digest of what the pages say.
    answers
        Digests of what a person may have read, by notebook and cell.
    """

    keys: dict[str, str] = {}
    stamp: str = ""
    points: str = ""
    pages: str = ""
    answers: dict[str, str] = {}


class _Told(msgspec.Struct):
    remarks: list[Remark] = []
    failed: dict[str, str] = {}


class Ledger:
    """The files of an assignment; each is there whole or not at all."""

    def __init__(self, course: Course, assignment: str) -> None:
        self._state = course.state
        self._assignment = assignment

    def entry(self, student: str) -> Entry | None:
        """Return what is done for a student, None where nothing is known."""
        try:
            return msgspec.json.decode(self._entry(student).read_bytes(), type=Entry)
        except (OSError, msgspec.MsgspecError):
            return None

    def remember(self, student: str, entry: Entry) -> None:
        """Write down what is done for a student."""
        write_at_once(self._entry(student), msgspec.json.encode(entry))

    def forget(self, student: str) -> None:
        """Let nothing be done for a student; what a person has read stays read."""
        entry = self.entry(student)
        if entry:
            self.remember(student, Entry(answers=entry.answers))

    def tell(self, remarks: list[Remark], failed: dict[str, str], students: Collection[str] | None) -> None:
        """Write down, for the class report, what is said of a grading; of other students than these the old stays."""
        if students is not None:
            before = self._told()
            remarks = [told for told in before.remarks if told[0] not in students] + remarks
            failed = {who: why for who, why in before.failed.items() if who not in students} | failed
        text = json.dumps({"remarks": remarks, "failed": failed}, ensure_ascii=False)
        write_at_once(self._remarks, text.encode(errors="replace"))  # a name may hold what is no letter

    def depends(self) -> dict[str, dict[str, str]]:
        """Return what the results of each notebook depended on when the class was graded last."""
        try:
            return msgspec.json.decode(self._depends.read_bytes(), type=dict[str, dict[str, str]])
        except (OSError, msgspec.MsgspecError):
            return {}

    def remember_depends(self, depends: dict[str, dict[str, str]]) -> None:
        """Write down what the results of some notebooks depend on."""
        write_at_once(self._depends, msgspec.json.encode(self.depends() | depends))

    def is_proved(self, stem: str, key: str) -> bool:
        """Tell whether the reference has gone through the hidden tests of a notebook, as both are."""
        proof = self._proof(stem)
        return proof.is_file() and proof.read_text(encoding="utf-8") == key

    def remember_proof(self, stem: str, key: str) -> None:
        """Write down that it has."""
        write_at_once(self._proof(stem), key.encode())

    def _told(self) -> _Told:
        try:
            return msgspec.json.decode(self._remarks.read_bytes(), type=_Told)
        except (OSError, msgspec.MsgspecError):
            return _Told()

    def _entry(self, student: str) -> Path:
        return self._state / "ledger" / self._assignment / f"{student}.json"

    @property
    def _remarks(self) -> Path:
        return self._state / "remarks" / f"{self._assignment}.json"

    @property
    def _depends(self) -> Path:
        return self._state / "depends" / f"{self._assignment}.json"

    def _proof(self, stem: str) -> Path:
        return self._state / "references" / self._assignment / stem
