"""A scenario as a script: what it leaves, run by anybody, is what the scenario leaves."""

import copy
import math

import numpy as np
import pytest
import torch

import coursekit
from coursekit.judging.calls import TableScenario
from coursekit.judging.running import run
from coursekit.judging.subject import subject
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.scripts import script
from tests.bank.wrong import RIGHT
from tests.solutions import EXERCISES, defined

SAID = sorted({name for name in EXERCISES if not name.startswith("test_")} - {"tuned"})  # a test makes its own calls


def every_scenario(exercise):
    """List what the trials of a ladder ask, also of the student's own class to compare with."""
    about = defined(RIGHT[exercise])[exercise]
    asked = {}

    def ask(scenario):
        asked.setdefault(scenario, run(about, scenario))
        return asked[scenario]

    for behaviour in ladder(exercise, 7):
        behaviour.judge(ask)
    assert asked
    return asked


def rows_of(made, who, space):
    """Run a script for `who`, "student" or "right", up to what is raised."""
    body = "\n".join(f"    {line}" for line in made.steps)
    code = "\n".join(["def calls(make):", body, *made.student, *made.right])
    space |= {"copy": copy, "math": math, "torch": torch, "coursekit": coursekit}
    exec(code, space)
    rows = []
    try:
        for row in space["calls"](space[who]):
            rows += [tuple(np.array(item, float) for item in row)]
    except Exception as error:
        return rows, type(error).__name__
    return rows, ""


def same(rows, others):
    pairs = [pair for row, other in zip(rows, others, strict=True) for pair in zip(row, other, strict=True)]
    return all(np.array_equal(one, other, equal_nan=True) for one, other in pairs)


@pytest.mark.parametrize("exercise", SAID)
def test_script_leaves_what_the_scenario_leaves(exercise):
    for scenario, trajectory in every_scenario(exercise).items():
        made = script(scenario, exercise, trajectory.faults)
        rows, raised = rows_of(made, "student", defined(RIGHT[exercise]))
        assert raised == (trajectory.failure.kind if trajectory.failure else "")
        assert same(rows, trajectory.rows), "\n".join(made.steps)


@pytest.mark.parametrize("exercise", SAID)
def test_right_in_a_script_is_torch_s_own(exercise):
    right = subject().known(exercise).right
    for scenario, trajectory in every_scenario(exercise).items():
        if trajectory.failure is None:
            rows, raised = rows_of(script(scenario, exercise), "right", {})
            assert raised == ""
            for row, known in zip(rows, right(scenario).rows, strict=True):
                np.testing.assert_allclose(row[0], known[0], rtol=1e-12)


def test_names_of_a_constructor_s_own_are_those_of_the_script():
    source = RIGHT["Adam"].replace("beta1=0.9, beta2=0.999, epsilon", "betas=(0.9, 0.999), momentum=None, eps")
    source = source.replace("beta1=beta1, beta2=beta2, epsilon=epsilon", "betas=betas, eps=eps")
    for number in (1, 2):
        source = source.replace(f'group["beta{number}"]', f'group["betas"][{number - 1}]')
    source = source.replace('group["epsilon"]', 'group["eps"]').replace("def step(self):", "def step(self, closure):")
    written = defined(source)["Adam"]
    for scenario in every_scenario("Adam"):
        trajectory = run(written, scenario)
        if len(scenario.hyperparameters.keys() & {"beta1", "beta2"}) != 1:  # half a pair cannot be given
            rows, raised = rows_of(script(scenario, "Adam", trajectory.faults), "student", {"Adam": written})
            assert (raised, trajectory.failure) == ("", None)
            assert same(rows, trajectory.rows)


def test_function_that_an_author_added_is_called_and_nothing_stands_for_what_is_right():
    scenario = ladder("forward")[0].trials[0].scenario
    made = script(scenario, "clip")
    assert made.right == ()
    rows, raised = rows_of(made, "student", {"clip": lambda *given: given[0] + given[1]})
    assert (raised, len(rows)) == ("", 1)


def test_a_table_is_no_script():
    assert script(TableScenario(rows=("SGD",), columns=("learning_rate",)), "tuned") is None
