"""For `nbgrader release_feedback`: pages go to whoever handed in through the exchange; the others are named."""

from __future__ import annotations

from glob import escape, glob
from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback

from coursekit.grading.submission.intake import NOTES


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Releases what nbgrader can: a page is found by the secret with which its student handed in.

    nbgrader stops at the first submission without one, such as every one of `nbgrader zip_collect`.
    """

    src_path: str  # nbgrader's

    def copy_files(self) -> None:
        """Release the pages of each student, and say who had to be left out."""
        coursedir = self.coursedir
        excluded = coursedir.student_id_exclude.split(",")
        left_out = []
        _, secret = NOTES
        for folder in map(Path, sorted(glob(self.src_path))):  # noqa: PTH207 - it is nbgrader's pattern
            student = folder.parent.name
            work = Path(coursedir.format_path(coursedir.submitted_directory, student, coursedir.assignment_id))
            if (work / secret).is_file() and all((folder / name).is_file() for name in NOTES):
                self.src_path = escape(str(folder))
                super().copy_files()
            elif work.is_dir() and student not in excluded:
                left_out.append(student)
        if left_out:
            self.log.warning(
                "Not handed in through the exchange, so their pages are not released: %s. Give them back with "
                "coursekit export moodle-pages, canvas-pages or pages.",
                ", ".join(left_out),
            )
