"""What is graded is the released notebook in everything but the student's answers."""

import copy

import nbformat

from coursekit.grading.submission.graft import definitions, graft
from coursekit.reading.grafting import Kind, Oddity
from tests.grading.conftest import answer


def test_the_students_answers_stand_in_the_released_notebook(release, solved):
    notebook, oddities = graft(solved, release)
    assert answer(notebook, "sgd").source == answer(solved, "sgd").source
    assert answer(notebook, "sgd_words").source == answer(solved, "sgd_words").source
    assert [cell.id for cell in notebook.cells] == [cell.id for cell in release.cells]
    assert oddities == ()


def test_a_graft_does_not_touch_what_it_was_given(release, solved):
    before = copy.deepcopy((release, solved))
    graft(solved, release)
    assert (release, solved) == before


def test_an_edited_check_cell_is_ignored_and_reported(release, solved):
    answer(solved, "sgd_check").source = "1 + 1"
    notebook, oddities = graft(solved, release)
    assert answer(notebook, "sgd_check").source == "coursekit.check(SGD)"
    assert oddities == (Oddity(kind=Kind.EDITED, cell="sgd_check"),)


def test_metadata_and_kernel_of_the_submission_are_ignored(release, solved):
    solved.metadata["kernelspec"] = {"name": "evil", "display_name": "evil"}
    for cell in solved.cells:
        cell.metadata["tags"] = ["skip-execution"]
    answer(solved, "sgd_check").metadata.nbgrader["points"] = 1000
    notebook, _ = graft(solved, release)
    assert notebook.metadata == release.metadata
    assert [cell.metadata for cell in notebook.cells] == [cell.metadata for cell in release.cells]


def test_an_added_cell_stays_in_its_place(release, solved):
    place = solved.cells.index(answer(solved, "sgd"))
    solved.cells.insert(place, nbformat.v4.new_code_cell("from math import sqrt"))
    notebook, _ = graft(solved, release)
    added = notebook.cells[notebook.cells.index(answer(notebook, "sgd")) - 1]
    assert added.source == "from math import sqrt"
    assert definitions(notebook).index("from math import sqrt") == 1


def test_a_doubled_cell_is_kept_as_an_added_one_and_reported(release, solved):
    place = solved.cells.index(answer(solved, "sgd"))
    twin = copy.deepcopy(solved.cells[place])
    twin["id"] = "twin"
    solved.cells.insert(place + 1, twin)
    notebook, oddities = graft(solved, release)
    assert oddities == (Oddity(kind=Kind.DOUBLED, cell="sgd"),)
    nbformat.validate(notebook)


def test_a_missing_answer_is_the_stub_and_reported(release, solved):
    solved.cells.remove(answer(solved, "sgd"))
    notebook, oddities = graft(solved, release)
    assert "raise NotImplementedError()" in answer(notebook, "sgd").source
    assert oddities == (Oddity(kind=Kind.MISSING, cell="sgd"),)


def test_an_answer_that_became_markdown_is_still_run_as_code(release, solved):
    cell = answer(solved, "sgd")
    cell["cell_type"] = "markdown"
    notebook, oddities = graft(solved, release)
    assert answer(notebook, "sgd").cell_type == "code"
    assert oddities == (Oddity(kind=Kind.RETYPED, cell="sgd"),)


def test_a_notebook_without_cell_ids_is_grafted_all_the_same(release, solved):
    for cell in solved.cells:
        del cell["id"]
    notebook, oddities = graft(solved, release)
    assert len(notebook.cells) == len(release.cells)
    assert oddities == ()


def test_an_answer_written_in_another_cell_is_moved(release, solved):
    source = answer(solved, "sgd").source
    answer(solved, "sgd").source = answer(release, "sgd").source
    solved.cells.append(nbformat.v4.new_code_cell(source))
    notebook, oddities = graft(solved, release)
    assert answer(notebook, "sgd").source == source
    assert len(notebook.cells) == len(release.cells)
    assert oddities == (Oddity(kind=Kind.MOVED, cell="sgd"),)


def test_an_untouched_copy_of_the_answer_is_left_out(release, solved):
    twin = copy.deepcopy(answer(release, "sgd"))
    twin["id"] = "twin"
    solved.cells.append(twin)
    notebook, oddities = graft(solved, release)
    assert len(notebook.cells) == len(release.cells)
    assert oddities == (Oddity(kind=Kind.DOUBLED, cell="sgd"),)


def test_what_is_defined_in_a_locked_cell_counts_beside_the_released_one(release, solved):
    answer(solved, "setup").source += "\nfrom math import sqrt"
    notebook, oddities = graft(solved, release)
    assert oddities == (Oddity(kind=Kind.EDITED, cell="setup"),)
    assert definitions(notebook)[:2] == (answer(release, "setup").source, answer(solved, "setup").source)


def test_what_is_added_below_the_check_is_no_definition(release, solved):
    solved.cells.append(nbformat.v4.new_code_cell("del SGD"))
    notebook, _ = graft(solved, release)
    assert notebook.cells[-1].source == "del SGD"
    assert "del SGD" not in definitions(notebook)


def test_definitions_leave_out_experiments_and_checks(release, solved):
    notebook, _ = graft(solved, release)
    setup, sgd, data, train, *_questions = definitions(notebook)
    assert setup == "import numpy as np\nimport torch\n\nimport coursekit"
    assert sgd.startswith("class SGD")
    assert data.startswith("def make_data")
    assert train.startswith("def train")


def prediction(notebook):
    return next(cell for cell in notebook.cells if cell.source.startswith("prediction_1"))


def test_a_prediction_stays_what_the_student_wrote_and_is_nothing_odd(release, solved):
    prediction(solved).source = 'prediction_1 = "a flat line"'
    notebook, oddities = graft(solved, release)
    assert prediction(notebook).source == 'prediction_1 = "a flat line"'
    assert oddities == ()
    assert not any("prediction_1" in source for source in definitions(notebook))


def test_an_answer_in_the_cell_of_a_prediction_counts_beside_it(release, solved):
    prediction(solved).source += "\n\n\nclass Helper: ..."
    notebook, oddities = graft(solved, release)
    assert prediction(notebook).source == 'prediction_1 = ""'
    assert [oddity.kind for oddity in oddities] == [Kind.EDITED]


def test_what_is_defined_once_more_below_its_check_is_no_definition(release, solved):
    place = solved.cells.index(answer(solved, "sgd_check"))
    solved.cells.insert(place + 1, nbformat.v4.new_code_cell("class SGD: ..."))
    solved.cells.insert(place + 2, nbformat.v4.new_code_cell("def helper(): ..."))
    notebook, _ = graft(solved, release)
    assert "class SGD: ..." not in definitions(notebook)
    assert "def helper(): ..." in definitions(notebook)
