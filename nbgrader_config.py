# The course as nbgrader sees it. See docs/instructors.md.
from pathlib import Path

from coursekit.grading.nbgrader.settings import settings

c = get_config()
c.merge(settings(Path(__file__).parent))

c.CourseDirectory.course_id = "coursekit"

# Change this number for your course and keep it to yourself: it draws the inputs of the hidden tests.
c.Grade.seed = 20261001
