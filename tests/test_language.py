"""English and French: every text that a student can see has both, and nothing is kept that nobody says."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import jupytext
import pytest
from jinja2 import Environment, nodes

from coursekit.judging.faults import WORDS
from coursekit.judging.subject import subject
from coursekit.language import FOLDERS, Numerals, current, french, saying, translate
from coursekit.optimizers.crashes import CRASHES
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.worked import runs_of, worked_step
from tests.solutions import BUILT_IN, EXERCISES, HOMES, ROOT, SCRIPTS
from tests.texts import POINT, code, literals

PACKAGE = sorted((ROOT / "coursekit").rglob("*.py"))
BILINGUAL = [script for script in SCRIPTS if len(BUILT_IN[script]) > 1]
TEMPLATES = sorted((ROOT / "coursekit").rglob("*.j2"))
TABLES = {path.name: tomllib.loads(path.read_text()) for path in sorted((ROOT / "coursekit" / "french").glob("*.toml"))}
SPEAKERS = {"translate", "say", "_say", "_label", "_folded"}  # functions whose texts reach a student
FIELDS = re.compile(r"\{[^{}]*\}")
NUMBERED = r"\(http[^)]*\)|\b\d{4}\.\d{4,5}\b|(?:Python|CC BY|version|[Ss]ection|théorème|Lecture)\s\d+\.\d+"
ENDS = re.compile(r".{,30}[ \n\u202f][:;!?»%]|«[ \n\u202f].{,30}")  # the one space before and after these is U+00A0


def bare(text: str) -> str:
    """Take the code out of a text, addresses, and the numbers of articles, sections and versions."""
    return re.sub(rf"`[^`]*`|{NUMBERED}", "", text)


def french_cells(script: Path) -> list[str]:
    """Return the French texts of a script, without code and formulas."""
    cells = [cell.source for cell in jupytext.read(script, fmt="py:percent").cells if cell.metadata.get("lang") == "fr"]
    assert cells
    return [re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$", "", source, flags=re.DOTALL) for source in cells]


def ladder_texts(name: str) -> set[str]:
    """Return the words on the behaviours of a ladder: titles, and of every trial and those it needs all its words."""
    behaviours = [behaviour for seed in (0, 1) for behaviour in ladder(name, seed)]
    trials = [trial for behaviour in behaviours for trial in behaviour.trials]
    trials += [needed for trial in trials for needed in trial.needs]
    return {behaviour.title for behaviour in behaviours} | {
        text for trial in trials for text in (trial.label, trial.as_in, trial.same) if text
    }


def mistake_texts() -> set[str]:
    about = [subject().known(name) for name in EXERCISES]
    families = [family for each in about if each for family in each.families]
    known = {each.mistake for family in families for each in family.variants}
    return {text for each in known for text in (each.title, each.looks, each.why, each.where)}


def help_texts() -> set[str]:
    """Return what is said of crashes, and of the small runs in which a mistake is seen."""
    crashes = {text for each in CRASHES for text in (each.cause, each.fix) if text}
    return crashes | {text for name in EXERCISES for told, _ in runs_of(name) for text, _ in told}


def spoken(path: Path) -> Iterator[str]:
    """Return the literal texts that a module of the package hands to a speaker."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SPEAKERS:
                yield from (text for argument in node.args for text in literals(argument) if text)


def written(template: Path) -> Iterator[str]:
    """Return the texts that a template hands to a speaker."""
    for call in Environment(autoescape=True).parse(template.read_text()).find_all(nodes.Call):
        if getattr(call.node, "name", "") in SPEAKERS:
            yield from (argument.value for argument in call.args if isinstance(argument, nodes.Const))


def said_in_words() -> set[str]:
    """Return all texts that a student may be told, but what a notebook has drawn."""
    trees = [ast.parse(path.read_text()) for path in PACKAGE]
    trees += [ast.parse(source) for script in SCRIPTS for source in code(script)]
    said = {text for tree in trees for text in literals(tree)} | mistake_texts() | help_texts()
    said |= {text for path in TEMPLATES for text in written(path)}
    return said.union(*(ladder_texts(name) for name in EXERCISES))


# completeness


@pytest.mark.parametrize("name", [name for name in EXERCISES if HOMES[name] in {script.stem for script in BILINGUAL}])
def test_everything_a_ladder_says_has_a_french_text(name):
    assert sorted(ladder_texts(name) - set(french())) == []


def test_faults_have_a_french_text():
    assert set(WORDS.values()) <= set(french())


def test_mistakes_and_the_sections_they_send_to_have_a_french_text():
    assert sorted(mistake_texts() - set(french()) - {""}) == []


def test_help_has_a_french_text():
    assert sorted(help_texts() - set(french())) == []


def test_everything_the_package_says_has_a_french_text():
    said = {text: path.name for path in PACKAGE for text in spoken(path)}
    assert len(said) > 30
    in_templates = {text: path.name for path in TEMPLATES for text in written(path)}
    assert len(in_templates) > 30
    said |= in_templates
    assert {text: path for text, path in said.items() if text not in french()} == {}


# agreement


@pytest.mark.parametrize("part", [FIELDS, re.compile(r"`[^`]*`")], ids=["fields", "code"])
def test_french_and_english_have_the_same_fields_and_code(part):
    expected = {english: sorted(part.findall(english)) for english in french()}
    assert {english: sorted(part.findall(other)) for english, other in french().items()} == expected != {}


@pytest.mark.parametrize("script", BILINGUAL, ids=lambda script: script.stem)
def test_texts_name_the_same_numbers_in_both_languages(script):
    cells = jupytext.read(script, fmt="py:percent").cells
    english, other = (
        [digits(cell.source) for cell in cells if cell.metadata.get("lang") == language] for language in ("en", "fr")
    )
    assert other == english


def digits(text: str) -> set[str]:
    """Return what stands before and after the marks of the numbers in a text, but what may be written as a word."""
    return set(re.findall(r"\d+", re.sub(r"(?<=\d)\s(?=\d{3}\b)", "", text))) - {"0", "1"}


def test_no_text_has_two_french_counterparts():
    values: dict[str, dict[str, str]] = {}
    for name, table in TABLES.items():
        for english, other in table.items():
            values.setdefault(english, {})[name] = other
    assert values
    assert {english: given for english, given in values.items() if len(set(given.values())) > 1} == {}


def test_french_texts_follow_french_typography():
    assert french()
    assert [other for other in french().values() if re.search(r"\w[:;!?](\s|$)", FIELDS.sub("", bare(other)))] == []
    assert [other for other in french().values() if ENDS.search(bare(other))] == []


def test_french_texts_have_decimal_commas():
    assert POINT.search("0.5")
    assert [found for other in french().values() for found in POINT.findall(bare(other))] == []


@pytest.mark.parametrize("script", BILINGUAL, ids=lambda script: script.stem)
def test_french_cells_have_decimal_commas(script):
    assert [found for text in french_cells(script) for found in POINT.findall(bare(text))] == []


@pytest.mark.parametrize("name", [name for name in EXERCISES if any(True for _ in runs_of(name))])
def test_numbers_in_a_worked_step_have_decimal_commas_in_french(name):
    say, families = saying("fr"), getattr(subject().known(name), "families", ())
    texts = [say(text, **fields) for told, _ in runs_of(name) for text, fields in told]
    for mistake in {each.mistake.name: each.mistake for family in families for each in family.variants}.values():
        if worked := worked_step((mistake,), name, say):
            texts += [worked.text, *worked.columns, *worked.right, *worked.wrong]
    assert texts
    assert [found for text in texts for found in POINT.findall(bare(text))] == []


@pytest.mark.parametrize("script", BILINGUAL, ids=lambda script: script.stem)
def test_no_line_of_a_french_cell_can_end_before_its_punctuation(script):
    assert [ENDS.findall(text) for text in french_cells(script) if ENDS.search(text)] == []


# saying it


def test_numbers_have_a_comma_in_french_and_semicolons_between_them():
    assert translate("expected {n}", "fr", n=Numerals("-0.5")) == "expected -0,5"
    assert translate(Numerals("η = 0.5, ρ = 0.9"), "fr") == "η = 0,5\u00a0; ρ = 0,9"
    assert translate(Numerals("η = 0.5, ρ = 0.9"), "en") == "η = 0.5, ρ = 0.9"
    assert translate("{code}", "fr", code="lr=0.5") == "lr=0.5"


def test_text_is_said_in_the_language_asked_for():
    assert translate("epoch", "fr") == "époque"
    assert translate("epoch", "en") == "epoch"
    assert translate("parameter {number}", "fr", number=2) == "paramètre 2"


def test_text_without_a_french_counterpart_is_said_in_english():
    assert translate("{count} sea cucumbers", "fr", count=3) == "3 sea cucumbers"


def test_braces_without_values_are_left_alone():
    assert translate(r"\frac{1}{2}", "en") == r"\frac{1}{2}"


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """Work in a folder of no language, without anything that names one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COURSEKIT_LANGUAGE", raising=False)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return tmp_path


def test_language_is_english_where_nothing_says_otherwise(nowhere):
    assert current() == "en"


@pytest.mark.parametrize(("folder", "language"), FOLDERS.items())
def test_folder_of_the_notebook_tells_its_language(nowhere, monkeypatch, folder, language):
    (nowhere / folder / "deeper").mkdir(parents=True)
    monkeypatch.chdir(nowhere / folder / "deeper")
    assert current() == language
    monkeypatch.chdir(nowhere)
    monkeypatch.setenv("JPY_SESSION_NAME", str(nowhere / folder / "01_sgd.ipynb"))
    assert current() == language


def test_folder_of_the_notebook_goes_before_the_working_folder(nowhere, monkeypatch):
    (nowhere / "optimizers").mkdir()
    monkeypatch.chdir(nowhere / "optimizers")
    monkeypatch.setenv("JPY_SESSION_NAME", "elsewhere/optimiseurs/01_sgd.ipynb")
    assert current() == "fr"


def test_environment_goes_before_the_folder_but_not_with_an_unknown_language(nowhere, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "optimiseurs/01_sgd.ipynb")
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "en")
    assert current() == "en"
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "de")
    assert current() == "fr"
