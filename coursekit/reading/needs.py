"""Which statements of a notebook matter to what is asked of it: at a student's desk, no other is run."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from coursekit.reading.statements import Statement, flat

_NAMESPACES = {"globals", "locals", "vars"}


def needed(statements: Iterable[Statement], names: Iterable[str]) -> frozenset[Statement]:
    """Find the statements that some names need: what defines or changes them, and whatever that needs in turn.

    Cells that only use definitions, such as trials, pictures and questions, are not among them.

    Parameters
    ----------
    statements
        Of all cells, in order.
    names
        The names that are asked for.
    """
    waiting = list(flat(statements))
    above = {below: each for each in waiting for below in each.below}
    effects = {each: _Effects(each) for each in waiting}
    imported = {name for each in waiting if isinstance(each.node, ast.Import | ast.ImportFrom) for name in each.defines}
    wanted, setting, chosen = set(names), {"exec"}, set[Statement]()
    while more := [each for each in waiting if effects[each].matter_to(wanted, setting, wanted - imported)]:
        for found in more:
            if found.sets and isinstance(found.node, ast.FunctionDef):
                setting.add(found.node.name)
            each: Statement | None = found
            while each and each not in chosen:
                chosen.add(each)
                wanted |= each.uses
                if "exec" in each.uses:  # what is in a text is not seen
                    wanted |= {name for other in effects for name in other.defines}
                each = above.get(each)  # the test that it stands below
        waiting = [each for each in waiting if each not in chosen]
    return frozenset(chosen)


class _Effects(ast.NodeVisitor):
    """The effects of a statement besides defining names, leaving out those of functions and classes inside it."""

    def __init__(self, statement: Statement) -> None:
        self._changed: set[str] = set()  # whose attributes or items are set
        self._called: set[str] = set()
        self._asked: set[str] = set()  # whose methods are called
        self._ends = False
        self._defines = statement.defines
        if statement.branches == ((), ()):
            self.visit(statement.node)
        else:
            self._defines = statement.names  # what stands in the branches is looked at by itself

    def matter_to(self, wanted: set[str], setting: set[str], own: set[str]) -> bool:
        """Tell whether names may depend on it: they, functions that set such, and those that are not imported."""
        return bool(
            self._ends
            or self._defines & (wanted | {"*"})
            or self._changed & (wanted | _NAMESPACES)
            or self._called & setting
            or self._asked & (own | _NAMESPACES)
        )

    def _pass_over(self, node: ast.AST) -> None:
        """Look at no function and no class: they do nothing yet."""

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _pass_over  # noqa: N815

    def _set(self, node: ast.Attribute | ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._changed.add(_root(node))
        self.generic_visit(node)

    visit_Attribute = visit_Subscript = _set  # noqa: N815

    def visit_Raise(self, _: ast.Raise) -> None:
        """Note an end: what comes after it counts for less."""
        self._ends = True

    def visit_Expr(self, node: ast.Expr) -> None:
        """Look at a call whose result is of no use: it is made for what it does."""
        match node.value:
            case ast.Call(ast.Name("exit" | "quit") | ast.Attribute(attr="exit")):
                self._ends = True
            case ast.Call(ast.Name("setattr" | "delattr"), [changed, *_]):
                self._changed.add(_root(changed))
            case ast.Call(ast.Name(name)):
                self._called.add(name)
            case ast.Call(called):
                self._asked.add(_root(called))
        self.generic_visit(node)


def _root(node: ast.expr) -> str:
    """Return the name at the beginning of `name.attribute[item](argument)`."""
    while not isinstance(node, ast.Name):
        match node:
            case ast.Attribute(inner) | ast.Subscript(inner) | ast.Call(inner):
                node = inner
            case _:
                return ""
    return node.id
