"""Points come from the hidden tests alone, in shares of the behaviours that are right."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat import NotebookNode

from coursekit.errors import GradingError, HiddenTestError
from coursekit.grading.notebook.verdicts import CellVerdict, behaviours, judge_notebook, show_verdicts
from coursekit.grading.submission.graft import graft
from coursekit.judging.behaviours import HIDDEN
from coursekit.judging.explanations import explain
from coursekit.optimizers.ladders import ladder
from tests.bank import notebooks
from tests.grading.conftest import ROOT, WRONG_SIGN, answer, rewrite, solution

TESTS = ROOT / "tests" / "hidden" / "test_01_sgd.py"
LINES = len(TESTS.read_text().splitlines())
MISTAKES = {
    "SGD": ("01_sgd", WRONG_SIGN),
    "Adam": ("04_adam", {'(v_hat.sqrt() + group["epsilon"])': '(v_hat + group["epsilon"]).sqrt()'}),
    "AdamW": ("05_adamw", {'1 - lr * group["weight_decay"]': '1 + lr * group["weight_decay"]'}),
}


def judged(subject: str, folder: str = "optimizers") -> CellVerdict:
    """Judge the reference solution with a mistake in it."""
    stem, changes = MISTAKES[subject]
    verdict, *_others = judge_notebook(solution(stem, changes, folder), TESTS.with_name(f"test_{stem}.py"), seed=7)
    return verdict


def hidden_numbers(subject: str) -> Iterator[str]:
    """Write down every start value and gradient that only the course knows, to six digits; a quarter is anywhere."""
    scenarios = [trial.scenario for rung in ladder(subject, 7) for trial in rung.trials]
    for scenario in (each for each in scenarios if each.dtype != "bfloat16"):  # that one is the same for every seed
        given = (value for step in (scenario.start, *scenario.gradients) for value in step if value is not None)
        for number in (number for value in given for number in np.abs(value).ravel()):
            if 4 * number % 1:
                yield f"{number:.6g}"


def test_the_reference_gets_everything(solved):
    verdict, *_others = judge_notebook(solved, TESTS, seed=7)
    assert (verdict.cell, verdict.score, verdict.points) == ("sgd_check", 9.0, 9.0)


def test_what_the_environment_says_to_pytest_is_for_other_tests(solved, monkeypatch):
    for name, value in {"PYTEST_ADDOPTS": "-vv --durations=3 -k nothing", "PYTEST_PLUGINS": "not_there"}.items():
        monkeypatch.setenv(name, value)
    test_the_reference_gets_everything(solved)
    assert os.environ["PYTEST_PLUGINS"] == "not_there"


def test_an_untouched_notebook_gets_nothing_and_is_told_what_to_write(release):
    verdict, *_others = judge_notebook(release, TESTS, seed=7)
    assert verdict.score == 0.0
    assert verdict.table.one_line == "`SGD.__init__` is not written yet."


def test_a_missing_check_for_none_costs_its_own_behaviour(rewritten):
    notebook = rewritten({"if p.grad is not None:": "if True:"})
    verdict, *_others = judge_notebook(notebook, TESTS, seed=7)
    wrong = [rung.behaviour.name for rung in verdict.table.verdicts if rung.finding]
    assert wrong == ["no_gradient"]
    assert verdict.score == 8.5


def test_the_first_wrong_number_is_explained(rewritten):
    verdict, *_others = judge_notebook(rewritten(WRONG_SIGN), TESTS, seed=7)
    assert "It moved the wrong way." in repr(verdict.table)


@pytest.mark.parametrize(
    ("subject", "folder", "named"),
    [
        ("Adam", "optimizers", "Your numbers are those of Adam with ε inside the square root."),
        ("Adam", "optimiseurs", "Vos nombres correspondent à ceci : Adam avec ε sous la racine carrée."),
        ("AdamW", "optimizers", "Your numbers are those of AdamW with the decay added instead of subtracted."),
        ("AdamW", "optimiseurs", "Vos nombres correspondent à ceci : AdamW avec la décroissance ajoutée au lieu d"),
    ],
)
def test_the_feedback_names_the_mistake(subject, folder, named):
    assert named in judged(subject, folder).table.html()


@pytest.mark.parametrize("subject", MISTAKES)
def test_the_feedback_holds_no_hidden_input(subject):
    page = judged(subject).table.html()
    assert [number for number in hidden_numbers(subject) if number in page] == []


# What a class may do to write down what it is given; `p` is a parameter, `p.grad` its gradient.
WAYS_OUT = {
    "into the parameter": "p.copy_(p.grad)",
    "into the next run": "SGD.kept = getattr(SGD, 'kept', p.grad.clone()); p.copy_(SGD.kept.sum())",
    "into a file": "open('kept', 'a').write(str(p.tolist())); p.fill_(len(open('kept').read()))",
    "a message": "raise ValueError(p.grad.tolist())",
    "letters in a message": "raise ValueError(str(p.tolist()).translate({48 + i: 97 + i for i in range(10)}))",
    "the name of an exception": "raise type(f'K{p.grad.flatten()[0].abs().item() * 1e9:.0f}', (ValueError,), {})",
    "which exception": "raise (ValueError, TypeError)[int(p.grad.flatten()[0] * 1e4) % 2]",
    "a line": "exec(compile('\\n' * int(p.grad.flatten()[0].abs() * 1e4) + 'raise ValueError', '<k>', 'exec'))",
    "a dtype": "p.data = p.data.to((torch.float16, torch.float32)[int(p.grad.flatten()[0] * 1e4) % 2])",
    "a shape": "p.data = torch.zeros(int(p.grad.flatten()[0].abs() * 1e4))",
    "the moment of failure": "SGD.n = getattr(SGD, 'n', 0) + 1; assert SGD.n < int(p.grad.flatten()[0].abs() * 10)",
}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS_OUT)
def test_nothing_of_a_hidden_input_gets_out(way, tmp_path):
    """Compare what is told with two seeds: where all that can be told is in public, it is the same."""
    notebook = rewrite(notebooks.solution(), "sgd", {"p -= group": f"{WAYS_OUT[way]}; p -= group"})
    tests = notebooks.write_tests("01_sgd", tmp_path)
    one, other = (judge_notebook(notebook, tests, seed=seed)[0].table for seed in (7, 8))
    told = [[rung.finding and explain(rung.finding) for rung in table.verdicts] for table in (one, other)]
    assert any(told[0])
    hidden = explain(HIDDEN)
    assert [pair for pair in zip(*told, strict=True) if len({*pair, None, hidden} - {None, hidden}) > 1] == []
    page = one.html()
    assert [number for number in hidden_numbers("SGD") if number in page] == []


def test_what_a_student_s_code_raises_with_public_numbers_is_told_whole(rewritten):
    notebook = rewritten({"p -= group": "raise ValueError(f'{len(group)} keys'); p -= group"})
    verdict, *_others = judge_notebook(notebook, TESTS, seed=7)
    assert re.search(r"Your code raised ValueError: \d+ keys\.", verdict.table.html())


def test_cell_that_python_cannot_read_is_told_once_with_its_line_and_what_is_missing(rewritten):
    notebook = rewritten({"def step(self):": "def step(self)"})
    verdict, *_others = judge_notebook(notebook, TESTS, seed=7)
    number = answer(notebook, "sgd").source.splitlines().index("    def step(self)") + 1
    told = f"Python cannot read line {number} of your cell, `def step(self)`, so nothing of the cell is there."
    assert (verdict.score, repr(verdict.table).count(told)) == (0.0, 1)
    assert "Your code raised SyntaxError: expected ':'." in repr(verdict.table)
    assert "<cell" not in repr(verdict.table)


def test_what_is_wrong_with_hidden_numbers_alone_costs_its_behaviours_and_is_told_without_any_number(rewritten):
    public = {
        number.flat[0].item()
        for rung in ladder("SGD")
        for trial in rung.trials
        for number in trial.scenario.start
        if number.size
    }
    notebook = rewritten({"p -= group": f"p += (p.flatten()[:1].tolist() or [0])[0] not in {public}; p -= group"})
    verdict, *_others = judge_notebook(notebook, TESTS, seed=7)
    lost = [rung.finding for rung in verdict.table.verdicts if rung.finding]
    assert HIDDEN in lost
    assert verdict.score < 9


SENSELESS = {
    "copies the gradient": "p.copy_(p.grad)",
    "copies the gradient, scaled": "p.copy_(-group['lr'] * p.grad)",
    "a constant move": "p.sub_(group['lr'])",
    "a random move": "p.sub_(torch.rand_like(p))",
    "another random move": "p.sub_(int.from_bytes(__import__('os').urandom(4), 'big') / 2**32)",
    "nothing": "pass",
    "all to zero": "p.zero_()",
    "smaller": "p.mul_(1 - group['lr'])",
}


@pytest.mark.parametrize("rule", SENSELESS)
def test_a_class_with_no_step_in_it_earns_nothing_for_how_it_handles_groups_and_states(rewritten, rule):
    verdict, *_others = judge_notebook(
        rewritten({"p -= group": f"{SENSELESS[rule]}; continue; p -= group"}), TESTS, seed=7
    )
    assert verdict.score == 0.0


@pytest.mark.parametrize("subject", MISTAKES)
def test_the_feedback_holds_no_code_of_a_test(subject):
    page = judged(subject).table.html()
    source = TESTS.with_name(f"test_{MISTAKES[subject][0]}.py").read_text()
    assert [line for line in source.splitlines() if line.strip() and line.strip() in page] == []
    assert not re.search(r"test_\w+|coursekit|Scenario|seed", page)


@pytest.mark.parametrize("subject", MISTAKES)
def test_the_points_of_the_rungs_add_up_to_the_score(subject):
    verdict = judged(subject)
    reached, worth = zip(*re.findall(r"\(([\d.]+) / ([\d.]+)\)", repr(verdict.table)), strict=True)
    assert (sum(map(float, reached)), sum(map(float, worth))) == (verdict.score, verdict.points)


def test_a_rung_costs_by_its_weight(rewritten):
    verdict, *_others = judge_notebook(rewritten(WRONG_SIGN), TESTS, seed=7)
    lost = {rung.behaviour.name: rung.behaviour.weight for rung in verdict.table.verdicts if rung.finding}
    assert lost == {"one_step": 4, "many_steps": 5}
    assert verdict.score == (18 - 4 - 5) / 2


def test_a_slip_in_the_prediction_costs_nothing_of_the_training_that_calls_it():
    network = nbformat.read(ROOT / "solutions" / "optimizers" / "07_neural_network.ipynb", as_version=4)
    slip = rewrite(network, "forward", {"W2 * h + b2": "W2 * h"})
    verdicts = judge_notebook(slip, TESTS.with_name("test_07_neural_network.py"), seed=7)
    assert {verdict.cell: verdict.score for verdict in verdicts} == {
        "forward_check": 1.33,
        "loss_check": 2.0,
        "train_network_check": 12.0,
        "parameters_of_check": 1.0,
        "gradient_through_tanh_check": 1.0,
    }


def test_what_is_told_is_what_the_check_cell_shows(rewritten):
    from coursekit.student.checks import judge

    verdict, *_others = judge_notebook(rewritten(WRONG_SIGN), TESTS, seed=7)
    space = {"torch": __import__("torch")}
    exec(answer(solution("01_sgd", WRONG_SIGN), "sgd").source, space)
    told, shown = (
        [explain(rung.finding) for rung in rungs if rung.finding]
        for rungs in (verdict.table.verdicts, judge(space["SGD"], "SGD"))
    )
    assert told == shown


def test_nbgrader_reads_the_points_from_one_result(solved):
    from nbgrader.utils import determine_grade

    solved, _ = graft(solved, solved)
    answer(solved, "sgd_check").outputs = []
    show_verdicts(solved, judge_notebook(solved, TESTS, seed=7))
    assert determine_grade(answer(solved, "sgd_check")) == (9.0, 9.0)


def test_the_verdicts_are_written_down_beside_what_is_shown(rewritten):
    notebook = rewritten(WRONG_SIGN)
    show_verdicts(notebook, judge_notebook(notebook, TESTS, seed=7))
    (output,) = answer(notebook, "sgd_check").outputs
    about = output.metadata["coursekit"]
    wrong = [(rung["name"], list(rung["named"])) for rung in about["behaviours"] if not rung["right"]]
    assert about["subject"] == "SGD"
    assert wrong == [("one_step", ["uphill"]), ("many_steps", ["uphill"])]


def test_what_came_from_the_student_is_escaped_in_the_feedback(rewritten):
    changes = {"p -= group": "raise ValueError('<script>alert(1)</script>')\n                        p -= group"}
    verdict, *_others = judge_notebook(rewritten(changes), TESTS, seed=7)
    assert "<script>" not in verdict.table.html()
    assert "&lt;script&gt;" in verdict.table.html()


def test_a_notebook_without_hidden_tests_is_an_error_with_the_name_of_the_file(solved, tmp_path):
    with pytest.raises(GradingError, match=r"test_01_sgd\.py does not exist"):
        judge_notebook(solved, tmp_path / "test_01_sgd.py", seed=7)


def test_a_cell_that_no_test_decides_is_an_error(solved, tmp_path):
    tests = tmp_path / "test_01_sgd.py"
    tests.write_text("def test_nothing(): pass\n")
    with pytest.raises(GradingError, match="no test decides the cell 'sgd_check'"):
        judge_notebook(solved, tests, seed=7)


def test_what_lies_above_the_hidden_tests_has_no_say(release, tmp_path):
    (tmp_path / "conftest.py").write_text("def pytest_runtest_makereport(call): call.excinfo = None\n")
    (tmp_path / "hidden").mkdir()
    tests = shutil.copy(TESTS, tmp_path / "hidden")
    verdict, *_others = judge_notebook(release, Path(tests), seed=7)
    assert verdict.score == 0.0


def test_hidden_tests_that_do_not_run_are_an_error(solved, tmp_path):
    tests = tmp_path / "test_01_sgd.py"
    tests.write_text("import nowhere_to_be_found\n")
    with pytest.raises(GradingError, match="cannot be run"):
        judge_notebook(solved, tests, seed=7)


def test_a_test_of_one_s_own_may_decide_points(solved, tmp_path):
    tests = tmp_path / "test_01_sgd.py"
    tests.write_text(
        "import pytest\n"
        "from coursekit.optimizers.ladders import ladder\n"
        "@pytest.mark.cell('sgd_check')\n"
        "def test_rows(student):\n"
        "    '''Thirty steps give 31 rows.'''\n"
        "    scenario = ladder('SGD')[1].trials[0].scenario\n"
        "    assert len(student.run(scenario, 'SGD').rows) == 31\n"
        "@pytest.mark.cell('sgd_check')\n"
        "def test_never():\n"
        "    '''Never right.'''\n"
        "    assert False, 'as it is'\n"
    )
    solved.cells = [answer(solved, name) for name in ("setup", "sgd", "sgd_check")]
    (verdict,) = judge_notebook(solved, tests, seed=7)
    assert verdict.score == 4.5
    assert [rung.behaviour.title for rung in verdict.table.verdicts] == ["Thirty steps give 31 rows", "Never right"]


def judged_by(test: str, notebook: NotebookNode, folder: Path) -> CellVerdict:
    """Judge by the tests of the course and one of an instructor's own."""
    tests = folder / "test_01_sgd.py"
    tests.write_text(f"{TESTS.read_text()}\n\n@pytest.mark.cell('sgd_check')\ndef test_own(student):\n    {test}\n")
    verdict, *_others = judge_notebook(notebook, tests, seed=7)
    return verdict


def test_where_pytest_fails_by_itself_the_same_work_may_be_tried_again(solved, tmp_path):
    tests = tmp_path / "test_01_sgd.py"
    tests.write_text(TESTS.read_text().replace(', cell="sgd_check"', ""))
    with pytest.raises(GradingError, match=r"pytest failed by itself \(KeyError: 'cell'\)") as error:
        judge_notebook(solved, tests, seed=7)
    assert not isinstance(error.value, HiddenTestError)


def test_a_hidden_test_that_fails_by_itself_decides_nothing_and_is_named_with_its_line(solved, tmp_path):
    with pytest.raises(HiddenTestError, match=f"line {LINES + 5}: the hidden test test_own fails by itself"):
        judged_by("student.folow(1)", solved, tmp_path)


def test_a_hidden_test_that_is_skipped_leaves_the_sum(solved, tmp_path):
    verdict = judged_by("pytest.skip('not this year')", solved, tmp_path)
    assert (verdict.score, len(verdict.table.counted)) == (9.0, 11)
    assert str(verdict.table).endswith("(not counted)\n\n" + verdict.table.note)


def test_behaviours_have_the_weights_that_an_instructor_gives_them(rewritten):
    notebook = rewritten(WRONG_SIGN)
    usual, *_others = judge_notebook(notebook, TESTS, seed=7)
    wrong = {f"SGD.{verdict.behaviour.name}": 0.0 for verdict in usual.table.verdicts if verdict.finding}
    excused, *_others = judge_notebook(notebook, TESTS, seed=7, weights=wrong)
    assert (usual.score < 9.0, excused.score) == (True, 9.0)
    assert excused.table.html().count("not counted") == 2 * len(wrong)
    heavy, *_others = judge_notebook(notebook, TESTS, seed=7, weights=dict.fromkeys(wrong, 10.0))
    assert heavy.score < usual.score


def test_what_a_hidden_test_says_of_itself_is_not_shown(solved, tmp_path):
    page = judged_by("assert 0, 'the secret is 4711'", solved, tmp_path).table.html()
    assert "4711" not in page
    assert "A hidden test found this wrong" in page


def test_a_hidden_test_that_stumbles_over_a_student_s_failure_costs_the_student_alone(rewritten, tmp_path):
    scenario = "__import__('coursekit.optimizers.ladders').optimizers.ladders.ladder('SGD', 7)[0].trials[0].scenario"
    notebook = rewritten({"p -= group": "raise ValueError(p); p -= group"})
    verdict = judged_by(f"student.run({scenario}, 'SGD').rows[1]", notebook, tmp_path)
    assert verdict.score == 0.0


def test_the_behaviours_that_decide_a_cell_can_be_listed():
    assert behaviours(TESTS)["sgd_check"]["SGD.one_step"].title == "One step is exact"
