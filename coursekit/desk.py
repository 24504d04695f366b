"""What a notebook needs at a student's desk: going on where something is not written, and the student's own classes."""

from __future__ import annotations

import ast
import io
import json
import linecache
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import torch

from coursekit.language import translate
from coursekit.references import SIGNATURES, stand_in

# The notebook in which a student writes each class.
HOMES = {
    "SGD": "01_sgd",
    "RMSProp": "02_rmsprop",
    "Adagrad": "03_adagrad",
    "Adam": "04_adam",
    "AdamW": "05_adamw",
    "LRScheduler": "08_lr_scheduler",
    "LRSchedulerOnPlateau": "09_lr_on_plateau",
}


@contextmanager
def once_written() -> Iterator[None]:
    """Run a block that needs what the student writes; where that is still a stub, say so and go on."""
    try:
        yield
    except NotImplementedError as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        name = trace.tb_frame.f_code.co_qualname if trace else ""
        print(translate("`{function}` is not written yet.", function=name))


def own_optimizers() -> tuple[Callable[..., torch.optim.Optimizer], ...]:
    """Give `SGD, RMSProp, Adagrad, Adam, AdamW`: the student's own classes from notebooks 1 to 5.

    Where a notebook is missing or its class is not written, torch's optimizer stands in, behind the same
    signature, and a line says so. When a notebook is graded torch's are always used, so that a mistake in an
    earlier notebook costs nothing here.
    """
    return tuple(own_class(name) for name in SIGNATURES)


def own_class(name: str, substitute: Any = None) -> Any:
    """Give the class that the student wrote in an earlier notebook, or `substitute`, and print which it is.

    Parameters
    ----------
    name
        The class, a key of `HOMES`.
    substitute
        What to use where the notebook is missing, or its class is not written or does not run; if None, torch's own
        behind the signature of the course.
    """
    if substitute is None:
        substitute = stand_in(name)
    home = f"{HOMES[name]}.ipynb"
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        print(translate("{name}: the course's, as always when a notebook is graded.", name=name))
        return substitute
    try:
        found = _load(name, Path(home))
        _try(found)
    except FileNotFoundError:
        reason = translate("{home} is not in this folder", home=home)
    except NotImplementedError:
        reason = translate("it is not written yet in {home}", home=home)
    except Exception as error:
        reason = translate("yours in {home} raises {error}", home=home, error=type(error).__name__)
    else:
        print(translate("{name}: yours, from {home}.", name=name, home=home))
        return found
    print(translate("{name}: the course's, because {reason}.", name=name, reason=reason))
    return substitute


def _load(name: str, path: Path) -> Any:
    space = definitions(path)
    if name not in space:
        raise NotImplementedError(name)
    return space[name]


def definitions(path: Path) -> dict[str, Any]:
    """Run what a notebook defines: imports, functions, classes, constants, and the cells that the course gives."""
    from IPython.core.inputtransformer2 import TransformerManager

    space: dict[str, Any] = {"__name__": path.stem}
    for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"], 1):
        if cell["cell_type"] != "code":
            continue
        source = TransformerManager().transform_cell("".join(cell["source"]))
        try:
            tree = ast.parse(source)
        except SyntaxError:
            continue
        about = cell["metadata"].get("nbgrader", {})
        if not about.get("locked") or about.get("grade"):
            tree.body = [node for node in tree.body if _is_definition(node)]
        place = f"<{path.name}, cell {number}>"
        linecache.cache[place] = len(source), None, source.splitlines(keepends=True), place  # for who reads a traceback
        with redirect_stdout(io.StringIO()):
            exec(compile(tree, place, "exec"), space)
    return space


def _is_definition(node: ast.stmt) -> bool:
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    constant = isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    return isinstance(node, kinds) or constant


def _try(found: Any) -> None:
    """Use a class once, so that a stub or a crash shows here and not in the middle of a comparison."""
    parameter = torch.nn.Parameter(torch.ones(2))
    optimizer = torch.optim.SGD([parameter], lr=0.1)
    if issubclass(found, torch.optim.Optimizer):
        optimizer = found([parameter])
        parameter.grad = torch.ones(2)
        optimizer.step()
    else:
        scheduler = found(optimizer, initial_lr=0.1)
        scheduler.set_lr(scheduler.get_lr() / 2)
