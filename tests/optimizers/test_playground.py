"""The playground in a real kernel: sliders that redraw the picture, and a picture where there are none."""

import base64
import io

import nbformat
import pytest
from nbclient import NotebookClient
from PIL import Image

from coursekit.optimizers import playground, plots
from coursekit.optimizers.references import stand_in
from tests.solutions import ROOT

SET_UP = """
%env COURSEKIT_LANGUAGE=en
import coursekit, ipywidgets, pytest, sys, torch
from coursekit.optimizers.references import SIGNATURES, stand_in

ipywidgets.Widget.close_all()

def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().requires_grad_()
    optimizer = optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    for _ in range(steps):
        (x.grad,) = torch.autograd.grad(function(x), x)
        optimizer.step()
        positions.append(x.detach().clone())
    return torch.stack(positions)

class Reduce:
    def __init__(self, optimizer, initial_lr, **hyperparameters):
        self.plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **hyperparameters)
    def step(self, metric):
        self.plateau.step(metric)

def all_of(kind):
    return [widget for widget in ipywidgets.widgets.widget._instances.values() if isinstance(widget, kind)]

def controls():
    return {each.description: each for each in all_of(ipywidgets.ValueWidget) if getattr(each, "description", "")}

def picture():
    (image,) = all_of(ipywidgets.Image)
    return image.value
"""
DESCENT = "coursekit.playground.descent({name: stand_in(name) for name in SIGNATURES}, minimise)"
DAMPING = """
def distances(optimizer_class, curvatures, steps, learning_rate, momentum):
    return torch.arange(steps + 1)[:, None] * (torch.tensor(curvatures) * learning_rate + momentum)

coursekit.playground.damping(stand_in("Momentum"), distances)
"""
PLATEAU = "coursekit.playground.plateau(Reduce)"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    client = NotebookClient(
        nbformat.v4.new_notebook(),
        resources={"metadata": {"path": str(tmp_path_factory.mktemp("desk"))}},
        store_widget_state=False,
        startup_timeout=600,  # a busy machine may take longer than nbclient would wait
        iopub_timeout=600,
    )
    with client.setup_kernel():
        yield client


@pytest.fixture
def run(kernel):
    """Return what runs cells in the kernel, without the widgets of other tests, and gives their outputs."""

    def run(*sources):
        kernel.nb.cells = [nbformat.v4.new_code_cell(source) for source in (SET_UP, *sources)]
        for number, cell in enumerate(kernel.nb.cells):
            kernel.execute_cell(cell, number)
        return [cell.outputs for cell in kernel.nb.cells[1:]]

    return run


def patched(patch):
    return f"with pytest.MonkeyPatch.context() as patch:\n    {patch}\n    {DESCENT}"


def printed(outputs):
    return "".join(output.text for output in outputs if output.output_type == "stream").splitlines()


@pytest.mark.slow
def test_every_slider_redraws_the_picture(run):
    move = """
for name, value in {"steps": 10, "learning_rate": 0.3, "x": 3.0, "y": -1.0, "optimizer": "AdamW", "beta1": 0.5,
                    "beta2": 0.9, "epsilon": 1.0, "weight_decay": 0.5, "function": "Himmelblau"}.items():
    before = picture()
    controls()[name].value = value
    print(name, picture() != before)
"""
    _, moved = run(DESCENT, move)
    lines = printed(moved)
    assert len(lines) == 10
    assert [line for line in lines if not line.endswith("True")] == []


@pytest.mark.slow
def test_scheduler_has_sliders_too(run):
    move = """
for name, value in {"patience": 1, "factor": 0.2, "min_lr": 0.1, "threshold": 0.2, "noise": 0.3,
                    "metric": "rises again"}.items():
    before = picture()
    controls()[name].value = value
    print(name, picture() != before)
"""
    _, moved = run(PLATEAU, move)
    assert [line.endswith("True") for line in printed(moved)] == [True] * 6


@pytest.mark.slow
def test_momentum_has_sliders_too(run):
    move = """
for name, value in {"learning_rate": 0.1, "momentum": 0.9, "steps": 20}.items():
    before = picture()
    controls()[name].value = value
    print(name, picture() != before)
"""
    _, moved = run(DAMPING, move)
    assert [line.endswith("True") for line in printed(moved)] == [True] * 3


@pytest.mark.slow
def test_only_what_the_optimizer_takes_can_be_moved(run):
    look = """
for chosen in ("SGD", "RMSProp", "AdamW"):
    controls()["optimizer"].value = chosen
    print(*sorted(name for name, each in controls().items() if each.layout.display != "none"), sep=",")
controls()["function"].value = "double well"
print("y" in [name for name, each in controls().items() if each.layout.display != "none"])
"""
    _, looked = run(DESCENT, look)
    always = {"function", "optimizer", "compared with", "steps", "x", "y"}
    assert [set(line.split(",")) - always for line in printed(looked)[:3]] == [
        {"learning_rate"},
        {"learning_rate", "decay", "epsilon"},
        {"learning_rate", "beta1", "beta2", "epsilon", "weight_decay"},
    ]
    assert printed(looked)[3] == "False"


def test_what_the_students_code_raises_stands_beside_the_last_picture(run):
    break_it = """
def minimise(*_, **__):
    raise ValueError("<b>no</b>")
"""
    move = """
before = picture()
controls()["steps"].value = 7
(words,) = all_of(ipywidgets.HTML)
print(words.value, picture() == before)
"""
    play = DESCENT.replace("minimise)", "lambda *given, **named: minimise(*given, **named))")
    *_, told = run(play, break_it, move)
    assert printed(told) == ["<b>Your code raises ValueError: &lt;b&gt;no&lt;/b&gt;</b> True"]


def test_starts_fit_the_function(run):
    look = """
for chosen in ("Himmelblau", "double well", "valley"):
    before = picture()
    controls()["function"].value = chosen
    print(*((each.min, each.max, each.value) for name, each in controls().items() if name in "xy"), picture() != before)
"""
    _, looked = run(DESCENT, look)
    assert printed(looked) == [
        "(-5.5, 5.5, 0.0) (-5.5, 5.5, -0.75) True",
        "(-3.2, 3.2, 3.0) (-5.5, 5.5, -0.75) True",
        "(-11.0, 11.0, -2.5) (-3.0, 3.0, 2.5) True",
    ]


def test_second_optimizer_is_drawn_beside_the_first_with_what_either_takes(monkeypatch):
    boards, drawn = [], []
    monkeypatch.setattr(playground, "show", boards.append)
    monkeypatch.setattr(plots, "walks", lambda _, paths, __: drawn.append(list(paths)))
    playground.descent({name: stand_in(name) for name in ("SGD", "RMSProp")}, lambda _, __, start, *___, **____: start)
    (board,) = boards
    for second in ("none", "RMSProp", "SGD"):
        board.draw(**board.start | {"compared with": second})
    assert drawn == [["SGD"], ["SGD", "RMSProp"], ["SGD"]]
    assert {"learning_rate", "decay", "epsilon"} <= board.used(board.start | {"compared with": "RMSProp"})


def test_curves_move_with_their_sliders(run):
    play = """
def make(slope):
    return {"Adam": [0.0, slope]}
coursekit.playground.curves(make, "data", "step", "loss", ylim=(0, 3), sliders={"slope": (0.0, 2.0, 1.0)})
"""
    move = "before = picture()\ncontrols()['slope'].value = 1.5\nprint(picture() != before)"
    (shown, moved) = run(play, move)
    assert "application/vnd.jupyter.widget-view+json" in shown[0].data
    assert "Adam from 0 to 1" in shown[0].data["text/plain"]
    assert printed(moved) == ["True"]


@pytest.mark.parametrize("play", [DESCENT, PLATEAU], ids=["descent", "plateau"])
def test_picture_stands_beside_the_sliders_for_where_there_are_none(play, run):
    ((output,),) = run(play)
    assert "application/vnd.jupyter.widget-view+json" in output.data
    assert Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))).width > 400
    assert output.metadata["image/png"]["alt"] == output.data["text/plain"]


def test_there_are_no_sliders_where_a_notebook_is_graded(run):
    ((output,),) = run(patched('patch.setenv("NBGRADER_EXECUTION", "autograde")'))
    assert set(output.data) == {"image/png", "text/plain"}


def test_without_ipywidgets_the_picture_comes_with_the_word_that_installs_it(run):
    ((said, output),) = run(patched('patch.setitem(sys.modules, "ipywidgets", None)'))
    assert said.text == "The sliders need ipywidgets: pip install ipywidgets\n"
    assert set(output.data) == {"image/png", "text/plain"}


@pytest.mark.parametrize("stem", ["06_evaluation", "09_lr_on_plateau"])
def test_built_notebook_holds_the_picture_and_no_widget(stem):
    notebook = nbformat.read(ROOT / "solutions" / "optimizers" / f"{stem}.ipynb", as_version=4)
    (cell,) = [cell for cell in notebook.cells if "coursekit.playground" in cell.source]
    assert [set(output.data) for output in cell.outputs] == [{"image/png", "text/plain"}]
    assert "widgets" not in notebook.metadata
