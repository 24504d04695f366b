"""Crashes: exceptions whose cause is known from their words, their line and what was tried."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from coursekit.judging.behaviours import Finding
from coursekit.judging.trajectories import Failure

Fields: TypeAlias = dict[str, str]
# A further look at a failure besides its words: fields for the texts, or None where it is another crash.
Look: TypeAlias = Callable[[Finding, Failure, Fields], Fields | None]


@dataclass(frozen=True, kw_only=True)
class Crash:
    """An exception with its cause in words.

    Attributes
    ----------
    kind, message, line
        Patterns of the exception's name, of its words and of the line that raised it; a group with a name is a field
        of the texts. `line` is looked for anywhere in the line.
    cause, fix
        The error and the fix, in English.
    look
        Looks closer.
    outside
        Whether it was raised by whoever called the student's code, so that no line of the student's is known.
    """

    kind: str
    message: str
    cause: str
    fix: str = ""
    line: str = ""
    look: Look | None = None
    outside: bool = False

    def fields(self, finding: Finding, failure: Failure) -> Fields | None:
        """Return the fields of the texts, None where a failure is not this crash."""
        if self.outside and failure.line:
            return None
        parts = [
            re.fullmatch(self.kind, failure.kind),
            re.match(self.message, failure.message, re.DOTALL),
            re.search(self.line, failure.line),
        ]
        fields = {"function": failure.function.rpartition(".")[2], "kind": failure.kind}
        for part in parts:
            if part is None:
                return None
            fields |= {name: text for name, text in part.groupdict().items() if text is not None}
        if self.look is None:
            return fields
        seen = self.look(finding, failure, fields)
        return None if seen is None else fields | seen


def called(line: str) -> str:
    """Return what a line calls, where it calls one thing only; else ""."""
    calls = [ast.unparse(node.func) for node in _nodes(line) if isinstance(node, ast.Call)]
    return calls[0] if len(calls) == 1 else ""


def operand(line: str, sign: str, *, left: bool) -> str:
    """Return what stands left or right of an operator in a line, where that is one and the same thing; else ""."""
    found = set()
    for node in _nodes(line):
        if isinstance(node, ast.BinOp) and _SIGNS.get(type(node.op)) == sign:
            found.add(ast.unparse(node.left if left else node.right))
        elif isinstance(node, ast.AugAssign) and f"{_SIGNS.get(type(node.op))}=" == sign:
            found.add(ast.unparse(node.target if left else node.value))
        elif isinstance(node, ast.Compare) and len(node.ops) == 1 and _SIGNS.get(type(node.ops[0])) == sign:
            found.add(ast.unparse(node.left if left else node.comparators[0]))
    return found.pop() if len(found) == 1 else ""


_SIGNS: dict[type, str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "** or pow()",
    ast.Lt: "<",
    ast.Gt: ">",
    ast.LtE: "<=",
    ast.GtE: ">=",
}


def _nodes(line: str) -> list[ast.AST]:
    """Read a line, which may be the head of a block, as far as Python can."""
    for source in (line, f"{line}\n    pass", f"if 1:\n    pass\n{line}\n    pass"):
        try:
            return list(ast.walk(ast.parse(source)))
        except (SyntaxError, ValueError):
            continue
    return []
