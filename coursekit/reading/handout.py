"""The notebook as it was handed out, recovered from a student's copy: the desk has no other, and cells may be lost."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Sequence

from coursekit.judging.subject import subject
from coursekit.reading.cells import Cell, new_cell
from coursekit.reading.marks import mark, put
from coursekit.reading.names import written

_IDENTIFIER = re.compile(r"(\d\d-[a-z0-9-]+)-\d\d")  # of a cell of the course: the notebook, and a number
_CALL = re.compile(r"\bcoursekit\.check\(\s*(\w+)\s*\)")
_IMPORT = re.compile(r"^(import|from)\b", re.MULTILINE)


def holds(cells: Sequence[Cell]) -> str:
    """Tell which notebook of the course the cells are, "" where it is none."""
    marks = Counter(found[1] for cell in cells if (found := _IDENTIFIER.fullmatch(cell["id"])))
    if marks:
        return marks.most_common(1)[0][0].replace("-", "_")
    exercises = subject().exercises
    return next((exercises[name].home for cell in _checks(cells) if (name := asked(cell)) in exercises), "")


def handed_out(cells: Sequence[Cell], stem: str) -> tuple[list[Cell], list[tuple[str, float]]]:
    """Make out what was handed out, and what is asked for.

    Parameters
    ----------
    cells
        Of the notebook of a student, from `coursekit.reading.cells.read`.
    stem
        Which notebook of the course it is.

    Returns
    -------
    cells, asks
        Cells in which every answer is a stub, as `coursekit.reading.grafting.graft` needs them; and what the checks
        check, with its points. Whether the student wrote a function into a cell of the lesson cannot be known: that
        cell is left out here, and counts as the student's.
    """
    checks = {cell["id"]: asked(cell) for cell in _checks(cells)}
    here = {name: each for name, each in subject().exercises.items() if each.home == stem}
    lost = [name for name in here if name not in checks.values()]
    checks = {key: name or (lost.pop(0) if lost else "") for key, name in checks.items()}
    made: list[Cell] = []
    asks: list[tuple[str, float]] = []
    seen: set[str] = set()
    answered = False  # what the next check asks for

    def ask(name: str, cell: Cell) -> None:
        if not answered:
            made.append(_cell(f"{name}: answer", stub(name), solution=True))
        check = {**cell, "source": f"coursekit.check({name})"}
        known = mark(cell)
        made.append(check if known.grade_id else _cell(f"{name}: check", grade=True))
        default = here[name].points if name in here else 0.0
        asks.append((name, default if known.points is None else float(known.points)))

    for number, cell in enumerate(cells):
        known = mark(cell)
        name = known.grade_id
        if name in seen:
            continue  # it is there twice
        seen |= {name} - {""}
        if cell["id"] in checks:
            ask(checks[cell["id"]], cell)
            answered = False
        elif known.solution and not known.grade:  # or it is an answer in words
            ahead = next((checks[other["id"]] for other in cells[number:] if other["id"] in checks), "")
            twins = [other["source"] for other in cells if mark(other).grade_id == name]
            made.append({**cell, "cell_type": "code", "source": next(filter(_is_stub, twins), stub(ahead))})
            answered = True
            for written_here in [each for each in lost if each in written(cell["source"])]:
                lost.remove(written_here)
                ask(written_here, new_cell("code", ""))
                answered = False
        elif name or (_IDENTIFIER.fullmatch(cell["id"]) and _defines_nothing(cell)):
            made.append(cell)
    for name in lost:
        ask(name, new_cell("code", ""))
    if all(_IDENTIFIER.fullmatch(cell["id"]) for cell in made):
        made.sort(key=lambda cell: str(cell["id"]))  # a program may have put them into another order
    return made, [each for each in asks if each[0]]


def stub(name: str) -> str:
    """Write what stands for an answer that is not known as it was handed out."""
    return f"def {name}():\n    raise NotImplementedError()" if name else ""


def _checks(cells: Sequence[Cell]) -> list[Cell]:
    """Find the cells that check; where no cell says what it is for, those that hold a call and nothing else."""
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    known = [cell for cell in code if mark(cell).grade and not mark(cell).solution]
    return known or [cell for cell in code if not mark(cell).grade_id and _CALL.fullmatch(cell["source"].strip())]


def asked(check: Cell) -> str:
    """Tell what a check checks, "" where nothing is left of the call."""
    found = _CALL.findall(check["source"])
    return found[-1] if found else ""


def _cell(name: str, source: str = "", **about: bool) -> Cell:
    """Make a cell in place of one that was lost."""
    cell = new_cell("code", source)
    put(cell, grade_id=name, **about)
    return cell


def _defines_nothing(cell: Cell) -> bool:
    source = cell["source"]
    return cell["cell_type"] == "code" and not written(source) and not _IMPORT.search(source)


def _is_stub(source: str) -> bool:
    """Tell whether every function in a piece of code is still to be written."""
    try:
        functions = [each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.FunctionDef)]
    except (SyntaxError, ValueError):
        return False
    return bool(functions) and all(map(_is_unwritten, functions))


def _is_unwritten(function: ast.FunctionDef) -> bool:
    match function.body[1:] if ast.get_docstring(function) else function.body:
        case [ast.Raise(ast.Call(ast.Name("NotImplementedError")) | ast.Name("NotImplementedError"))]:
            return True
    return False
