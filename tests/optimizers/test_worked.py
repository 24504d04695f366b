"""The worked step of a mistake: a small run in which it is seen, with numbers that can be checked in the head."""

import pytest

from coursekit.judging.behaviours import Finding
from coursekit.judging.explanations import help_with
from coursekit.judging.mistakes import Diagnosis
from coursekit.judging.subject import subject
from coursekit.language import saying
from coursekit.optimizers.worked import runs_of, worked_step
from tests.reading import words

NAMES = [name for name in subject().exercises if subject().known(name)]


def mistakes(name):
    families = subject().known(name).families
    every = list({each.mistake.name: each.mistake for family in families for each in family.variants}.values())
    assert every
    return every


def step(name, *chosen, language="en"):
    return worked_step(chosen, name, saying(language))


@pytest.mark.parametrize("name", NAMES)
def test_most_mistakes_are_seen_in_a_small_run(name):
    every = mistakes(name)
    seen = [mistake for mistake in every if step(name, mistake)]
    assert len(seen) >= 0.75 * len(every)


@pytest.mark.parametrize("name", NAMES)
def test_both_rows_have_a_number_for_every_column_and_differ_in_the_last(name):
    steps = list(filter(None, (step(name, mistake) for mistake in mistakes(name))))
    assert steps
    for worked in steps:
        assert worked.right[1:] != worked.wrong[1:]
        assert worked.right[-1] != worked.wrong[-1] or name in ("make_data", "forward", "loss", "train")
        assert len(worked.right) == len(worked.wrong) or name in (
            "make_data",
            "forward",
            "loss",
            "train",
            "newton_schulz",
        )
        assert len(" ".join(worked.right + worked.wrong)) < 250


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_help_is_read_in_a_minute(name, language):
    for mistake in mistakes(name):
        finding = Finding(kind="same", same="The rate never fell.", named=Diagnosis(sets=((mistake,),)))
        steps = help_with(finding, name, language)
        text = " ".join((steps.what, *steps.why, steps.worked.text if steps.worked else ""))
        assert words(text) <= 160, mistake.name


def test_two_mistakes_are_worked_out_together():
    by_name = {mistake.name: mistake for mistake in mistakes("minimise")}
    worked = step("minimise", by_name["gradients_add_up"], by_name["start_missing"])
    assert worked.right == ("right", "4")
    assert worked.wrong == ("with these mistakes", "2")


def test_without_a_mistake_and_where_none_is_known_there_is_no_step():
    assert step("SGD") is None
    assert step("tuned", mistakes("SGD")[0]) is None
    assert list(runs_of("tuned")) == []
