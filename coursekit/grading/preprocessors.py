"""What the course puts into `nbgrader autograde`, named in `nbgrader_config.py`."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from traitlets import Integer, Unicode

from coursekit.grading.graft import graft
from coursekit.grading.verdicts import judge_notebook, show

STARTS = 3  # two kernels that start at the same moment may choose the same port, and one of them dies


class Graft(NbGraderPreprocessor):
    """Replaces what was handed in by the released notebook with the student's cells in it."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Graft the submission `nb`, and report what was odd about it."""
        about = resources["nbgrader"]
        coursedir = self.parent.parent.coursedir  # the exporter's parent is nbgrader's converter
        folder = coursedir.format_path(coursedir.release_directory, ".", about["assignment"])
        name = f"{about['notebook']}.ipynb"
        grafted, oddities = graft(nb, nbformat.read(Path(folder) / name, as_version=4))
        handed_in = coursedir.format_path(coursedir.submitted_directory, about["student"], about["assignment"])
        grafted.metadata.setdefault("coursekit", {})["submission"] = digest(Path(handed_in) / name)
        for oddity in oddities:
            self.log.warning(
                "%s, %s.ipynb: cell %s is %s; the released one counts.",
                about["student"],
                about["notebook"],
                oddity.cell,
                oddity.kind,
            )
        return grafted, resources


def digest(path: Path) -> str:
    """Tell one submission from another: what was graded is not graded again."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Run(Execute):
    """Runs the notebook for the reader, within a budget: what it shows decides no point."""

    budget = Integer(60, help="Seconds of wall clock that one notebook may take, all cells together.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Execute the cells; one that does not end is interrupted and the next goes on.

        A kernel that does not start is started again. One that dies on the way ends the show, not the grading.
        """
        end = time.monotonic() + self.budget
        self.timeout_func = lambda _: max(1, min(self.timeout, int(end - time.monotonic())))
        for _ in range(STARTS):
            try:
                return super().preprocess(nb, resources)
            except RuntimeError as error:  # what jupyter_client and nbclient raise for a dead kernel
                self.log.warning("%s.ipynb: %s", resources["nbgrader"]["notebook"], error)
                if any(cell.get("execution_count") for cell in nb.cells):
                    break
        return nb, resources


class Verdicts(NbGraderPreprocessor):
    """Decides the points by the hidden tests and writes them where nbgrader reads them."""

    tests = Unicode("tests/hidden", help="Folder of the hidden tests, relative to the course.").tag(config=True)
    seed = Integer(1, help="Draws the hidden inputs. Choose your own and keep it to yourself.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Judge the grafted and executed notebook `nb`."""
        root = Path(self.parent.parent.coursedir.root)
        tests = root / self.tests / f"test_{resources['nbgrader']['notebook']}.py"
        show(nb, judge_notebook(nb, tests, self.seed))
        return nb, resources
