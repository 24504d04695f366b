"""What a check cell and a grade show: how it stands in one line, the ladder, and what is wrong explained."""

import html.parser
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from coursekit.judging.behaviours import Behaviour, Finding, Trial, Verdict, remembering
from coursekit.judging.calls import TableScenario
from coursekit.judging.diagnosis import judge_behaviour
from coursekit.judging.faults import Fault
from coursekit.judging.mistakes import Diagnosis
from coursekit.judging.subject import subject
from coursekit.judging.table import LadderTable
from coursekit.judging.trajectories import Failure, Trajectory
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.scenarios import Call, OptimizerScenario
from tests.bank.wrong import RIGHT
from tests.solutions import EXERCISES, asking, defined, diagnosed, judge

UPHILL = RIGHT["SGD"].replace("p -= ", "p += ")
DOUBLED = RIGHT["SGD"].replace("lr * g", "2 * lr * g")
CAPTURED = RIGHT["SGD"].replace('group["lr"]', 'self.defaults["lr"]')
RAISES = RIGHT["SGD"].replace("p -= lr * g", "raise ValueError('<script>alert(1)</script> `<b>`')")


@cache
def verdicts(source, name):
    ask = remembering(asking(defined(source)[name], unaided=True))
    return tuple(
        Verdict(behaviour=behaviour, finding=judge_behaviour(behaviour, ask, subject().known(name)))
        for behaviour in ladder(name)
    )


def table(source, language="en", **options):
    return LadderTable(name="SGD", verdicts=verdicts(source, "SGD"), language=language, **options)


def wrong(*findings, name="SGD", **options):
    """LadderTable findings, each on the behaviour of its number."""
    behaviours = ladder(name)
    found = tuple(
        Verdict(behaviour=behaviour, finding=each) for behaviour, each in zip(behaviours, findings, strict=False)
    )
    rest = tuple(Verdict(behaviour=behaviour, finding=None) for behaviour in behaviours[len(findings) :])
    return LadderTable(name=name, verdicts=found + rest, **options)


def failed(kind, message="", **options):
    failure = Failure(kind=kind, message=message, function="SGD.step")
    return Finding(kind="failure", failure=failure, **options)


# the one line


def test_table_of_a_right_answer_says_so_in_one_line():
    assert table(RIGHT["SGD"]).summary == "SGD: all 11 behaviours are right."
    assert table(RIGHT["SGD"], "fr").summary == "SGD\u00a0: les 11 comportements sont justes."


def test_table_of_one_behaviour_does_not_count():
    one = LadderTable(name="clip", verdicts=(Verdict(behaviour=ladder("SGD")[0], finding=None),))
    assert one.summary == "clip is right."
    assert replace(one, language="fr").summary == "clip est juste."


def test_table_of_a_wrong_answer_says_what_to_mend_first():
    source = RIGHT["SGD"].replace("learning_rate=0.01", "learning_rate=0.1")
    first = "The constructor has the names and default values of the course."
    assert table(source).summary == f"SGD: 10 of 11 behaviours are right. Fix first: {first}"
    assert table(source, "fr").summary.startswith("SGD\u00a0: 10 / 11 comportements justes.")


def test_table_counts_what_is_right_and_finds_the_first_wrong():
    moving = Trial(
        label="three steps", scenario=OptimizerScenario(start=(np.ones(1),), calls=(Call("step", (np.ones(1),)),))
    )
    failing = Trial(label="three steps", scenario=TableScenario(rows=("SGD",), columns=()))
    behaviours = (
        Behaviour(name="a", title="One step is exact", trials=(moving,), weight=4),
        Behaviour(name="b", title="Many steps are exact", trials=(failing,)),
    )
    shown = LadderTable(name="SGD", verdicts=judge(behaviours, asking(defined(RIGHT["SGD"])["SGD"])))
    assert shown.right == 1
    assert shown.share == 0.8
    assert shown.first_wrong.behaviour.name == "b"


def test_one_line_is_enough_for_what_is_not_written_or_not_ones_own():
    stub = Failure(kind="NotImplementedError", message="", function="SGD.step")
    assert wrong(Finding(kind="unwritten", failure=stub)).one_line == "`SGD.step` is not written yet."
    assert wrong(failed("Delegated", "torch.optim.SGD")).one_line.startswith("Your code uses `torch.optim.SGD`")
    assert wrong(failed("Delegated", "torch.optim.SGD"), language="fr").one_line.startswith("Votre code utilise")
    assert wrong(failed("KeyError")).one_line == ""
    assert table(UPHILL).one_line == table(RIGHT["SGD"]).one_line == ""


# as text


def test_table_as_text_marks_every_behaviour_and_explains_the_first_wrong_one():
    text = repr(table(CAPTURED))
    assert text.count("✓") == 9
    assert text.count("✗") == 2
    lines = text.splitlines()
    first = lines.index("  ✗ The learning rate of a group is read at each step")
    assert lines[first + 1].startswith("      Tried: rate changed before the first step. After step 1, parameter 1,")
    assert text.count("Tried:") == 1


def test_table_as_text_names_the_mistake():
    lines = repr(table(CAPTURED)).splitlines()
    said = lines.index("      Your numbers are those of SGD with the constructor's learning rate at every step.")
    assert lines[said + 1].startswith('      The step reads `self.learning_rate` or `self.defaults["lr"]`')
    assert lines[said + 2] == "      Read again “Your turn” in `01_sgd`."


def test_table_as_text_in_french_has_no_english_left():
    text = repr(table(UPHILL, "fr"))
    assert "✗ Un pas est exact" in text
    assert "Après le pas 1, paramètre 1, élément [0]\u00a0: attendu " in text
    assert "Il est allé dans le mauvais sens." in text
    assert "Vos nombres correspondent à ceci : SGD montant au lieu de descendre." in text
    assert "À relire\u00a0: «\u00a0L'idée\u00a0», dans `01_sgd`." in text
    for behaviour in ladder("SGD"):
        assert behaviour.title not in text


def test_table_says_of_every_move_what_is_true_of_every_move():
    text = repr(table(DOUBLED, points=9))
    assert "✗ Many steps are exact" in text
    assert "Every move is 2 times what it should be." in text
    assert "Every move goes the wrong way." in repr(table(UPHILL, points=9))


# how much is explained


def explained(shown):
    return repr(shown).count("Tried:")


def test_first_wrong_behaviour_alone_is_explained_without_points():
    assert table(UPHILL).right == 9
    assert explained(table(UPHILL)) == 1


def test_every_wrong_behaviour_is_explained_with_points():
    assert explained(table(UPHILL, points=9)) == 2
    each = [failed("KeyError", trial=behaviour.title) for behaviour in ladder("SGD")]
    assert explained(wrong(*each, points=9)) == 11
    assert explained(wrong(*each)) == 1


@pytest.mark.parametrize("show", [repr, LadderTable.html])
def test_mistake_is_explained_once_and_then_only_named(show):
    text = show(table(CAPTURED, points=9))
    assert text.count("Your numbers are those of SGD with the constructor") == 2
    assert text.count("The step reads") == 1
    assert text.count("Read again") == 1


def test_mistake_is_told_with_the_behaviours_that_it_costs():
    assert "      Behaviours lost by this: One step is exact; Many steps are exact." in repr(table(UPHILL)).splitlines()


def test_of_many_behaviours_that_a_mistake_costs_the_first_are_listed():
    uphill = Finding(kind="same", same="It never moved.", named=diagnosed("SGD", "uphill"))
    (said,) = [line for line in repr(wrong(*[uphill] * 6)).splitlines() if "lost by this" in line]
    assert said.count(";") == 3
    assert said.endswith("; and 3 more.")


def test_two_mistakes_are_told_with_what_each_costs():
    inside, missing = diagnosed("Adam", "epsilon_inside").certain[0], diagnosed("Adam", "no_epsilon").certain[0]
    each = [(inside, missing), (inside,), (inside, missing)]
    shown = wrong(*(Finding(kind="same", same="It never moved.", named=Diagnosis(sets=(made,))) for made in each))
    said = [line for line in repr(shown).splitlines() if line.startswith("      Behaviours lost by")]
    assert [line.count(";") for line in said] == [2, 1]


def test_behaviour_that_another_mistake_may_have_lost_is_no_cost():
    inside, missing = diagnosed("Adam", "epsilon_inside").certain[0], diagnosed("Adam", "no_epsilon").certain[0]
    each = [(inside,), (inside,), (inside, missing)]
    shown = wrong(*(Finding(kind="same", same="It never moved.", named=Diagnosis(sets=(made,))) for made in each))
    (said,) = [line for line in repr(shown).splitlines() if line.startswith("      Behaviours lost by")]
    assert said.count(";") == 1


def test_two_mistakes_are_each_explained():
    shown = wrong(
        Finding(kind="same", same="The rate never fell.", named=diagnosed("Adam", "epsilon_inside")),
        Finding(kind="same", same="The step does not depend on the gradient.", named=diagnosed("Adam", "no_epsilon")),
        name="Adam",
        points=9,
    )
    assert repr(shown).count("Your numbers are those of Adam") == repr(shown).count("Read again") == 2


def test_same_words_are_not_said_twice():
    again = failed("KeyError", "'lr'")
    assert repr(wrong(again, again, points=9)).count("Your code raised KeyError: 'lr'.") == 1


def test_candidates_stand_in_one_line():
    finding = Finding(kind="same", same="The rate never fell.", named=diagnosed("Adam", "none_as_zero", "none_counts"))
    lines = repr(wrong(finding, name="Adam")).splitlines()
    first = lines.index("      The rate never fell.")
    assert lines[first + 1].startswith("      More than one mistake leaves your numbers: Adam ")
    assert lines[first + 2].startswith("  ✓")


# points


def test_points_stand_beside_each_behaviour_by_its_weight():
    lines = repr(table(UPHILL, points=9)).splitlines()
    assert "  ✗ One step is exact  (0 / 2)" in lines
    assert "  ✗ Many steps are exact  (0 / 2.5)" in lines
    assert "  ✓ A parameter without gradient is left alone  (0.5 / 0.5)" in lines
    assert table(UPHILL, points=9).share == 0.5


@pytest.mark.parametrize("name", EXERCISES)
def test_points_of_the_behaviours_sum_to_all(name):
    text = wrong(failed("KeyError"), name=name, points=90).html()
    pairs = re.findall(r">([\d.]+) / ([\d.]+)</td>", text)
    assert sum(float(worth) for _, worth in pairs) == pytest.approx(90, rel=0.02)
    assert [brought for brought, _ in pairs] == ["0", *(worth for _, worth in pairs[1:])]


def test_no_points_are_shown_where_none_are_given():
    assert " / " not in repr(table(UPHILL))
    assert " / " not in re.sub("<svg.*?</svg>", "", table(UPHILL).html())


# as HTML


class Words(html.parser.HTMLParser):
    """Collects the words outside of pictures, code and headings, and sees that every tag is closed."""

    def __init__(self):
        super().__init__()
        self.words, self.open = [], []

    def handle_starttag(self, tag, _):
        self.open.append(tag)

    def handle_startendtag(self, tag, _):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"svg", "pre", "summary", "th"} & set(self.open):
            self.words.append(data)


def bare(text):
    """Take away spaces, commas, marks of code, and the points, which stand in a column of their own in HTML."""
    return re.sub(r"\(?[\d.,]+ / [\d.,]+\)?|[`,\s]", "", text)


@pytest.mark.parametrize("points", [None, 9])
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("source", [UPHILL, CAPTURED, RAISES], ids=["uphill", "captured", "raises"])
def test_table_as_html_says_what_the_text_says(source, language, points):
    shown = table(source, language, points=points)
    words = Words()
    words.feed(shown._repr_html_())
    assert words.open == []
    assert bare("\n".join(words.words)) == bare(repr(shown))


@pytest.mark.parametrize("source", [UPHILL, DOUBLED, CAPTURED], ids=["uphill", "doubled", "captured"])
def test_numbers_of_a_french_table_have_a_comma_but_in_code(source):
    shown = table(source, "fr", points=4.5).html()
    said = re.sub(r"<(pre|code|svg).*?</\1>|<[^>]+>", "", shown, flags=re.DOTALL)
    assert re.search(r"\d,\d", said)
    assert re.findall(r"\d\.\d.{,20}", said) == []


def test_html_names_the_mistake_in_bold():
    shown = table(UPHILL, "fr").html()
    assert 'font-weight:bold">Vos nombres correspondent à ceci : SGD montant au lieu de descendre.</div>' in shown
    assert "<code>p += ...</code>" in shown


def test_html_says_right_and_wrong_without_colour():
    shown = table(UPHILL, "fr").html()
    assert 'title="faux">✗' in shown
    assert 'title="juste">✓' in shown


def test_html_escapes_what_came_from_the_student():
    shown = table(RAISES)
    assert "<script>alert(1)</script> `<b>`" in repr(shown)
    assert "<script" not in shown.html()
    assert "<b>" not in shown.html()
    assert "&lt;script&gt;" in shown.html()
    note = LadderTable(name="<i>", verdicts=(), note="<img src=x>").html()
    assert "<img" not in note
    assert "<i>" not in note
    delegated = wrong(failed("Delegated", "<img src=x>")).html()
    assert "<img" not in delegated


def test_html_sets_code_between_backquotes():
    assert "<code>p.add_(...)</code>" in wrong(Finding(kind="fault", fault=Fault("replaced"))).html()


def test_html_has_a_picture_of_a_wrong_number_and_of_nothing_else():
    assert table(UPHILL).html().count("<svg") == 1
    assert table(UPHILL, points=9).html().count("<svg") == 2
    assert "<svg" not in table(RAISES).html()
    assert "<svg" not in wrong(Finding(kind="fault", fault=Fault("replaced"))).html()
    run_of_two = Trajectory(rows=((np.zeros(1),), (np.ones(1),)))
    assert "<svg" not in wrong(Finding(kind="same", same="The rate never fell.", pair=(run_of_two,) * 2)).html()
    assert "<svg" not in table(RIGHT["SGD"], points=9).html()


def test_note_stands_below_the_table():
    shown = LadderTable(name="SGD", verdicts=(), note="Decided elsewhere.")
    assert repr(shown).endswith("\n\nDecided elsewhere.")
    assert "Decided elsewhere." in shown.html()
