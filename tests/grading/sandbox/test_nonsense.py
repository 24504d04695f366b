"""A student's code that answers nonsense loses the rung in which it does, with a reason, and no other."""

from __future__ import annotations

from dataclasses import replace

import nbformat
import pytest
from traitlets.config import Config

from coursekit.grading.nbgrader.preprocessors import Grade
from coursekit.grading.notebook.grade import Settings, grade, task
from coursekit.grading.notebook.verdicts import CellVerdict, judge_notebook
from coursekit.grading.sandbox.patience import USUAL, Patience
from coursekit.grading.sandbox.sandbox import Limits
from coursekit.grading.submission.intake import take_in
from tests.grading.conftest import ROOT, answer, solution

pytestmark = pytest.mark.slow

HIDDEN = ROOT / "tests" / "hidden"
CHECK = "if p.grad is not None:"
# Only one rung has steps without a gradient, and five more come after it.
NONSENSE = f"if p.grad is None:\n                        nonsense(p)\n                    {CHECK}"
WRITE = (
    "import os\n"
    "    for entry in os.listdir('/proc/self/fd'):\n"
    "        path = f'/proc/self/fd/{entry}'\n"
    "        if os.path.exists(path) and os.readlink(path).startswith('socket'):\n"
    "            os.write(int(entry), %r)"
)


def judged(body: str, before: str = "", patience: Patience = USUAL) -> CellVerdict:
    """Judge an SGD that runs `before` when it is loaded and `body` on a parameter `p` without gradient."""
    start = f"{before}\n\ndef nonsense(p):\n    {body}\n\nclass SGD("
    notebook = solution("01_sgd", {"class SGD(": start, CHECK: NONSENSE})
    verdict, *_others = judge_notebook(notebook, HIDDEN / "test_01_sgd.py", seed=7, patience=patience)
    return verdict


def lost(verdict: CellVerdict) -> list[str]:
    return [rung.behaviour.name for rung in verdict.table.verdicts if rung.finding]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param("p.data = torch.zeros(7)", "A parameter changed its shape", id="wrong shape"),
        pytest.param("p.data = p.data.long()", "must be floating point", id="integers"),
        pytest.param("p.data.fill_(float('nan'))", "got nan", id="nan"),
        pytest.param("p.data.fill_(float('inf'))", "got inf", id="infinite"),
        pytest.param("p.data = torch.zeros(2_000_000)", "larger than a right one", id="too much"),
        pytest.param(WRITE % b"\0\0\0\7garbage", "could not be read", id="garbage to the grader"),
        pytest.param(WRITE % b"\xff\xff\xff\xff", "larger than a right one", id="a length that lies"),
        pytest.param("import os; os._exit(0)", "ended before it answered", id="dies"),
        pytest.param("import os; os.kill(os.getpid(), 9)", "ended before it answered", id="is killed"),
        pytest.param("raise SystemExit", "Your code raised SystemExit", id="leaves"),
        pytest.param("nonsense(p)", "Your code raised RecursionError", id="calls itself"),
    ],
)
def test_nonsense_costs_its_rung_and_says_why(body, reason):
    verdict = judged(body)
    assert (lost(verdict), verdict.score) == (["no_gradient"], 8.5)
    assert reason in repr(verdict.table)


def test_what_hangs_costs_its_rung_and_says_why():
    verdict = judged("while True: pass", patience=Patience(question=1.0))
    assert (lost(verdict), verdict.score) == (["no_gradient"], 8.5)
    assert "did not end in time" in repr(verdict.table)


def test_what_dies_at_loading_costs_itself():
    assert judged("pass", before="import os; os._exit(0)").score == 9.0


def test_an_added_cell_that_dies_costs_itself():
    notebook = solution("01_sgd", {})
    dying = nbformat.v4.new_code_cell("import os; os._exit(0)", metadata={"coursekit": {"added": True}})
    notebook.cells.insert(0, dying)
    verdict, *_others = judge_notebook(notebook, HIDDEN / "test_01_sgd.py", seed=7)
    assert verdict.score == 9.0


def test_what_hangs_at_loading_costs_itself():
    patience = Patience(definition=0.5)
    assert judged("pass", before="while True: pass", patience=patience).score == 9.0


def test_a_course_says_how_long_its_students_code_is_waited_for_and_what_it_may_use(repository):
    config = Config({"Grade": {"timeout": 2, "patience": {"question": 0.5}, "limits": {"memory": 256}}})
    intake = take_in(HIDDEN, repository.release / "optimizers")
    work = Grade(config=config).task_for(repository.directory, "optimizers", "01_sgd", intake)
    assert work.settings.patience == Patience(cell=2.0, question=0.5)
    assert work.settings.limits == Limits(memory=256)


@pytest.mark.parametrize(("memory", "is_there"), [(256, False), (1024, True)])
def test_the_limits_of_a_course_hold_for_what_is_judged_and_for_what_is_shown(repository, memory, is_there):
    release = repository.release / "optimizers" / "01_sgd.ipynb"
    work = solution("01_sgd", {"class SGD(": "held = bytearray(512 * 2**20)\n\n\nclass SGD("})
    kept = ("setup", "sgd", "sgd_check")
    work.cells = [cell for cell in work.cells if cell.metadata.get("nbgrader", {}).get("grade_id") in kept]
    settings = Settings(seed=7, limits=Limits(memory=memory))
    todo = task(take_in(HIDDEN, release.parent), release, HIDDEN, settings)
    done = grade(replace(todo, submission=nbformat.writes(work).encode()))
    left_out = [remark for remark in done.remarks if "`held = bytearray(512 * 2**20)` (MemoryError)" in remark]
    shown = answer(nbformat.reads(done.notebook, as_version=4), "sgd").outputs
    assert (len(left_out), ["MemoryError" in str(each) for each in shown]) == ((0, []) if is_there else (1, [True]))


SUBCLASSED = """
class Adam(torch.optim.Adam):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, lr=learning_rate, betas=(beta1, beta2), eps=epsilon)
"""
WRAPPED = """
class Adam:
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.inner = torch.optim.Adam(params, lr=learning_rate, betas=(beta1, beta2), eps=epsilon)
        self.param_groups, self.state = self.inner.param_groups, self.inner.state
    def step(self):
        self.inner.step()
"""
CALLED = """
class Adam(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, betas=(beta1, beta2), eps=epsilon))
    def step(self):
        torch.optim.Adam(self.param_groups).step()
"""


@pytest.mark.parametrize("source", [SUBCLASSED, WRAPPED, CALLED], ids=["subclassed", "wrapped", "called inside"])
def test_the_adam_of_torch_is_refused_in_plain_words(source):
    notebook = solution("04_adam", {"class Adam(": f"{source}\n\nclass Unused("})
    verdict, *_others = judge_notebook(notebook, HIDDEN / "test_04_adam.py", seed=7)
    assert verdict.score == 0.0
    assert verdict.table.one_line.startswith("Your code uses `torch.optim.Adam` of torch. Write the rule yourself")
