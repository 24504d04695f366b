"""The small picture of a wrong number: well formed, labelled in both languages, nothing where nothing is to see."""

import re
from functools import partial
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from coursekit.judging.behaviours import Finding
from coursekit.judging.faults import Fault
from coursekit.judging.sketch import sketch
from coursekit.judging.trajectories import Trajectory, compare
from coursekit.language import translate

NAN, INF = np.nan, np.inf
EXPECTED = (100.25, 101.5, 103.75, 107.0)
GOT = (100.25, 101.5, 96.125, 91.0)
WORDS = {
    ("en", "parameter"): ("The wrong number, step by step. The lines part at 2.", "step", "value", "expected", "got"),
    ("fr", "parameter"): (
        "Le nombre faux, pas à pas. Les lignes se séparent à 2.",
        "pas",
        "valeur",
        "attendu",
        "obtenu",
    ),
    ("en", "rate"): ("The rate, call by call. The lines part at 2.", "call", "rate", "expected", "got"),
    ("fr", "rate"): ("Le taux, appel par appel. Les lignes se séparent à 2.", "appel", "taux", "attendu", "obtenu"),
}


def run(*values):
    return Trajectory(rows=tuple((np.array(value, float),) for value in values))


def finding(got, expected, kind="parameter"):
    got, expected = run(*got), run(*expected)
    return Finding(kind=kind, difference=compare(got, expected), pair=(got, expected))


def drawn(got=GOT, expected=EXPECTED, kind="parameter", language="en"):
    return sketch(finding(got, expected, kind), partial(say, language))


def say(language, text, **values):
    return translate(text, language, **values)


def texts(picture):
    return [element.text for element in ET.fromstring(picture).iter("text")]


def places(picture):
    """Return the points of the two curves: expected and got."""
    paths = [path for path in ET.fromstring(picture).iter("path") if path.get("stroke-width")]
    curves = [path.get("d") for path in paths if "H" not in path.get("d")]
    return [[tuple(map(float, point.split())) for point in re.split("[ML]", curve) if point] for curve in curves]


# words


@pytest.mark.parametrize(("language", "kind"), WORDS)
def test_picture_has_title_axes_and_legend_in_both_languages(language, kind):
    words = WORDS[language, kind]
    picture = ET.fromstring(drawn(kind=kind, language=language))
    assert [text for text in texts(drawn(kind=kind, language=language)) if not text.isdigit()] == list(words)
    assert picture.get("aria-label") == words[0]
    assert picture.get("role") == "img"


def test_picture_numbers_the_steps_and_no_value():
    assert [text for text in texts(drawn()) if any(map(str.isdigit, text))] == [
        "The wrong number, step by step. The lines part at 2.",
        "0",
        "2",
        "3",
    ]
    for value in (*EXPECTED[1:], *GOT[2:]):
        assert f"{value:g}" not in drawn()


def test_words_are_escaped():
    picture = sketch(finding(GOT, EXPECTED), lambda text, **_: f"<{text} & \"'")
    assert texts(picture)[-1] == "<got & \"'"
    assert ET.fromstring(picture).get("aria-label").startswith("<The wrong number")


# curves


def test_curves_are_one_up_to_where_they_part():
    expected, got = places(drawn())
    assert expected[:2] == got[:2]
    assert expected[2][0] == got[2][0]
    assert expected[2][1] < got[2][1]  # up is less


def test_curve_that_was_got_is_dashed_and_the_other_is_not():
    curves = [path for path in ET.fromstring(drawn()).iter("path") if path.get("stroke-width")]
    assert [path.get("stroke-dasharray") is not None for path in curves] == [False, True, False, True]


def test_number_of_any_item_and_element_is_drawn():
    expected, got = (
        Trajectory(rows=tuple((np.zeros(3), np.array([[0.0, value]])) for value in values))
        for values in (EXPECTED, GOT)
    )
    wrong = Finding(kind="parameter", difference=compare(got, expected), pair=(got, expected))
    assert places(sketch(wrong, partial(say, "en"))) == places(drawn())


@pytest.mark.parametrize(
    "got",
    [
        (100.25, NAN, NAN, NAN),
        (NAN, NAN, NAN, NAN),
        (100.25, 101.5, INF, -INF),
        (100.25, 101.5, 1e300, -1e300),
        (100.25, 1e308, -1e308, 1e308),
        (100.25, 99.0),
        (100.25, 101.5, 103.75, 108.0, 1e9),
        (100.25, (1.0, 2.0), 5.0, 6.0),
    ],
)
def test_whatever_was_got_stays_in_the_picture(got):
    picture = drawn(got)
    ET.fromstring(picture)
    assert "nan" not in picture
    assert "inf" not in picture
    for x, y in (point for curve in places(picture) for point in curve):
        assert 30 <= x <= 320
        assert 28 <= y <= 118


def test_what_is_expected_stays_visible_beside_huge_numbers():
    expected, _ = places(drawn((100.25, 101.5, 1e300, -1e300)))
    heights = [y for _, y in expected]
    assert max(heights) - min(heights) > 10


@pytest.mark.parametrize("level", [0.0, 3.0, -1e-12, 1e300])
def test_constant_is_drawn_too(level):
    expected, got = places(drawn((level, level + 1.0 + level / 8, level), (level, level, level)))
    assert len(expected) == len(got) == 3


@pytest.mark.parametrize("other", [(), (np.ones(3),)], ids=["none", "three"])
@pytest.mark.parametrize("row", [0, 3])
def test_row_of_another_shape_leaves_a_gap(other, row):
    expected, got = run(*EXPECTED), run(*GOT)
    ragged = Trajectory(rows=(*got.rows[:row], other, *got.rows[row + 1 :]))
    wrong = Finding(kind="parameter", difference=compare(ragged, expected), pair=(ragged, expected))
    assert len(places(sketch(wrong, partial(say, "en")))[1]) == 3


# nothing to draw


@pytest.mark.parametrize(
    "nothing",
    [
        finding((1.0, 2.0), (1.0, NAN)),
        finding((1.0, 2.0), (1.0, INF)),
        finding((1.0,), (2.0,)),
        finding(GOT, EXPECTED, kind="result"),
        Finding(kind="same", pair=(run(*GOT), run(*EXPECTED))),
        Finding(kind="parameter", difference=finding(GOT, EXPECTED).difference),
        Finding(kind="fault", fault=Fault("graph")),
    ],
    ids=["expected NaN", "expected infinity", "one row", "a result", "no difference", "no runs", "no number"],
)
def test_nothing_is_drawn_where_there_is_nothing_to_see(nothing):
    assert sketch(nothing, partial(say, "en")) == ""
