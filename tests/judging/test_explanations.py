"""The words for what is wrong: which number and how, which exception, and which mistake leaves such numbers."""

from dataclasses import replace

import numpy as np
import pytest

from coursekit.judging.behaviours import Finding
from coursekit.judging.explanations import explain, help_with, name_mistake, number
from coursekit.judging.faults import WORDS, Fault
from coursekit.judging.running import describe
from coursekit.judging.running import run as run_through
from coursekit.judging.trajectories import Difference, Failure, Trajectory, compare
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.mistakes import SUBJECTS
from coursekit.reading.statements import read
from tests.solutions import EXERCISES, defined, diagnosed, of


def found(language="en", **finding):
    return explain(Finding(**finding), language)


def named(*sets, subject="Adam", language="en"):
    """Say what a diagnosis of these sets, each of names apart by spaces, means."""
    return name_mistake(Finding(kind="parameter", named=diagnosed(subject, *sets)), subject, language)


def run(*values):
    return Trajectory(rows=tuple((np.array(value, float),) for value in values))


def parted(got, expected):
    """Explain what is wrong in a run of one parameter."""
    got, expected = run(*got), run(*expected)
    return found(kind="parameter", difference=compare(got, expected), pair=(got, expected))


# wrong numbers


def test_wrong_number_is_explained_by_place_numbers_and_ratio():
    difference = Difference(row=3, item=1, index=(0, 1), expected=-0.48666, got=-1.54, ratio=3.1622776)
    assert found(kind="parameter", trial="three steps", difference=difference) == (
        "Tried: three steps. After step 3, parameter 2, element [0, 1]: expected -0.48666, got -1.54. "
        "The move is 3.162 times what it should be."
    )
    assert found("fr", kind="parameter", trial="three steps", difference=difference) == (
        "Essai\u00a0: trois pas. Après le pas 3, paramètre 2, élément [0, 1]\u00a0: attendu -0,48666\u00a0; obtenu "
        "-1,54. Le déplacement vaut 3,162 fois ce qu'il devrait être."
    )


def test_number_that_the_students_own_code_decides_says_so():
    difference = Difference(row=1, item=0, index=(), expected=2.0, got=3.0, ratio=None)
    assert found(kind="parameter", as_in="with one parameter", difference=difference) == (
        "After step 1, parameter 1: expected 2, as your own code does with one parameter; got 3."
    )
    assert found("fr", kind="parameter", as_in="with one parameter", difference=difference) == (
        "Après le pas 1, paramètre 1\u00a0: attendu 2, comme le fait votre propre code avec un seul paramètre\u00a0; "
        "obtenu 3."
    )


def test_number_that_must_not_change_any_more_is_told_with_the_call_that_gave_it():
    got, steady = run([0.4], [0.2], [-0.1], [-0.4], [-0.7]), run([0.4], [0.2], [-0.1], [-0.1], [-0.1])
    given = {"kind": "rate", "as_in": "one step before", "difference": compare(got, steady), "pair": (got, steady)}
    assert found(steady=True, **given) == (
        "Call 2 gave -0.1, call 3 gave -0.4 for the rate of group 1: after the last step it must not change."
    )
    assert found("fr", steady=True, **given) == (
        "Pour le taux du groupe 1, l'appel 2 a donné -0,1 et l'appel 3 a donné -0,4\u00a0: après le dernier pas, ce "
        "nombre ne doit plus changer."
    )


@pytest.mark.parametrize(
    ("got", "ratio", "said"),
    [
        (1.0, 0.0, "It did not move at all in this step."),
        (0.0, -1.0, "It moved the wrong way."),
        (-1.0, -2.0, "It moved the wrong way. The move is 2 times what it should be."),
        (3.0, 2.0, "The move is 2 times what it should be."),
        (3.0, None, "got 3."),
        (float("nan"), None, "got nan."),
        (2.1, 1.0000001, "got 2.1."),
        (2.1, 1.00002, "got 2.1."),
    ],
)
def test_ratio_is_put_into_words(got, ratio, said):
    difference = Difference(row=1, item=0, index=(), expected=2.0, got=got, ratio=ratio)
    assert found(kind="parameter", difference=difference).endswith(said)


@pytest.mark.parametrize(
    ("got", "said"),
    [
        ((1, 3, 1, 7), "Every move is 2 times what it should be."),
        ((1, 0, 1, -2), "Every move goes the wrong way."),
        ((1, -1, 1, -5), "Every move goes the wrong way. Every move is 2 times what it should be."),
        ((1, 3, 2, 7), "The move is 2 times what it should be."),
        ((1, 0, 1, 5), "It moved the wrong way."),
        ((1, 1, 1, 1), "It never moved."),
        ((1, 1, 1, 2), "It did not move at all in this step."),
    ],
)
def test_what_the_moves_have_in_common_is_said(got, said):
    assert parted(got, (1, 2, 1, 4)).removeprefix("After step 1, parameter 1: expected 2, got ").endswith(f". {said}")


def test_nothing_is_said_of_every_move_after_few_steps():
    assert parted((1, 3, 1), (1, 2, 1.5)).endswith("The move is 2 times what it should be.")
    assert parted((1, 1), (1, 2)).endswith("It did not move at all in this step.")


@pytest.mark.parametrize(("last", "said"), [(8, "Every move is 2 times"), (9, "The move is 2 times")])
def test_every_move_is_every_move_of_every_parameter(last, said):
    def both(*moves):
        return Trajectory(rows=tuple((np.array([float(one)]), np.array(float(other))) for one, other in moves))

    expected, got = both((0, 0), (1, 1), (2, 3), (4, 4)), both((0, 0), (2, 2), (4, 6), (8, last))
    assert said in found(kind="parameter", difference=compare(got, expected), pair=(got, expected))


@pytest.mark.parametrize("last", [(), (np.ones(3),), (np.ones(2), np.ones(1))], ids=["none", "other shape", "two"])
def test_nothing_is_said_of_every_move_where_rows_have_other_shapes(last):
    expected = run((0, 0), (1, 1), (2, 2), (4, 4))
    got = run((0, 0), (2, 2), (4, 4))
    got = Trajectory(rows=(*got.rows, last))
    said = found(kind="parameter", difference=compare(got, expected), pair=(got, expected))
    assert said.endswith("The move is 2 times what it should be.")


def test_wrong_start_is_explained():
    difference = Difference(row=0, item=0, index=(), expected=2.0, got=3.0, ratio=None)
    said = "Before the first step parameter 1 has moved: the constructor must not move it."
    assert found(kind="parameter", difference=difference) == said


def test_wrong_rate_is_explained_by_call_and_group():
    rate = Difference(row=4, item=0, index=(1,), expected=0.1, got=0.2, ratio=None)
    assert found(kind="rate", difference=rate) == "After call 4, the rate of group 2: expected 0.1, got 0.2."
    asked = Difference(row=0, item=1, index=(), expected=0.1, got=0.2, ratio=None)
    assert (
        found(kind="rate", difference=asked) == "Before the first call, what get_lr() returned: expected 0.1, got 0.2."
    )
    assert found("fr", kind="rate", difference=rate) == (
        "Après l'appel 4, le taux du groupe 2\u00a0: attendu 0,1\u00a0; obtenu 0,2."
    )


def test_wrong_result_is_explained_by_row_and_element():
    difference = Difference(row=2, item=0, index=(1,), expected=1.0, got=2.0, ratio=None)
    assert found(kind="result", difference=difference) == "In row 2 of the result, element [1]: expected 1, got 2."
    single = Difference(row=0, item=0, index=(), expected=1.0, got=2.0, ratio=None)
    assert found("fr", kind="result", difference=single) == (
        "Dans la ligne 0 du résultat, le nombre\u00a0: attendu 1\u00a0; obtenu 2."
    )
    pair = Trajectory(rows=((np.array(2.0),),)), Trajectory(rows=((np.array(1.0),),))
    assert found(kind="result", difference=single, pair=pair) == "The result must be 1, and it is 2."


@pytest.mark.parametrize(("value", "written"), [(1 / 3, "0.33333333"), (2.0, "2"), (1e-20, "1e-20"), (np.inf, "inf")])
def test_number_has_as_many_digits_as_a_person_can_compare(value, written):
    assert number(value) == written
    assert number(1 / 3, 2) == "0.33"


# exceptions


def test_exception_is_explained_with_its_line():
    failure = Failure(kind="KeyError", message="'lr'", function="SGD.step", line='lr = group["lr"]', number=7)
    assert found(kind="failure", failure=failure) == (
        'Your code stopped here with an exception, `KeyError`. Line 7, in SGD.step: `lr = group["lr"]`'
    )
    assert found("fr", kind="failure", failure=failure) == (
        'Votre code s\'est arrêté ici avec une exception, `KeyError`. Ligne 7, dans SGD.step\u00a0: `lr = group["lr"]`'
    )


@pytest.mark.parametrize(
    ("cell", "number", "line", "message"),
    [
        ("x = 1\n\nclass SGD(:\n    pass", 3, "class SGD(:", "invalid syntax"),
        ("def step(self):\n    p = 1\n  q = 2", 3, "q = 2", "unindent does not match any outer indentation level"),
    ],
)
def test_cell_that_python_cannot_read_is_explained_with_its_line_and_in_python_s_words(cell, number, line, message):
    with pytest.raises(SyntaxError) as raised:
        read(cell, "<a cell>")
    failure = describe(raised.value.with_traceback(None))  # none of its frames is a student's
    steps = help_with(Finding(kind="failure", trial="one step", failure=failure), "SGD")
    assert steps.what == f"Python cannot read line {number} of your cell, `{line}`, so nothing of the cell is there."
    assert steps.raw == f"Your code raised {raised.type.__name__}: {message}."
    assert steps.by_hand == ""


def test_line_that_is_told_is_the_student_s_and_not_one_of_python_s_own_library():
    space = defined("import json\n\ndef wrong():\n    json.loads('no')")
    with pytest.raises(ValueError, match="Expecting value") as raised:
        space["wrong"]()
    failure = describe(raised.value)
    assert (failure.function, failure.number, failure.line) == ("wrong", 4, "json.loads('no')")


def test_cause_of_an_exception_that_is_known_is_said_in_words_and_what_python_says_comes_last():
    failure = Failure(kind="KeyError", message="'lr'", function="SGD.step", line='lr = group["lr"]')
    steps = help_with(Finding(kind="failure", failure=failure), "SGD")
    assert steps.what.startswith("The group has no entry `lr`.")
    assert steps.fix.startswith("Put the learning rate there under this key")
    assert steps.lines[-1] == steps.raw == "Your code raised KeyError: 'lr'."


def test_exception_without_message_is_explained_without_one():
    failure = Failure(kind="AssertionError", message="", function="SGD.step")
    assert help_with(Finding(kind="failure", failure=failure), "SGD").raw == "Your code raised AssertionError."
    assert help_with(Finding(kind="failure", failure=failure), "SGD", "fr").raw == "Votre code a levé AssertionError."


def test_what_is_returned_and_cannot_be_read_is_no_exception_of_the_students():
    finding = Finding(kind="failure", failure=Failure(kind="Unreadable", message="a text; a number or a tensor"))
    assert help_with(finding, "forward").what == "It returned a text; a number or a tensor is wanted."
    french = "Ce qui a été renvoyé\u00a0: un texte\u00a0; ce qu'il faut\u00a0: un nombre ou un tenseur."
    assert help_with(finding, "forward", "fr").what == french
    assert help_with(finding, "forward").raw == ""


def test_type_of_what_is_returned_is_told_as_it_is_called():
    failure = Failure(kind="Unreadable", message="a value of type `{0}`; one number")
    said = [help_with(Finding(kind="failure", failure=failure), "lag", language).what for language in ("en", "fr")]
    assert said[0] == "It returned a value of type `{0}`; one number is wanted."
    assert "une valeur de type `{0}`" in said[1]


def test_numbers_too_few_are_no_exception_of_the_students():
    finding = Finding(kind="failure", failure=Failure(kind="Unfit", message=""))
    assert help_with(finding, "SGD").what.startswith("There are more or fewer numbers")
    assert help_with(finding, "SGD").raw == ""


def test_exception_that_no_line_of_the_student_raised_is_not_called_theirs():
    finding = Finding(kind="failure", failure=Failure(kind="OSError", message="no words for it"))
    assert help_with(finding, "SGD").what == "The call ended with an exception, `OSError`."
    assert help_with(finding, "SGD").raw == "The call ended with OSError: no words for it."


def test_exception_of_a_student_may_be_called_as_ours():
    failure = Failure(kind="Unreadable", message="mine", function="SGD.step", line="raise Unreadable('mine')")
    assert help_with(Finding(kind="failure", failure=failure), "SGD").raw == "Your code raised Unreadable: mine."


def test_braces_in_an_exception_are_left_as_they_are():
    failure = Failure(kind="ValueError", message="{0} {name}", line="x = {}")
    assert "{0} {name}" in help_with(Finding(kind="failure", failure=failure), "SGD").raw


def test_code_that_does_not_end_is_explained():
    failure = Failure(kind="TimeLimitExceeded", message="did not end within 5 s")
    assert found(kind="failure", failure=failure) == "Your code did not end in time and was stopped."


def test_use_of_torch_is_explained_without_what_was_tried():
    failure = Failure(kind="Delegated", message="torch.optim.Adam", function="Adam.step", line="super().step()")
    said = found(kind="failure", trial="three steps", failure=failure)
    assert said.startswith("Your code uses `torch.optim.Adam` of torch. Write the rule yourself")
    said = found("fr", kind="failure", trial="three steps", failure=failure)
    assert said.startswith("Votre code utilise `torch.optim.Adam` de torch. Écrivez la règle vous-même")


def test_stub_is_named():
    failure = Failure(kind="NotImplementedError", message="", function="SGD.step")
    assert found(kind="unwritten", trial="three steps", failure=failure) == "`SGD.step` is not written yet."
    assert found("fr", kind="unwritten", failure=failure) == "`SGD.step` n'est pas encore écrit."


@pytest.mark.parametrize(
    ("line", "leftover"),
    [
        ("raise NotImplementedError()", True),
        ("raise NotImplementedError", True),
        ("raise NotImplementedError('odd')", False),
    ],
)
def test_only_a_line_of_the_stub_is_to_be_deleted(line, leftover):
    space = {}
    exec(f"def step(odd):\n    odd = odd + len([])\n    {line}", space)
    with pytest.raises(NotImplementedError) as raised:
        space["step"](1)
    failure = replace(describe(raised.value), line=line)
    assert ("A line of the stub is still in" in found(kind="failure", failure=failure)) == leftover


# other findings


def test_several_numbers_in_the_place_of_one_are_told():
    source = "import torch\n\ndef loss(prediction, target):\n    return torch.stack([(target - prediction) ** 2] * 2)"
    wrong = ladder("loss")[0].judge(lambda scenario: run_through(defined(source)["loss"], scenario))
    assert explain(wrong).endswith("The result must be one number, and it has 2 rows.")
    assert explain(wrong, "fr").endswith("Le résultat doit être un seul nombre, et il a 2 lignes.")


def test_a_function_that_returns_its_last_position_alone_is_not_told_that_nothing_has_moved():
    source = "def minimise(optimizer_class, function, start, steps, **_):\n    return start + 1"
    (kept,) = [each for each in ladder("minimise") if each.name == "start_kept"]
    wrong = kept.judge(lambda scenario: run_through(defined(source)["minimise"], scenario))
    assert explain(wrong) == "Tried: SGD, two steps. The result must have 3 rows."


def test_other_findings_are_explained_in_both_languages():
    assert found(kind="accepted", wanted="ValueError") == "This must raise ValueError, and it raised nothing."
    assert found("fr", kind="accepted", wanted="ValueError") == "Ceci doit lever ValueError, et n'a rien levé."
    assert found(kind="short", count=4) == "The result must have 4 rows."
    assert found("fr", kind="short", count=4) == "Le résultat doit avoir 4 lignes."
    assert found(kind="same", same="The rate never fell.") == "The rate never fell."
    assert found("fr", kind="same", same="The rate never fell.") == "Le taux n'a jamais baissé."


@pytest.mark.parametrize("kind", ["parameter", "gradient"])
def test_a_wrong_number_of_a_run_that_must_not_be_as_another_is_told_as_both(kind):
    difference = Difference(row=1, item=0, index=(), expected=2.0, got=3.0, ratio=None)
    said = found(kind=kind, difference=difference, same="The rate never fell.")
    assert "expected 2, got 3." in said
    assert said.endswith("The rate never fell.")


def test_every_fault_that_a_trial_minds_is_explained():
    minded = {
        fault
        for name in EXERCISES
        for behaviour in ladder(name)
        for trial in behaviour.trials
        for fault in trial.faults
    }
    assert minded == set(WORDS)
    for fault in minded:
        assert found(kind="fault", fault=Fault(fault)) != found("fr", kind="fault", fault=Fault(fault))


# named mistakes


def test_mistake_is_named_explained_and_sent_to_where_it_can_be_read_again():
    title, words, where = named("epsilon_inside")
    assert title == "Your numbers are those of Adam with ε inside the square root."
    assert words.count(". ") >= 1
    assert where == "Read again “What usually goes wrong” in `04_adam`."


def test_mistake_is_named_in_french():
    title, _, where = named("epsilon_inside", language="fr")
    assert title == "Vos nombres correspondent à ceci : Adam avec ε sous la racine carrée."
    assert where == "À relire\u00a0: «\u00a0Erreurs fréquentes\u00a0», dans `04_adam`."


def test_several_candidates_are_listed_in_one_line_and_not_explained():
    (line,) = named("none_as_zero", "none_counts")
    assert line.startswith("More than one mistake leaves your numbers: Adam ")
    assert line.count("; Adam ") == 1
    (line,) = named("none_as_zero", "none_counts", language="fr")
    assert line.startswith("Plusieurs erreurs donneraient ces nombres\u00a0: Adam ")


def test_nothing_is_named_where_nothing_is_known():
    assert named() == ()


def test_two_mistakes_of_a_set_are_both_explained():
    titles, inside, rootless, *where = named("epsilon_inside no_root")
    assert titles.startswith("2 mistakes together leave your numbers: Adam with ε inside the square root; Adam ")
    assert (inside, rootless) == (named("epsilon_inside")[1], named("no_root")[1])
    assert where == [named("epsilon_inside")[2], named("no_root")[2]]
    together = named("epsilon_inside no_root", language="fr")[0]
    assert together.startswith("2 erreurs ensemble donnent vos nombres\u00a0: ")


def test_sets_of_mistakes_are_candidates_too():
    (line,) = named("epsilon_inside no_root", "no_correction")
    assert line.startswith("More than one mistake leaves your numbers: Adam with ε inside the square root + Adam ")
    assert line.endswith("; Adam without the correction of the averages.")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_mistake_of_the_catalogue_can_be_named(language):
    mistakes = [(each.name, subject) for subject in SUBJECTS for each in of(subject)]
    said = {(name, subject): named(name, subject=subject, language=language) for name, subject in mistakes}
    assert {len(lines) for lines in said.values()} == {3}
    assert {mistake: lines for mistake, lines in said.items() if set("{}") & set("".join(lines))} == {}
