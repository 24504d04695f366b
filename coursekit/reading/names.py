"""The names that a piece of a notebook's code defines, found without running it."""

from __future__ import annotations

import ast
import re
import warnings

MAX_SOURCE = 10**6  # characters; nobody writes more in a cell
_OF_IPYTHON = re.compile(r"(?m)^([ \t]*)[%!].*$")


def defined(source: str) -> frozenset[str]:
    """List the names that code defines or imports at its top level; none where Python cannot read it."""
    found = _look(source)
    return frozenset(found.written | found.named | found.imported)


def written(source: str) -> frozenset[str]:
    """List the functions and classes among them."""
    return frozenset(_look(source).written)


def made(source: str) -> frozenset[str]:
    """List all of them but what is imported, which is the same wherever it is."""
    found = _look(source)
    return frozenset(found.written | found.named)


def without_magics(source: str) -> str:
    """Put something that Python can read in the place of magics and of commands for a shell."""
    return _OF_IPYTHON.sub(r"\1pass", source)


def _look(source: str) -> _Found:
    if len(source) > MAX_SOURCE:
        return _Found()
    found = _Found()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found.visit(ast.parse(without_magics(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _Found()
    return found


class _Found(ast.NodeVisitor):
    def __init__(self) -> None:
        self.written: set[str] = set()
        self.named: set[str] = set()
        self.imported: set[str] = set()

    def _keep(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        self.written.add(node.name)  # and do not look inside

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _keep  # noqa: N815 - the names are ast's

    def visit_Name(self, node: ast.Name) -> None:
        """Keep a name that is assigned to."""
        if isinstance(node.ctx, ast.Store):
            self.named.add(node.id)

    def visit_alias(self, node: ast.alias) -> None:
        """Keep a name that is imported."""
        self.imported.add(node.asname or node.name.partition(".")[0])
