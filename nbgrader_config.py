# The course as nbgrader sees it. See docs/instructors.md.
from pathlib import Path

c = get_config()

c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.course_id = "coursekit"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"

# Change this number for your course and keep it to yourself: it draws the inputs of the hidden tests.
c.Verdicts.seed = 20261001

c.ClearSolutions.text_stub = "*Your answer here.* · *Votre réponse ici.*"

c.Autograde.sanitize_preprocessors = [
    "coursekit.grading.preprocessors.Graft",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "coursekit.grading.preprocessors.Run",
    "coursekit.grading.preprocessors.Verdicts",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Execute.timeout = 20
c.Execute.extra_arguments = ["--log-level=ERROR", "--HistoryManager.hist_file=:memory:"]
c.Execute.shutdown_kernel = "immediate"
c.LimitOutput.max_lines = 500
