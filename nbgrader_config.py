# The course as nbgrader sees it. See docs/instructors.md.
from pathlib import Path

c = get_config()

c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.course_id = "coursekit"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"

# Change this number for your course and keep it to yourself: it draws the inputs of the hidden tests.
c.Grade.seed = 20261001

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

# What comes in from Moodle and Canvas with nbgrader zip_collect, and what goes out with nbgrader export.
c.ZipCollectApp.extractor_plugin = "coursekit.grading.exchange.unpacking.Extractor"
c.ZipCollectApp.collector_plugin = "coursekit.grading.exchange.collecting.Collector"
c.ExportApp.plugin_class = "coursekit.grading.exchange.exports.CsvExport"
