"""From a script to notebooks: the same bytes each time, the same code in both languages, and clear refusals."""

import nbformat
import pytest

from coursekit.authoring import building
from coursekit.errors import BuildError
from coursekit.judging.subject import subject
from coursekit.language import LANGUAGES
from tests.solutions import SCRIPTS

TITLE = '# %% [markdown] lang="en"\n# # Title\n\n# %% [markdown] lang="fr"\n# # Titre\n\n'
ANSWERS = (
    '# %% [markdown] lang="en" answer="words" points=2\n# Because.\n\n'
    '# %% [markdown] lang="fr" answer="words" points=2\n# Parce que.\n\n'
)
SOLUTION = '# %% solution="double"\ndef double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n\n'
CHECK = '# %% check="double_check" points=3\nassert double(2) == 4\n\n'
TWO = {"second": "en", "deuxieme": "fr"}
WHOLE = TITLE + '# %% given="setup"\nimport math\n\n' + SOLUTION + CHECK + ANSWERS + "# %%\nprint(double(3))\n"


@pytest.fixture
def script(tmp_path):
    """Write a script into an empty folder."""

    def write(text):
        path = tmp_path / "03_some_thing.py"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def sources(notebook):
    return [cell.source for cell in notebook.cells]


def about(notebook):
    return [
        (data["grade_id"], data["grade"], data["locked"], data["solution"], data.get("points"))
        for data in (cell.metadata.get("nbgrader") for cell in notebook.cells)
        if data
    ]


# what is built


def test_notebook_holds_the_text_of_one_language_and_all_code(script):
    path = script(WHOLE)
    english, french = sources(building.build(path, "en")), sources(building.build(path, "fr"))
    assert (english[0], french[0]) == ("# Title", "# Titre")
    assert (english[4], french[4]) == ("Because.", "Parce que.")
    assert english[1:4] == french[1:4]
    assert english[5] == french[5] == "print(double(3))"
    assert len(english) == len(french) == 6


def test_a_cell_for_a_prediction_is_known_as_one_and_is_none_of_nbgrader_s(script):
    notebook = building.build(script(f'{WHOLE}\n# %% prediction=true\nguess = ""\n'), "en")
    assert notebook.cells[-1].source == 'guess = ""'
    assert notebook.cells[-1].metadata == {"coursekit": {"prediction": True}}


def test_cells_have_the_metadata_that_nbgrader_minds(script):
    notebook = building.build(script(WHOLE), "en")
    assert about(notebook) == [
        ("setup", False, True, False, None),
        ("double", False, False, True, None),
        ("double_check", True, True, False, 3),
        ("words", True, False, True, 2),
    ]
    assert "nbgrader" not in notebook.cells[-1].metadata


@pytest.mark.parametrize("language", LANGUAGES)
def test_notebook_is_valid_and_knows_its_language(script, language):
    notebook = building.build(script(WHOLE), language)
    nbformat.validate(notebook)
    assert notebook.metadata.coursekit.language == language
    assert notebook.metadata.kernelspec.name == "python3"


def test_cells_have_the_same_identifiers_in_both_languages(script):
    path = script(WHOLE)
    english, french = building.build(path, "en"), building.build(path, "fr")
    assert [cell.id for cell in english.cells] == [cell.id for cell in french.cells]
    assert english.cells[2].id == "03-some-thing-03"


@pytest.mark.parametrize(("language", "text"), [("en", "Because."), ("fr", "Parce que.")])
def test_a_script_may_be_written_in_one_language(script, language, text):
    cells = WHOLE.split("\n\n")
    path = script("\n\n".join(cell for cell in cells if "lang=" not in cell or f'lang="{language}"' in cell))
    assert building.languages(path) == [language]
    assert list(building.homes(path).values()) == [language]
    assert sources(building.build(path, language))[4] == text


@pytest.mark.parametrize(("number", "folders"), [(3, {"first": "en"}), (4, TWO), (12, TWO)])
def test_the_number_of_a_script_says_of_which_assignment_it_is(script, monkeypatch, number, folders):
    monkeypatch.setattr(subject(), "assignments", {1: {"first": "en"}, 4: TWO})
    path = script(WHOLE)
    assert building.homes(path.rename(path.with_name(f"{number:02d}_thing.py"))) == folders


def test_building_twice_writes_the_same_bytes(script, tmp_path):
    path = script(WHOLE)
    for name in ("one", "two"):
        building.write(building.build(path, "fr"), tmp_path / name / "built.ipynb")
    assert (tmp_path / "one" / "built.ipynb").read_bytes() == (tmp_path / "two" / "built.ipynb").read_bytes()


def test_built_notebook_is_current_until_its_script_changes(script):
    path = script(WHOLE)
    assert not building.is_current(path, "optimiseurs")
    target = building.target(path, "optimiseurs")
    building.write(building.build(path, "fr"), target)
    assert target == path.parent / "optimiseurs" / "03_some_thing.ipynb"
    assert building.is_current(path, "optimiseurs")
    script(WHOLE.replace("double(3)", "double(4)"))
    assert not building.is_current(path, "optimiseurs")


def test_outputs_do_not_make_a_notebook_out_of_date(script):
    path = script(WHOLE)
    notebook = building.build(path, "en")
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", text="6\n")]
    notebook.cells[-1].execution_count = 5
    building.write(notebook, building.target(path, "optimizers"))
    assert building.is_current(path, "optimizers")


def test_scripts_are_listed_in_order(tmp_path):
    for name in ("10_last.py", "02_second.py", "01_first.py", "helper.py", "1_no.py", "03_no.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in building.scripts(tmp_path)] == ["01_first.py", "02_second.py", "10_last.py"]


# what is refused


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "cell", "cause"),
    [
        (TITLE + '# %% [markdown] lang="en"\n# Alone\n\n# %%\nx = 1\n', 2, r'\("Alone"\): no French text'),
        (TITLE + '# %%\nx = 1\n\n# %% [markdown] lang="fr"\n# Seul\n', 3, r'\("Seul"\): no English text'),
        (TITLE + '# %% [markdown] lang="en"\n# One\n\n# %% [markdown] lang="en"\n# Two\n', 2, "no French text"),
        ("# %% [markdown]\n# No language\n\n" + TITLE, 1, "no English text|no French text"),
        (TITLE + '# %% solved="double"\nx = 1\n', 2, "unknown option 'solved'; known are answer, check"),
        (TITLE + SOLUTION + SOLUTION, 3, "the identifier 'double' is used twice"),
        (TITLE + '# %% check="double_check"\nx = 1\n', 2, "a check and an answer have points"),
        (TITLE + '# %% solution="double" points=3\nx = 1\n', 2, "other cells have none"),
        (ANSWERS.replace(" points=2", ""), 1, "a check and an answer have points"),
        (TITLE + '# %% given="Set up"\nx = 1\n', 2, "'Set up' is no identifier"),
        (TITLE + "# %% given=3\nx = 1\n", 2, "is no identifier"),
        (TITLE + '# %% check="double_check" points="many"\nx = 1\n', 2, "points, a whole number"),
        (TITLE + "# %% points=3\nx = 1\n", 2, "other cells have none"),
        (TITLE + '# %% solution="double" given="double"\nx = 1\n', 2, "choose between solution and given"),
    ],
    ids=[
        "no French twin",
        "no English twin",
        "twice English",
        "no language",
        "unknown option",
        "double identifier",
        "check without points",
        "solution with points",
        "answer without points",
        "identifier with a space",
        "identifier that is a number",
        "points that are no number",
        "points for nothing",
        "two roles",
    ],
)
def test_faulty_script_is_refused_with_script_and_cell(script, text, cell, cause, language):
    with pytest.raises(BuildError, match=rf"^03_some_thing\.py, cell {cell}\b.*({cause})"):
        building.build(script(text), language)


# execution


def test_executed_notebook_keeps_its_outputs_and_speaks_its_language(script, tmp_path):
    text = "# %%\nimport os\nprint(os.environ['COURSEKIT_LANGUAGE'], os.path.exists('here'))\n"
    (tmp_path / "here").touch()
    notebook = building.build(script(text), "fr")
    building.execute(notebook, tmp_path)
    assert notebook.cells[0].outputs[0].text == "fr True\n"
    assert notebook.metadata.language_info == {"name": "python"}


def test_kernel_is_reached_at_no_port_that_another_program_may_take(script, tmp_path):
    text = "# %%\nimport json, ipykernel\nprint(json.load(open(ipykernel.get_connection_file()))['transport'])\n"
    notebook = building.build(script(text), "en")
    building.execute(notebook, tmp_path)
    assert notebook.cells[0].outputs[0].text == "ipc\n"


def test_reference_that_raises_cannot_be_built(script, tmp_path):
    with pytest.raises(BuildError, match=r"does not run.\n(.|\n)*ZeroDivisionError"):
        building.execute(building.build(script("# %%\n1 / 0\n"), "en"), tmp_path)


# the scripts of the course


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_code_and_identifiers_are_the_same_in_both_languages(path):
    english, french = building.build(path, "en"), building.build(path, "fr")
    assert about(english) == about(french)
    assert code(english) == code(french)
    assert len(code(english)) > 5


def code(notebook):
    return [(number, cell.source) for number, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
