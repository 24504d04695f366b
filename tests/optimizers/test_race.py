"""The fair race: tables that count, an oracle that brute force agrees with, and mistakes that cost what they break."""

import itertools
import math

import numpy as np
import pytest

from coursekit.judging.behaviours import remembering
from coursekit.judging.explanations import help_with
from coursekit.judging.faults import Fault
from coursekit.judging.running import run
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.ladders.race import compared, p_value, tuned
from coursekit.optimizers.racing import ComparisonScenario, Table, TuningScenario
from tests.bank.wrong import RIGHT
from tests.solutions import asking, defined

SEEDS = (0, 1, 7, 20261001)
TUNING = {
    "rates": (0.1, 1.0),
    "seeds": (3, 5),
    "losses": np.array([[[4.0, 2.0], [4.0, math.nan]], [[9.0, 3.0], [9.0, 5.0]]]),
}
RACE = {
    "names": ("SGD", "Adam"),
    "rates": {"SGD": (0.1, 1.0), "Adam": (0.1, 1.0)},
    "known": (0.1, 1.0),
    "budget": 2,
    "tuning_seeds": (3,),
    "seeds": (5,),
    "losses": (np.array([[[4.0], [1.0]], [[2.0], [6.0]]]), np.array([[[1.0], [7.0]], [[2.0], [math.inf]]])),
}


def findings(name, source):
    ask = remembering(asking(defined(source)[name]))
    return {each.name: each.judge(ask) for each in ladder(name)}


# the tables


def test_a_run_is_looked_up_and_counted():
    table = Table(**TUNING)
    assert table.run(1.0, 3) == [9.0, 3.0]
    assert table.run(seed=3, rate=np.float32(1.0)) == [9.0, 3.0]
    assert table.calls.tolist() == [[0, 0], [2, 0]]


@pytest.mark.parametrize("given", [(0.2, 3), (0.1, 4), (3, 0.1)])
def test_what_was_not_run_is_not_there(given):
    with pytest.raises(LookupError, match="there is no run with"):
        Table(**TUNING).run(*given)


def test_what_a_run_returns_may_be_changed():
    table = Table(**TUNING)
    table.run(1.0, 3).clear()
    assert table.run(1.0, 3) == [9.0, 3.0]


def test_what_a_student_is_given_does_not_lead_to_the_best_rate():
    assert not hasattr(Table(**TUNING).run, "__self__")


def test_a_rate_with_a_diverged_run_is_infinitely_bad():
    table = Table(**TUNING)
    assert table.ends((0.1, 1.0), (3, 5)).tolist() == [[2.0, math.inf], [3.0, 5.0]]
    assert table.best((0.1, 1.0), (3, 5)) == 1.0
    assert table.best((0.1, 1.0), (3,)) == 0.1


# the oracle


@pytest.mark.parametrize("seed", SEEDS)
def test_right_numbers_are_those_of_plain_loops(seed):
    for name, expected in (("tuned_rate", tuned), ("compare", compared)):
        written = defined(RIGHT[name])[name]
        kinds = (TuningScenario, ComparisonScenario)
        trials = [trial.scenario for each in ladder(name, seed) for trial in each.trials]
        for scenario in (each for each in trials if isinstance(each, kinds)):
            rows = run(written, scenario).rows
            assert [row[0].tolist() for row in rows] == [row[0].tolist() for row in expected(scenario)]


@pytest.mark.parametrize("count", range(9))
def test_p_value_is_the_share_of_coins_that_fall_as_unevenly(count):
    flips = [sum(flip) for flip in itertools.product((-1, 1), repeat=count)]
    for wins in range(count + 1):
        signs = [1.0] * wins + [-1.0] * (count - wins) + [0.0]
        share = sum(abs(flip) >= abs(sum(signs)) for flip in flips) / len(flips)
        assert p_value(np.zeros(count + 1), np.array(signs)) == pytest.approx(share, abs=1e-12)


def test_lists_that_are_changed_are_a_fault():
    changed = (Fault("argument_changed"),)
    cut = RIGHT["compare"].replace("[:budget]", "\n        del tried[1:]")
    assert run(defined(cut)["compare"], ComparisonScenario(**RACE)).faults == changed
    assert run(lambda *given: given[1].pop(), TuningScenario(**TUNING)).faults == changed
    assert run(lambda *given: given[1][0], TuningScenario(**TUNING)).faults == ()


# what is lent


def test_a_wrong_tuning_costs_the_comparison_nothing():
    source = RIGHT["compare"].replace("return min(means", "return max(means")
    assert not any(findings("compare", source).values())


def test_a_tuning_that_is_not_written_costs_the_comparison_nothing():
    source = RIGHT["compare"].replace("    means = {}\n    for", "    raise NotImplementedError\n    for")
    assert not any(findings("compare", source).values())


def test_a_tuning_with_arguments_of_its_own_may_be_used():
    source = RIGHT["compare"].replace("(run, rates, seeds)", "(rates, run, seeds)")
    source = source.replace("(runs[name], tried, tuning_seeds)", "(tried, runs[name], tuning_seeds)")
    assert not any(findings("compare", source).values())


def test_what_is_lent_is_gone_after_the_call():
    space = defined(RIGHT["compare"])
    own = space["tuned_rate"]
    run(space["compare"], ComparisonScenario(**RACE))
    assert space["tuned_rate"] is own


# what is told


def test_a_run_that_was_made_twice_is_told_with_its_call():
    finding = findings("tuned_rate", RIGHT["tuned_rate"].replace("losses[-1]", "run(rate, seed)[-1]"))["once"]
    said = help_with(finding, "tuned_rate").what
    assert "`run(" in said
    assert said.endswith("must be called this many times: 1; it was called 2.")


def test_unequal_budgets_are_told_by_their_name():
    source = RIGHT["compare"].replace("[:budget]", "")
    wrong = {name: finding for name, finding in findings("compare", source).items() if finding}
    assert list(wrong) == ["budget"]
    said = help_with(wrong["budget"], "compare").what
    assert "as your own code does where all rates are as good as the best" in said


def test_the_luckiest_seed_is_told_beside_the_mean_with_code_that_shows_it():
    source = RIGHT["tuned_rate"].replace("sum(ends) / len(ends)", "min(ends)")
    steps = help_with(findings("tuned_rate", source)["all_seeds"], "tuned_rate")
    assert "as your own code returns with one seed that leaves the mean, and it is" in steps.what
    assert "print(tuned_rate(lambda rate, seed: losses[rate][seed]," in steps.by_hand


def test_a_list_of_another_length_is_told_with_the_name_of_the_optimizer():
    finding = findings(
        "compare", RIGHT["compare"].replace("in seeds:\n            losses", "in seeds[:1]:\n            losses")
    )
    said = help_with(finding["measured"], "compare").what
    assert "In `SGD`: its shape is `(1,)`, it must be `(3,)`." in said


@pytest.mark.parametrize("constant", [0.05, 1.0, math.inf])
def test_a_number_that_does_not_change_with_the_losses_gets_nothing_but_what_is_true_of_it(constant):
    source = f"import math\ndef sign_test(losses, others):\n    return float('{constant}')\n"
    right = {name for name, finding in findings("sign_test", source).items() if not finding}
    assert right <= {"even"}
