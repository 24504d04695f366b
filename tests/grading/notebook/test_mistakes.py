"""What a class gets wrong is counted from its graded notebooks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from coursekit.grading.notebook.mistakes import MistakeMade, left_out, mistakes, written_down
from coursekit.judging.behaviours import Finding, Verdict
from coursekit.optimizers.ladders import ladder
from tests.solutions import diagnosed


def grade(
    autograded: Path,
    student: str,
    wrong: dict[str, tuple[str, ...]],
    *,
    kind: str = "parameter",
    points: bool = True,
    uncounted: str = "",
) -> None:
    """Leave a graded notebook on Adam in which the behaviours in `wrong` are, for each what is said to be wrong."""
    rungs = [replace(rung, weight=0) if rung.name == uncounted else rung for rung in ladder("Adam")]
    verdicts = tuple(
        Verdict(behaviour=rung, finding=Finding(kind=kind, named=diagnosed("Adam", *wrong[rung.name])))
        if rung.name in wrong
        else Verdict(behaviour=rung, finding=None)
        for rung in rungs
    )
    output = nbformat.v4.new_output("execute_result", metadata={"coursekit": written_down("Adam", verdicts)})
    cell = nbformat.v4.new_code_cell(outputs=[output], metadata={"nbgrader": {"grade": points}})
    path = autograded / student / "optimizers" / "04_adam.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)


@pytest.fixture
def autograded(tmp_path: Path) -> Path:
    """Return the graded notebooks of four students."""
    grade(tmp_path, "ada", {"many_steps": ("no_correction",)})
    grade(tmp_path, "blaise", {"one_step": ("epsilon_inside",), "many_steps": ("epsilon_inside",)})
    grade(tmp_path, "carl", {"one_step": ("epsilon_inside",)})
    grade(tmp_path, "dora", {"groups": ()})
    return tmp_path


def test_each_student_counts_once_for_a_mistake_and_the_most_frequent_comes_first(autograded):
    assert mistakes(autograded, "optimizers", "en") == [
        MistakeMade(text="Adam with ε inside the square root", students=("blaise", "carl")),
        MistakeMade(text="Adam without the correction of the averages", students=("ada",)),
        MistakeMade(text="Adam: A group may override any hyperparameter", students=("dora",)),
    ]


def test_mistakes_are_said_in_french(autograded):
    said = {mistake.students: mistake.text for mistake in mistakes(autograded, "optimizers", "fr")}
    assert said["blaise", "carl"] == "Adam avec ε sous la racine carrée"
    assert said["dora",] == "Adam\u00a0: Un groupe peut remplacer tout hyperparamètre"


def test_what_is_right_and_what_is_not_written_is_no_mistake(tmp_path):
    grade(tmp_path, "ada", {})
    grade(tmp_path, "blaise", {rung.name: () for rung in ladder("Adam")}, kind="unwritten")
    assert mistakes(tmp_path, "optimizers", "en") == []


def test_mistakes_made_together_are_each_counted(tmp_path):
    grade(tmp_path, "ada", {"many_steps": ("no_correction betas_swapped",)})
    said = [mistake.text for mistake in mistakes(tmp_path, "optimizers", "en")]
    assert said == ["Adam with β₁ and β₂ exchanged", "Adam without the correction of the averages"]


def test_where_there_are_only_candidates_the_behaviour_is_said(tmp_path):
    grade(tmp_path, "ada", {"many_steps": ("no_correction", "betas_swapped")})
    assert [mistake.text for mistake in mistakes(tmp_path, "optimizers", "en")] == ["Adam: Many steps are exact"]


def test_where_nothing_is_right_one_line_says_so(tmp_path):
    grade(tmp_path, "ada", {rung.name: () for rung in ladder("Adam")}, kind="failure")
    assert [mistake.text for mistake in mistakes(tmp_path, "optimizers", "en")] == ["Adam: no behaviour is right"]


def test_another_assignment_is_not_counted(autograded):
    assert mistakes(autograded, "optimiseurs", "fr") == []


def test_what_stands_in_other_cells_is_not_counted(tmp_path):
    grade(tmp_path, "ada", {"one_step": ("epsilon_inside",)}, points=False)
    assert mistakes(tmp_path, "optimizers", "en") == []


def test_a_behaviour_that_does_not_count_is_nobody_s_mistake_and_is_listed(tmp_path):
    wrong = {rung.name: () for rung in ladder("Adam") if rung.name != "groups"}
    grade(tmp_path, "ada", wrong, uncounted="groups")
    grade(tmp_path, "blaise", {"groups": ()}, uncounted="groups")
    assert mistakes(tmp_path, "optimizers", "en") == [
        MistakeMade(text="Adam: no behaviour is right", students=("ada",))
    ]
    assert left_out(tmp_path, "optimizers") == ["Adam: A group may override any hyperparameter"]


def test_what_does_not_count_is_told_although_a_graded_notebook_is_damaged(tmp_path):
    grade(tmp_path, "ada", {}, uncounted="groups")
    (tmp_path / "ada" / "optimizers" / "03_adagrad.ipynb").write_text("{")
    assert left_out(tmp_path, "optimizers") == ["Adam: A group may override any hyperparameter"]
