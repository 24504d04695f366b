"""nbgrader's `autograde` and `generate_feedback` for one student, whatever the id: they take ids for patterns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, BaseConverter, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import capture_log
from traitlets import Unicode
from traitlets.config import Config


def autograde(config: Config, assignment: str, student: str) -> dict[str, Any]:
    """Enter a submission into the gradebook; return what nbgrader's `capture_log` tells of it."""
    return _run(_Autograde, config, assignment, student)


def generate_feedback(config: Config, assignment: str, student: str) -> dict[str, Any]:
    """Write the pages of a student; return what nbgrader's `capture_log` tells of it."""
    return _run(_GenerateFeedback, config, assignment, student)


class _OfOne(BaseConverter):
    student = Unicode(help="Whose notebooks are converted.")

    def init_notebooks(self) -> None:
        """Take the notebooks of the student, where nbgrader would look for what fits patterns."""
        folder = Path(self._format_source(self.coursedir.assignment_id, self.student))
        self.assignments = {str(folder): [str(path) for path in folder.glob("*.ipynb")]}


class _Autograde(_OfOne, Autograde):
    pass


class _GenerateFeedback(_OfOne, GenerateFeedback):
    pass


def _run(kind: type[_OfOne], config: Config, assignment: str, student: str) -> dict[str, Any]:
    coursedir = CourseDirectory(config=config, assignment_id=assignment)
    converter = kind(coursedir=coursedir, config=config, student=student, force=True)
    result: dict[str, Any] = capture_log(converter)
    return result
