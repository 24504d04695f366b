"""nbgrader's `generate_feedback` for one student, whatever the id: it takes ids for patterns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import capture_log
from traitlets import Unicode
from traitlets.config import Config


def generate_feedback(config: Config, assignment: str, student: str) -> dict[str, Any]:
    """Write the pages of a student; return what nbgrader's `capture_log` tells of it."""
    coursedir = CourseDirectory(config=config, assignment_id=assignment)
    converter = _OfOne(coursedir=coursedir, config=config, student=student, force=True)
    result: dict[str, Any] = capture_log(converter)
    return result


class _OfOne(GenerateFeedback):
    student = Unicode(help="Whose notebooks are converted.")

    def init_notebooks(self) -> None:
        """Take the notebooks of the student, where nbgrader would look for what fits patterns."""
        folder = Path(self._format_source(self.coursedir.assignment_id, self.student))
        self.assignments = {str(folder): [str(path) for path in folder.glob("*.ipynb")]}
