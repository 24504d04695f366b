"""nbgrader's `generate_feedback` for one student, whatever the id: it takes ids for patterns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor
from nbgrader.utils import capture_log
from traitlets import List, Unicode
from traitlets.config import Config

from coursekit.grading.classroom.gradebook.book import kept_open, opened


def generate_feedback(config: Config, assignment: str, student: str) -> dict[str, Any]:
    """Write the pages of a student; return what nbgrader's `capture_log` tells of it."""
    coursedir = CourseDirectory(config=config, assignment_id=assignment)
    converter = _OfOne(coursedir=coursedir, config=config, student=student, force=True)
    with kept_open(coursedir.db_url):
        result: dict[str, Any] = capture_log(converter)
    return result


class _Grades(GetGrades):
    """Puts points and comments where its parent does, without a gradebook of its own for each notebook."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        about = resources["nbgrader"]
        self.notebook_id, self.assignment_id, self.student_id = (
            about[name] for name in ("notebook", "assignment", "student")
        )
        with opened(about["db_url"]) as self.gradebook:
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
            notebook = self.gradebook.find_submission_notebook(self.notebook_id, self.assignment_id, self.student_id)
            about["late_penalty"] = notebook.late_submission_penalty or 0
            about["score"] = notebook.score - about["late_penalty"]
            about["max_score"] = notebook.max_score
        return nb, resources


class _OfOne(GenerateFeedback):
    student = Unicode(help="Whose notebooks are converted.")
    preprocessors = List([_Grades, CSSHTMLHeaderPreprocessor]).tag(config=True)

    def init_notebooks(self) -> None:
        """Take the notebooks of the student, where nbgrader would look for what fits patterns."""
        folder = Path(self._format_source(self.coursedir.assignment_id, self.student))
        self.assignments = {str(folder): [str(path) for path in folder.glob("*.ipynb")]}
