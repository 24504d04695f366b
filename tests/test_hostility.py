"""The attacks of the bank can be read, their code can be run, and each becomes a folder that can be handed in."""

import ast
import html
import re
import shutil
import stat
from collections import Counter
from functools import cache

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from tests.bank.hostility import HOSTILE, NAMES, attacks, build

ATTACKS = attacks()
FEWEST = {
    "bombs": 20,
    "damage": 20,
    "feedback": 20,
    "files": 20,
    "forging": 20,
    "forging_numbers": 30,
    "kernel": 15,
    "secrets": 20,
}
PLACEHOLDERS = {*NAMES, "pids"}
SENTENCES = re.compile(r"\w[^\n]+\.")
FIELD = re.compile(r"(?<![A-Za-z{]){([a-z]{3,})}")
FORMATS = {"fields of a format in an exception": {"kind"}}  # fields that are meant to stand there


def by_name(attack):
    return f"{attack.theme}: {attack.name}"


def sources(attack):
    """List the code of an attack."""
    cells = [(each.type, each.source) for each in (*attack.added, *attack.edited) if each.source is not None]
    answers = [("markdown" if name.endswith("words") else "code", source) for name, source in attack.answers.items()]
    return [source for kind, source in cells + answers if kind in ("code", None)]


@cache
def parsed(source):
    """Parse code as a notebook would run it."""
    code = TransformerManager().transform_cell(source)
    return compile(code, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


@pytest.fixture
def names(tmp_path):
    """Lay out what the placeholders stand for."""
    for folder in ("course", "home", "python"):
        (tmp_path / folder).mkdir()
    (tmp_path / "course" / "gradebook.db").touch()
    places = {folder: str(tmp_path / folder) for folder in ("course", "home", "python")}
    return {**places, "neighbour": "n.ext", "port": "4711", "udp": "4712", "within": "0.9"}


def test_there_are_attacks_of_every_theme():
    counts = Counter(attack.theme for attack in ATTACKS)
    print(f"\n{len(ATTACKS)} attacks: {dict(counts)}")
    assert set(counts) == set(FEWEST) == {path.stem for path in HOSTILE.glob("*.toml")}
    assert {theme: counts[theme] for theme, fewest in FEWEST.items() if counts[theme] < fewest} == {}


def test_names_are_unique():
    assert [name for name, count in Counter(attack.name for attack in ATTACKS).items() if count > 1] == []


def test_every_attack_says_in_sentences_what_it_does_and_what_holds():
    texts = [text for attack in ATTACKS for text in (attack.does, attack.holds)]
    assert [text for text in texts if not SENTENCES.fullmatch(text)] == []


def test_no_attack_is_due_more_than_its_cells_are_worth():
    points = {by_name(attack): attack.points for attack in ATTACKS}
    assert {name for name, most in points.items() if "sgd_check" not in most} == set()
    assert {name for name, most in points.items() if not 0 <= most["sgd_check"] <= 9} == set()
    assert {by_name(attack) for attack in ATTACKS if attack.honest and attack.points != {"sgd_check": 9.0}} == set()


@pytest.mark.parametrize("attack", ATTACKS, ids=by_name)
def test_the_code_of_an_attack_can_be_run(attack):
    for source in sources(attack):
        parsed(source)


@pytest.mark.parametrize("attack", ATTACKS, ids=by_name)
def test_what_a_page_must_hide_does_not_stand_in_the_code_that_it_shows(attack):
    shown = html.escape("\n".join([*sources(attack), *attack.answers.values()]))
    assert [text for text in attack.hides if text in shown] == []


@pytest.mark.parametrize("attack", ATTACKS, ids=by_name)
def test_an_attack_uses_placeholders_that_are_known(attack):
    nodes = [node for source in sources(attack) for node in ast.walk(parsed(source))]
    in_formats = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    texts = [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in in_formats
    ]
    texts += [text for file in attack.files for text in (file.text, file.symlink, file.hardlink)]
    found = {name for text in texts for name in FIELD.findall(text)}
    assert found <= PLACEHOLDERS | FORMATS.get(attack.name, set())


def test_every_placeholder_is_used():
    everything = "".join(path.read_text(encoding="utf-8") for path in HOSTILE.glob("*.toml"))
    assert {name for name in PLACEHOLDERS if f"{{{name}}}" not in everything} == set()


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS, ids=by_name)
def test_an_attack_becomes_a_submission(attack, tmp_path, names):
    folder = tmp_path / "submission"
    build(attack, folder, names)
    path = folder / f"{attack.notebook}.ipynb"
    if attack.malformed:
        assert not is_valid(path)
    else:
        assert is_valid(path)
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code" and "\0" not in cell.source:
                check_filled(cell.source)
    shutil.rmtree(folder, ignore_errors=True)  # some of it is large


def check_filled(source):
    """See that no placeholder is left, and that none was a variable in a format."""
    variables = {node.id for node in ast.walk(parsed(source)) if isinstance(node, ast.Name)}
    assert variables & PLACEHOLDERS == set()
    assert [name for name in PLACEHOLDERS if f"{{{name}}}" in source] == []


def is_valid(path):
    """Tell whether there is a regular file with a valid notebook."""
    about = path.lstat()
    if not stat.S_ISREG(about.st_mode) or not about.st_mode & stat.S_IRUSR or about.st_size > 2**30:
        return False
    try:
        nbformat.validate(nbformat.reads(path.read_text(encoding="utf-8"), as_version=4))
    except Exception:
        return False
    return True
