"""What a check cell shows: one line that says how it stands, the ladder, and the first wrong number explained."""

import html.parser

import numpy as np
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from coursekit.behaviours import Behaviour, Finding, Trial, Verdict, judge
from coursekit.checks import FAULTS, Report, check, explain
from coursekit.errors import CheckFailed
from coursekit.following import follow
from coursekit.ladders import SUBJECTS, ladder
from coursekit.trajectories import Difference, Failure, OptimizerScenario, TableScenario
from tests.bank.wrong_basic import RIGHT
from tests.solutions import asking, run, solution

STUB = """
import torch

class SGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        {constructor}

    def step(self):
        # YOUR CODE HERE
        raise NotImplementedError()
"""
NOTHING_WRITTEN = STUB.format(constructor="# YOUR CODE HERE\n        raise NotImplementedError()")
STEP_NOT_WRITTEN = STUB.format(constructor='super().__init__(params, {"lr": learning_rate})')
UPHILL = RIGHT["SGD"].replace("p -= ", "p += ")
ENDLESS = RIGHT["SGD"].replace("p -= lr * g", "while True: pass")


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "en")


def sgd(source):
    return run(source)["SGD"]


def report(subject, name="SGD", language="en"):
    return Report(name=name, verdicts=judge(ladder(name), asking(subject)), language=language)


def found(language="en", **finding):
    return explain(Finding(**finding), language)


# the report


def test_report_of_a_right_answer_says_so_in_one_line():
    subject = sgd(RIGHT["SGD"])
    assert report(subject).summary == "SGD: all 11 behaviours are right."
    assert report(subject, language="fr").summary == "SGD : les 11 comportements sont justes."


def test_report_of_a_wrong_answer_says_what_to_mend_first():
    subject = sgd(RIGHT["SGD"].replace("learning_rate=0.01", "learning_rate=0.1"))
    first = "SGD: 10 of 11 behaviours are right. First to mend: The hyperparameters have their default values."
    assert report(subject).summary == first
    assert report(subject, language="fr").summary.startswith("SGD : 10 / 11 comportements justes.")


def test_report_as_text_marks_every_behaviour_and_explains_the_first_wrong_one():
    text = repr(report(sgd(RIGHT["SGD"].replace('group["lr"]', 'self.defaults["lr"]'))))
    assert text.count("✓") == 9
    assert text.count("✗") == 2
    lines = text.splitlines()
    wrong = lines.index("  ✗ The learning rate of a group is read at each step")
    assert lines[wrong + 1].startswith("      Tried: rate changed before steps 3 and 5. After step 3, parameter 1,")
    assert text.count("Tried:") == 1


def test_report_as_text_in_french_has_no_english_left():
    text = repr(report(sgd(UPHILL), language="fr"))
    assert "✗ Un pas est exact" in text
    assert "Après le pas 1, paramètre 1, élément [0] : attendu " in text
    assert "Il est allé dans le mauvais sens." in text
    for behaviour in ladder("SGD"):
        assert behaviour.title not in text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_report_as_html_says_what_the_text_says(language):
    class Words(html.parser.HTMLParser):
        def __init__(self):
            super().__init__()
            self.words, self.open = [], []

        def handle_starttag(self, tag, _):
            self.open.append(tag)

        def handle_endtag(self, tag):
            assert self.open.pop() == tag

        def handle_data(self, data):
            self.words.append(data)

    shown = report(sgd(UPHILL), language=language)
    words = Words()
    words.feed(shown._repr_html_())
    assert words.open == []
    assert "".join("".join(words.words).split()) == "".join(repr(shown).replace("`", "").split())


def test_html_says_right_and_wrong_without_colour():
    shown = report(sgd(UPHILL), language="fr").html()
    assert 'title="faux">✗' in shown
    assert 'title="juste">✓' in shown


def test_html_escapes_what_came_from_the_student():
    source = RIGHT["SGD"].replace("p -= lr * g", "raise ValueError('<script>alert(1)</script> `<b>`')")
    shown = report(sgd(source))
    assert "<script>alert(1)</script> `<b>`" in repr(shown)
    assert "<script" not in shown.html()
    assert "<b>" not in shown.html()
    assert "&lt;script&gt;" in shown.html()
    note = Report(name="<i>", verdicts=(), note="<img src=x>").html()
    assert "<img" not in note
    assert "<i>" not in note


def test_html_sets_code_between_backquotes():
    verdict = Verdict(
        behaviour=Behaviour(name="", title="", trials=()), finding=Finding(kind="fault", fault="replaced")
    )
    assert "<code>p.add_(...)</code>" in Report(name="SGD", verdicts=(verdict,)).html()


def test_note_stands_below_the_table():
    shown = Report(name="SGD", verdicts=(), note="Decided elsewhere.")
    assert repr(shown).endswith("\n\nDecided elsewhere.")
    assert "Decided elsewhere." in shown.html()


# the explanations


def test_wrong_number_is_explained_by_place_numbers_and_ratio():
    difference = Difference(row=3, item=1, index=(0, 1), expected=-0.48666, got=-1.54, ratio=3.1622776)
    assert found(kind="parameter", trial="three steps", difference=difference) == (
        "Tried: three steps. After step 3, parameter 2, element [0, 1]: expected -0.48666, got -1.54. "
        "The move is 3.162 times what it should be."
    )
    assert found("fr", kind="parameter", trial="three steps", difference=difference) == (
        "Essai : trois pas. Après le pas 3, paramètre 2, élément [0, 1] : attendu -0.48666, obtenu -1.54. "
        "Le déplacement vaut 3.162 fois ce qu'il devrait être."
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
    ],
)
def test_ratio_is_put_into_words(got, ratio, said):
    difference = Difference(row=1, item=0, index=(), expected=2.0, got=got, ratio=ratio)
    assert found(kind="parameter", difference=difference).endswith(said)


def test_wrong_start_is_explained():
    difference = Difference(row=0, item=0, index=(), expected=2.0, got=3.0, ratio=None)
    assert found(kind="parameter", difference=difference) == ("Before the first step, parameter 1: expected 2, got 3.")


def test_exception_is_explained_with_its_line():
    failure = Failure(kind="KeyError", message="'lr'", function="SGD.step", line='lr = group["lr"]')
    assert found(kind="failure", failure=failure) == (
        "Your code raised KeyError: 'lr'. The line in SGD.step: `lr = group[\"lr\"]`"
    )
    assert found("fr", kind="failure", failure=failure) == (
        "Votre code a levé KeyError : 'lr'. La ligne dans SGD.step : `lr = group[\"lr\"]`"
    )


def test_exception_without_message_is_explained_without_one():
    assert (
        found(kind="failure", failure=Failure(kind="AssertionError", message="")) == "Your code raised AssertionError."
    )
    assert found("fr", kind="failure", failure=Failure(kind="KeyError", message="")) == "Votre code a levé KeyError."


def test_braces_in_an_exception_are_left_as_they_are():
    failure = Failure(kind="ValueError", message="{0} {name}", line="x = {}")
    assert "{0} {name}" in found(kind="failure", failure=failure)


def test_code_that_does_not_end_is_explained():
    failure = Failure(kind="TimeLimitExceeded", message="did not end within 5 s")
    assert found(kind="failure", failure=failure) == "Your code did not end in time and was stopped."


def test_other_findings_are_explained_in_both_languages():
    assert found(kind="accepted", fault="ValueError") == "This must raise ValueError, and it raised nothing."
    assert found("fr", kind="accepted", fault="ValueError") == "Ceci doit lever ValueError, et n'a rien levé."
    assert found(kind="short", count=4) == "The result must have 4 rows."
    assert found("fr", kind="short", count=4) == "Le résultat doit avoir 4 lignes."
    assert found(kind="still") == "No parameter moved."
    assert found("fr", kind="still") == "Aucun paramètre n'a bougé."


def test_every_fault_that_a_trial_minds_is_explained():
    minded = {fault for name in SUBJECTS for rung in ladder(name) for trial in rung.trials for fault in trial.faults}
    assert minded == set(FAULTS)
    for fault in minded:
        assert found(kind="fault", fault=fault) != found("fr", kind="fault", fault=fault)


# the check cell


@pytest.mark.parametrize("name", SUBJECTS)
def test_check_of_a_reference_solution_shows_the_report_and_raises_nothing(name, capsys):
    check(solution(name), name)
    shown = capsys.readouterr()
    assert f"{name}: all {len(ladder(name))} behaviours are right." in shown.out
    assert shown.err == ""


def test_check_of_a_wrong_answer_shows_the_report_and_raises_its_summary(capsys):
    with pytest.raises(CheckFailed, match=r"^SGD: 1 of 11 behaviours are right\. First to mend: One step is exact\.$"):
        check(sgd(UPHILL))
    assert "It moved the wrong way." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("source", "function"), [(NOTHING_WRITTEN, "SGD.__init__"), (STEP_NOT_WRITTEN, "SGD.step")], ids=["all", "step"]
)
def test_check_of_a_stub_raises_one_line_and_shows_nothing(source, function, capsys, monkeypatch):
    with pytest.raises(CheckFailed, match=rf"^`{function}` is not written yet\.$"):
        check(sgd(source))
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "fr")
    with pytest.raises(CheckFailed, match=rf"^`{function}` n'est pas encore écrit\.$"):
        check(sgd(source))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["minimise", "tuned", "forward", "loss", "train_network"])
def test_check_of_a_function_that_is_a_stub_raises_one_line(name):
    stub = run(f"def {name}(*_, **__):\n    # YOUR CODE HERE\n    raise NotImplementedError()\n")[name]
    with pytest.raises(CheckFailed, match=f"^`{name}` is not written yet.$"):
        check(stub)


def test_check_of_a_scheduler_that_is_a_stub_raises_one_line():
    methods = "".join(
        f"    def {name}:\n        raise NotImplementedError()\n"
        for name in ("__init__(self, optimizer, initial_lr)", "get_lr(self)", "set_lr(self, lr)")
    )
    with pytest.raises(CheckFailed, match=r"^`LRScheduler\.__init__` is not written yet\.$"):
        check(run(f"class LRScheduler:\n{methods}")["LRScheduler"])


def test_check_waits_only_once_for_code_that_does_not_end(monkeypatch, capsys):
    monkeypatch.setitem(follow.__kwdefaults__, "seconds", 0.1)
    with pytest.raises(CheckFailed, match="0 of 11"):
        check(sgd(ENDLESS))
    assert "did not end in time" in capsys.readouterr().out


def test_check_of_something_unknown_says_what_it_knows():
    known = ", ".join(SUBJECTS)
    with pytest.raises(CheckFailed) as caught:
        check(torch.optim.LBFGS)
    assert str(caught.value) == f"check() knows {known}; not 'LBFGS'."


def test_check_takes_the_name_of_the_course_for_another_one():
    class MyOwn(sgd(RIGHT["SGD"])):
        pass

    check(MyOwn, "SGD")


def test_notebook_shows_a_failed_check_as_one_line(capsys):
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    shell = InteractiveShell(config=settings)
    shell.run_cell(NOTHING_WRITTEN + "\nfrom coursekit import check")
    shell.run_cell("check(SGD)")
    shown = capsys.readouterr()
    assert shown.out.strip() == "`SGD.__init__` is not written yet."
    assert shown.err == ""


def test_report_counts_what_is_right_and_finds_the_first_wrong():
    trial = Trial(label="three steps", scenario=TableScenario(rows=(), columns=()), accept=lambda _: None)
    moving = Trial(label="three steps", scenario=OptimizerScenario(start=(np.ones(1),), gradients=((np.ones(1),),)))
    rungs = (
        Behaviour(name="a", title="One step is exact", trials=(moving,)),
        Behaviour(name="b", title="Many steps are exact", trials=(trial,)),
    )
    shown = Report(name="SGD", verdicts=judge(rungs, asking(sgd(RIGHT["SGD"]))))
    assert shown.right == 1
    assert shown.first_wrong.behaviour.name == "b"
