"""nbgrader's settings for any course on coursekit; they come with the package, so that an upgrade changes them."""

from __future__ import annotations

from pathlib import Path

from traitlets.config import Config


def settings(root: Path) -> Config:
    """Return the settings of the course in a folder, for its `nbgrader_config.py` to begin with."""
    c = Config()
    c.CourseDirectory.root = str(root.resolve())
    c.CourseDirectory.source_directory = "solutions"
    c.CourseDirectory.release_directory = "notebooks"

    c.GenerateAssignment.force = True  # what it makes is never edited, and may be there before the gradebook knows it
    c.ClearSolutions.text_stub = "*Your answer here.* · *Votre réponse ici.*"

    c.Autograde.exporter_class = "coursekit.grading.nbgrader.preprocessors.Handed"
    c.Autograde.sanitize_preprocessors = ["coursekit.grading.nbgrader.preprocessors.Grade"]
    c.Autograde.autograde_preprocessors = [
        "nbgrader.preprocessors.LimitOutput",
        "nbgrader.preprocessors.SaveAutoGrades",
        "coursekit.grading.classroom.lateness.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.Autograde.pre_convert_hook = "coursekit.grading.nbgrader.preprocessors.see_to_names"
    c.LimitOutput.max_lines = 500
    c.GenerateFeedback.exporter_class = "coursekit.grading.notebook.pages.Page"
    # In every page that shows a student's text, what a browser would run is taken out, and nothing takes for ever.
    c.HTMLExporter.filters = {
        "markdown2html": "coursekit.grading.notebook.cleaning.markdown",
        "highlight_code": "coursekit.grading.notebook.colours.coloured",
    }

    # The ways in from Moodle and Canvas with nbgrader zip_collect, and the ways out with nbgrader export.
    c.ZipCollectApp.extractor_plugin = "coursekit.grading.exchange.unpacking.Extractor"
    c.ZipCollectApp.collector_plugin = "coursekit.grading.exchange.collecting.Collector"
    c.ZipCollectApp.force = True  # to collect again adds what is newer, and removes nothing
    c.ExportApp.plugin_class = "coursekit.grading.exchange.exports.CsvExport"
    c.ExchangeFactory.release_feedback = "coursekit.grading.exchange.releasing.ReleaseFeedback"
    return c


def seed_in(path: Path) -> int:
    """Return the number in a file, the seed of a course.

    Raises
    ------
    SystemExit
        Where there is none. nbgrader passes over any other error in a file of settings, and goes on without them:
        it would grade by a seed that everybody knows, and run students' code with the instructor's rights.
    """
    try:
        return int(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise SystemExit(
            f"coursekit: {path} holds no number. It is the seed of this course, which is in no repository: copy the "
            "file from where the course was laid, or write a number of your own into it, which has all graded anew."
        ) from None
