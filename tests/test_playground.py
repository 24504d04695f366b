"""The playground in a real kernel: sliders that redraw the picture, and a picture where there are none."""

import base64
import io
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from PIL import Image

SET_UP = """
import coursekit, ipywidgets
from coursekit.references import SIGNATURES, stand_in
import torch

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
PLATEAU = "coursekit.playground.plateau(Reduce)"


def run(tmp_path, *cells, **environment):
    """Run cells in a real kernel, and give their outputs."""
    sources = ["%env COURSEKIT_LANGUAGE=en", *(f"%env {name}={value}" for name, value in environment.items())]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in (*sources, SET_UP, *cells)])
    client = NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}, store_widget_state=False)
    client.execute()
    return [cell.outputs for cell in notebook.cells[len(sources) + 1 :]]


def printed(outputs):
    return "".join(output.text for output in outputs if output.output_type == "stream").splitlines()


def test_every_slider_redraws_the_picture(tmp_path):
    move = """
for name, value in {"learning_rate": 0.3, "steps": 10, "x": 3.0, "y": -1.0, "optimizer": "AdamW", "beta1": 0.5,
                    "beta2": 0.9, "epsilon": 1.0, "weight_decay": 0.5, "function": "Himmelblau"}.items():
    before = picture()
    controls()[name].value = value
    print(name, picture() != before)
"""
    _, moved = run(tmp_path, DESCENT, move)
    lines = printed(moved)
    assert len(lines) == 10
    assert [line for line in lines if not line.endswith("True")] == []


def test_scheduler_has_sliders_too(tmp_path):
    move = """
for name, value in {"patience": 1, "factor": 0.2, "min_lr": 0.1, "threshold": 0.2, "noise": 0.3,
                    "metric": "rises again"}.items():
    before = picture()
    controls()[name].value = value
    print(name, picture() != before)
"""
    _, moved = run(tmp_path, PLATEAU, move)
    assert [line.endswith("True") for line in printed(moved)] == [True] * 6


def test_only_what_the_optimizer_takes_can_be_moved(tmp_path):
    look = """
for chosen in ("SGD", "RMSProp", "AdamW"):
    controls()["optimizer"].value = chosen
    print(*sorted(name for name, each in controls().items() if each.layout.display != "none"))
controls()["function"].value = "double well"
print("y" in [name for name, each in controls().items() if each.layout.display != "none"])
"""
    _, looked = run(tmp_path, DESCENT, look)
    always = {"function", "optimizer", "steps", "x", "y"}
    assert [set(line.split()) - always for line in printed(looked)[:3]] == [
        {"learning_rate"},
        {"learning_rate", "decay", "epsilon"},
        {"learning_rate", "beta1", "beta2", "epsilon", "weight_decay"},
    ]
    assert printed(looked)[3] == "False"


def test_what_the_students_code_raises_stands_beside_the_last_picture(tmp_path):
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
    *_, told = run(tmp_path, play, break_it, move)
    assert printed(told) == ["<b>Your code raises ValueError: &lt;b&gt;no&lt;/b&gt;</b> True"]


@pytest.mark.parametrize("play", [DESCENT, PLATEAU])
def test_picture_stands_beside_the_sliders_for_where_there_are_none(play, tmp_path):
    ((output,),) = run(tmp_path, play)
    assert "application/vnd.jupyter.widget-view+json" in output.data
    assert Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))).width > 400
    assert output.metadata["image/png"]["alt"] == output.data["text/plain"]


def test_there_are_no_sliders_where_a_notebook_is_graded(tmp_path):
    ((output,),) = run(tmp_path, DESCENT, NBGRADER_EXECUTION="autograde")
    assert set(output.data) == {"image/png", "text/plain"}


def test_without_ipywidgets_the_picture_comes_with_the_word_that_installs_it(tmp_path):
    said, output = run(tmp_path, f"import sys; sys.modules['ipywidgets'] = None\n{DESCENT}")[0]
    assert said.text == "The sliders need ipywidgets: pip install ipywidgets\n"
    assert set(output.data) == {"image/png", "text/plain"}


def test_built_notebooks_hold_the_picture_and_no_widget():
    root = Path(__file__).parents[1]
    for stem in ("06_evaluation", "09_lr_on_plateau"):
        notebook = nbformat.read(root / "solutions" / "optimizers" / f"{stem}.ipynb", as_version=4)
        (cell,) = [cell for cell in notebook.cells if "coursekit.playground" in cell.source]
        assert [set(output.data) for output in cell.outputs] == [{"image/png", "text/plain"}]
        assert "widgets" not in notebook.metadata
