"""The code in a step of help: it can be run, it shows what the check found, and it tells no hidden number."""

import io
import math
import re
from contextlib import redirect_stdout

import pytest
import torch

import coursekit
from coursekit.judging.behaviours import HIDDEN, remembering
from coursekit.judging.explanations import help_with
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.references import SIGNATURES, stand_in
from tests.bank.wrong import MISTAKES, RIGHT
from tests.solutions import asking, defined

NUMBER = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?|nan|inf")


def first_finding(subject, written):
    ask = remembering(asking(written))
    return next(finding for each in ladder(subject) if (finding := each.judge(ask)))


def run(code, subject, written):
    """Run code as a cell, and return the numbers in the last line that it prints."""
    optimizers = {name: stand_in(name) for name in SIGNATURES}
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(code, {"torch": torch, "coursekit": coursekit, "math": math, **optimizers, subject: written})
    return [
        float(each) for each in NUMBER.findall(printed.getvalue().splitlines()[-1].replace("dtype=torch.float64", ""))
    ]


def expected(code):
    """Return the numbers in the comment that says what is right."""
    return [float(each) for each in NUMBER.findall(code.splitlines()[-1])] if "\n# right " in code else []


WITHOUT = {"tuned", "LRScheduler", "test_adam", "test_decay", "test_use"}
SUBJECTS = sorted({mistake.subject for mistake in MISTAKES} - WITHOUT)


def shown(subject):
    """Return the wrong programs of the bank, each with what is found first and the code that shows it."""
    for mistake in MISTAKES:
        if mistake.subject == subject:
            written = defined(mistake.source)[subject]
            finding = first_finding(subject, written)
            yield written, finding, help_with(finding, subject).by_hand


@pytest.mark.slow
@pytest.mark.parametrize("subject", SUBJECTS)
def test_code_is_short_shows_what_was_found_and_says_what_a_right_answer_prints(subject):
    right = defined(RIGHT[subject])[subject]
    rules = []
    for written, finding, code in shown(subject):
        if finding.difference and not finding.as_in:
            rules.append(code)
        assert len(code.splitlines()) < 20
        if code and finding.failure:
            with pytest.raises(Exception) as raised:  # noqa: PT011 - any
                run(code, subject, written)
            assert str(raised.value)[:20] == finding.failure.message[:20]
        elif code:
            assert run(code, subject, written) != pytest.approx(expected(code), rel=1e-7), code
            assert run(code, subject, right) == pytest.approx(expected(code), rel=1e-6), code
    assert len([code for code in rules if code]) >= 0.75 * len(rules) > 0


def test_of_a_hidden_test_nothing_is_shown():
    assert help_with(HIDDEN, "SGD").by_hand == ""


@pytest.mark.parametrize("error", ["TypeError", "AssertionError"])
def test_a_constructor_that_raises_another_exception_is_told_without_code(error):
    (refused,) = (each for each in ladder("Muon") if each.name == "matrices_only")
    written = defined(RIGHT["Muon"].replace("raise ValueError", f"raise {error}"))["Muon"]
    told = help_with(refused.judge(remembering(asking(written))), "Muon")
    assert f"`ValueError` is asked for here, and this line raises `{error}`." in told.what
    assert told.by_hand == ""
