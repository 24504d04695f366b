"""The texts that stand in code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import jupytext

POINT = re.compile(r".{,30}\d\.\d.{,30}")  # in French a number has a comma


def code(script: Path) -> list[str]:
    return [cell.source for cell in jupytext.read(script, fmt="py:percent").cells if cell.cell_type == "code"]


def literals(tree: ast.AST) -> Iterator[str]:
    """Return the strings in a piece of code, but not the parts of an f-string, and no keys."""
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        yield tree.value
    elif isinstance(tree, ast.Subscript):
        yield from literals(tree.value)
    elif not isinstance(tree, ast.JoinedStr):
        for child in ast.iter_child_nodes(tree):
            yield from literals(child)


def names(script: Path) -> set[str]:
    """Return the names in the code of a script; they are the same in every language."""
    trees = [node for source in code(script) for node in ast.walk(ast.parse(source))]
    kinds = {ast.Name: "id", ast.Attribute: "attr", ast.arg: "arg", ast.ClassDef: "name", ast.keyword: "arg"}
    return {str(getattr(node, kinds[type(node)])) for node in trees if type(node) in kinds}
