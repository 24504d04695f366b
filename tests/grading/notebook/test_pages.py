"""The page that a student gets back: what stands where, in which language, and that it loads nothing."""

from __future__ import annotations

import re

import nbformat
import pytest
from bs4 import BeautifulSoup

from coursekit.grading.notebook.cleaning import clean_output, markdown
from coursekit.grading.notebook.formulas import mathml, of_a_stranger
from coursekit.grading.notebook.pages import Page
from tests.grading.classes import ASSIGNMENT, Class
from tests.grading.conftest import ROOT

FAR = re.compile(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", re.IGNORECASE)


@pytest.fixture(scope="session")
def page(full: Class) -> BeautifulSoup:
    """Return the page of the first notebook with a wrong sign, as the real commands wrote it."""
    return BeautifulSoup(full.undisturbed.files[f"feedback/wrong/{ASSIGNMENT}/01_sgd.html"], "html.parser")


@pytest.mark.slow
def test_points_come_first_then_what_was_judged_then_the_notebook(page):
    text = page.get_text(" ", strip=True)
    places = [text.index(part) for part in ("/ 22", "behaviours are right", "The notebook", "A model has parameters")]
    assert places == sorted(places)
    assert page.select_one("header .sum").get_text() == "15.5 / 22 so far: 1 answer is still to be read"
    rows = [row.get_text(" ", strip=True) for row in page.select("header tr")]
    questions = ["moved_uncleared 1 / 1", "largest_rate_of_sum 1 / 1"]
    assert rows == ["SGD 4.5 / 9", "make_data 1 / 1", "train 8 / 8", *questions, "Answer in words – / 2 not read yet"]


@pytest.mark.slow
def test_named_mistake_stands_above_the_notebook_with_its_picture_and_once(page):
    verdict, *_others = page.select("section.verdict")
    assert "Your numbers are those of SGD going uphill" in verdict.get_text()
    assert verdict.find("svg")
    assert page.get_text().count("Decided by hidden tests") == 5


@pytest.mark.slow
def test_every_link_of_the_page_leads_to_a_place_in_it(page):
    names = {tag["id"] for tag in page.find_all(id=True)}
    targets = [anchor["href"][1:] for anchor in page.find_all("a", href=re.compile("^#"))]
    assert len(targets) > 3
    assert set(targets) <= names


@pytest.mark.slow
def test_page_loads_nothing_and_runs_nothing(full):
    pages = {name: content for name, content in full.undisturbed.files.items() if name.endswith(".html")}
    assert len(pages) == 8
    for name, content in pages.items():
        text = content.decode()
        assert "<script" not in text
        assert not FAR.search(text.replace('xmlns="http://www.w3.org/1998/Math/MathML"', "")), name
        assert len(content) < 10**6


@pytest.mark.slow
def test_formulas_need_no_network_and_none_is_left_as_text(full):
    page = full.undisturbed.files[f"feedback/right/{ASSIGNMENT}/02_rmsprop.html"].decode()
    assert page.count("<math") > 50
    assert "$" not in BeautifulSoup(page, "html.parser").select_one(".text p").get_text()


@pytest.mark.parametrize(
    "path", sorted((ROOT / "solutions").glob("*/*.ipynb")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_every_formula_of_the_course_is_set(path):
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
    pages = [BeautifulSoup(markdown({"cell": cell}, cell.source), "html.parser") for cell in cells]
    assert sum(len(page.find_all("math")) for page in pages) > 10
    assert [code.get_text() for page in pages for code in page.find_all("code") if "\\" in code.get_text()] == []


def test_words_of_the_page_are_in_the_language_of_the_notebook():
    notebook = nbformat.read(ROOT / "notebooks" / "optimiseurs" / "01_sgd.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.metadata.get("nbgrader", {}).update(score=1.5, comment="Bien.")
    page, _ = Page().from_notebook_node(
        notebook, {"nbgrader": {"notebook": "01_sgd", "score": 3.0, "max_score": 20.0, "late_penalty": 2.0}}
    )
    text = BeautifulSoup(page, "html.parser").get_text(" ", strip=True)
    assert "3 / 20" in text
    for word in ("Réponse rédigée", "Votre réponse", "Commentaire", "Rendu en retard", "−2", "Le notebook"):
        assert word in text


@pytest.mark.parametrize(
    "formula",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\text{<script>alert(1)</script>}",
        r"\mbox{</math><img src=x onerror=alert(1)>}",
        r'\class{x" onload="alert(1)}{y}',
        "{" * 900 + "x" + "}" * 900,
        r"\frac{" * 400,
        "x" * 5000,
        "&lt;script&gt;",
        r"\left(",
    ],
)
def test_formula_that_means_harm_is_text(formula):
    page = BeautifulSoup(of_a_stranger(formula, block=False), "html.parser")
    assert page.get_text()
    assert not page.find_all(["script", "img", "a"])
    assert not [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on") or name == "href"]


def test_formula_in_a_tag_stays_out_of_it():
    text = '<a title="\n\n$x$">y</a> and <b title="$y$">z</b> \ue0000\ue001 $z$'
    page = BeautifulSoup(markdown({}, text), "html.parser")
    assert [math.get_text() for math in page.find_all("math")][-1] == "z"
    assert not [
        value
        for tag in page.find_all(True)
        for value in tag.attrs.values()
        if "math" in str(value).lower() and tag.name != "math"
    ]


@pytest.mark.parametrize("formula", [r"\hat m_t", r"\hat{m}_t", r"\hat\beta_1^t", r"\bar x _i", r"\widetilde{ab}_2"])
def test_the_index_of_what_has_a_hat_stands_beside_it(formula):
    page = BeautifulSoup(mathml(formula, block=False), "html.parser")
    assert page.mover
    assert not page.munderover
    assert page.find(["msub", "msubsup"])


@pytest.mark.parametrize("formula", ["x = -1", "(2, -1)", "[-1; -2]", r"\left(-1\right)"])
def test_a_sign_that_begins_a_number_has_no_space_after_it(formula):
    signs = BeautifulSoup(mathml(formula, block=False), "html.parser").find_all("mo", string="−")
    assert signs
    assert {sign.get("form") for sign in signs} == {"prefix"}


@pytest.mark.slow
def test_a_link_to_another_notebook_leads_to_its_page(full):
    page = BeautifulSoup(full.undisturbed.files[f"feedback/right/{ASSIGNMENT}/01_sgd.html"], "html.parser")
    links = {link["href"] for link in page.find_all("a") if "rmsprop" in link["href"]}
    assert links == {"02_rmsprop.html"}


def test_a_picture_without_a_description_says_so():
    picture = nbformat.v4.new_output("display_data", {"image/png": "iVBORw0KGgo="})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("draw()", outputs=[picture])])
    about = {"notebook": "01_sgd", "score": 0.0, "max_score": 0.0, "late_penalty": 0.0}
    page = BeautifulSoup(Page().from_notebook_node(notebook, {"nbgrader": about})[0], "html.parser")
    assert page.img["alt"] == "A picture without a description"
    assert not page.img.has_attr("width")


@pytest.mark.parametrize(("given", "kept"), [(560, "560"), ("560", None), (-1, None), (10**6, None), (True, None)])
def test_a_picture_is_as_wide_as_it_says_where_it_says_a_number(given, kept):
    metadata = {"image/png": {"width": given}}
    picture = nbformat.v4.new_output("display_data", {"image/png": "iVBORw0KGgo="}, metadata=metadata)
    cell = nbformat.v4.new_code_cell("draw()", outputs=[clean_output(picture)])
    about = {"notebook": "01_sgd", "score": 0.0, "max_score": 0.0, "late_penalty": 0.0}
    page = Page().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]), {"nbgrader": about})[0]
    assert BeautifulSoup(page, "html.parser").img.get("width") == kept


def test_french_decimal_comma_has_no_space_after_it():
    assert "<mtext>,</mtext>" in mathml("0{,}5", block=False)
