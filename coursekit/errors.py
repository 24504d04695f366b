"""The exceptions of coursekit. Each message names the cause and the fix."""

from __future__ import annotations


class CourseError(Exception):
    """Base class of everything that coursekit raises by itself."""


class CheckFailed(CourseError):  # noqa: N818 - it reads as a sentence where a student meets it
    """A check found something wrong; shown in a notebook as its one line, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Delegated(CourseError):  # noqa: N818 - it names what was done
    """Code that should be a student's own used torch's; the message names what of torch's."""


class BuildError(CourseError):
    """A source script cannot become a notebook; the message names the script and the cell."""


class GradingError(CourseError):
    """The grader cannot go on; the message names the file, the cause and the fix."""


class NothingHandedIn(GradingError):  # noqa: N818 - it says what is the case
    """There is nothing to grade; the message says where it was looked for, and what lies elsewhere."""


class OracleError(GradingError):
    """Torch's own code did not get through a scenario: that says nothing about a student's."""


class HiddenTestError(GradingError):
    """A hidden test is wrong itself, which decides no point; the message names it and the line."""


class WorkerError(GradingError):
    """The process that runs a student's code died, hung or answered nonsense."""


class EndedError(WorkerError):
    """The process that runs a student's code has ended."""


class SandboxError(GradingError):
    """A student's code cannot be run in a sandbox on this machine; the message says what is missing."""


class UnreadableError(GradingError):
    """A file that was handed in is no notebook; the message says what it is and what to do."""
