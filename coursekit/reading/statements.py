"""The statements at the top level of a notebook's cells, as IPython reads them, and the names they define and use."""

from __future__ import annotations

import ast
import contextlib
import dis
import linecache
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import CodeType

from coursekit.judging.trajectories import Failure

FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
DEFINITIONS = (ast.AsyncFunctionDef, ast.ClassDef, ast.FunctionDef, ast.If, ast.Import, ast.ImportFrom)
# Magics of a cell that run it as Python, here and now, and those that do not. Others are not IPython's own.
_PASSED_OVER = {"capture", "prun", "time"}
_OTHERWISE = {
    *("!", "HTML", "SVG", "bash", "cmd", "code_wrap", "debug", "file", "html", "javascript", "js", "latex", "markdown"),
    *("perl", "pypy", "python", "python2", "python3", "ruby", "script", "sh", "svg", "sx", "system", "timeit"),
    "writefile",
}
_CELL_MAGIC = re.compile(r"\s*^%%(\S+)[^\n]*\n?", re.MULTILINE)
_BLANK_LINES = re.compile(r"(?:[ \t]*\n)*")


@dataclass(frozen=True, eq=False)
class Statement:
    """A statement at the top level.

    Attributes
    ----------
    node
        The kind of statement; of an `if` only the test counts, since what stands below it is in `branches`.
    place
        The name of the cell or file in a traceback.
    line
        Where it stands in the cell.
    branches
        The statements of an `if`, where the test is true and where it is not.
    inside
        Those of a `try`, a `with` or a loop, which is run as a whole.
    """

    node: ast.stmt
    place: str
    line: int
    branches: tuple[tuple[Statement, ...], tuple[Statement, ...]] = ((), ())
    inside: tuple[Statement, ...] = ()

    @property
    def below(self) -> tuple[Statement, ...]:
        """The statements in its branches, or inside."""
        return (*self.branches[0], *self.branches[1], *self.inside)

    @property
    def where(self) -> tuple[int, int, int]:
        """Numbers that tell it from the others of its cell."""
        return self.line, self.node.lineno, self.node.col_offset

    def code(self, flags: int = FLAGS) -> CodeType:
        """Compile it, for `eval`."""
        if isinstance(self.node, ast.If):
            return compile(ast.Expression(self.node.test), self.place, "eval", flags, dont_inherit=True)
        return compile(ast.Module([self.node], []), self.place, "exec", flags, dont_inherit=True)

    @cached_property
    def defines(self) -> frozenset[str]:
        """The names that it gives to something, or takes away, at the top level; "*" where only running it tells."""
        if isinstance(self.node, ast.ImportFrom) and self.node.names[0].name == "*":
            return frozenset("*")
        return self.names.union(*(each.defines for branch in self.branches for each in branch))

    @cached_property
    def names(self) -> frozenset[str]:
        """Those among them that do not stand in its branches."""
        return _names(self._codes[:1], "STORE_NAME", "DELETE_NAME") | self.sets

    @cached_property
    def sets(self) -> frozenset[str]:
        """Those that a function in it declares to be global."""
        return _names(self._codes, "STORE_GLOBAL", "DELETE_GLOBAL")

    @cached_property
    def uses(self) -> frozenset[str]:
        """The names that stand in it for something from outside."""
        return _names(self._codes, "LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS")

    @cached_property
    def _codes(self) -> tuple[CodeType, ...]:
        try:
            return tuple(_nested(self.code()))
        except (SyntaxError, ValueError, RecursionError, MemoryError):  # which is told when it is run
            return ()


@dataclass(frozen=True, kw_only=True)
class Lost:
    """A statement that raised something.

    Attributes
    ----------
    line
        Where it stands in its cell.
    names
        The names it should have defined, see `Statement.defines`; "*" also of a cell that Python could not read.
    failure
        The exception that it raised.
    """

    line: int
    names: tuple[str, ...]
    failure: Failure


def cause(failure: Failure, lost: Iterable[tuple[str, Lost]]) -> Failure:
    """Find why a name is missing: what the statement raised that should have defined it.

    Parameters
    ----------
    failure
        Anything that was raised; what is no missing name has no other cause.
    lost
        All that was lost, each with its cell.
    """
    told, asked = failure, set[str]()
    while (name := missing(told)) and name not in asked:
        asked.add(name)
        known = [each for _, each in lost if name in each.names]
        perhaps = [each for cell, each in lost if "*" in each.names and re.search(rf"\b{name}\b|import \*", cell)]
        told = next((each.failure for each in (*reversed(known), *perhaps)), told)
    return told


def missing(failure: Failure) -> str:
    """Return the name that was missing, "" where that is not what was raised."""
    found = re.search(r"name '(\w+)' is not defined", failure.message) if failure.kind == "NameError" else None
    return found[1] if found else ""


def read(source: str, place: str, transform: Callable[[str], str] | None = None) -> tuple[Statement, ...]:
    """Take a cell apart.

    A magic that only measures or captures the cell is passed over, imports come one name at a time, and `%run` of a
    file stands for what is in the file.

    Parameters
    ----------
    source
        The cell.
    place
        Its name in a traceback.
    transform
        Makes Python of what only IPython reads.

    Raises
    ------
    SyntaxError
        Where Python cannot read it.
    """
    from IPython.core.inputtransformer2 import TransformerManager

    transform = transform or TransformerManager().transform_cell
    found = _CELL_MAGIC.match(source)
    if found and found[1] not in _OTHERWISE:
        try:
            return read("\n" * found[0].count("\n") + source[found.end() :], place, transform)
        except SyntaxError:
            if found[1] in _PASSED_OVER:
                raise
    return tuple(_statements(_parsed(source, place, transform), place))


def names_in(code: CodeType) -> tuple[frozenset[str], frozenset[str]]:
    """List the global names that some code uses, and the modules that it imports."""
    codes = tuple(_nested(code))
    return _names(codes, "LOAD_GLOBAL", "LOAD_NAME"), _names(codes, "IMPORT_NAME")


def flat(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Go through statements and those that stand below them."""
    for each in statements:
        yield each
        yield from flat(each.below)


def _parsed(source: str, place: str, transform: Callable[[str], str]) -> list[ast.stmt]:
    above = _BLANK_LINES.match(source)
    assert above
    # IPython would take these lines away, and all line numbers would be others.
    text = "\n" * above[0].count("\n") + transform(source[above.end() :])
    linecache.cache[place] = len(text), None, text.splitlines(keepends=True), place  # for who reads a traceback
    with warnings.catch_warnings(action="ignore"):  # as of an escape in a string
        return ast.parse(text, place).body


def _statements(body: list[ast.stmt], place: str) -> Iterator[Statement]:
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                one = ast.ImportFrom(node.module, [alias], node.level) if isinstance(node, ast.ImportFrom) else None
                made = ast.copy_location(one or ast.Import([alias]), node)
                made.col_offset = alias.col_offset
                yield Statement(made, place, node.lineno)
        elif isinstance(node, ast.If):
            branches = tuple(_statements(node.body, place)), tuple(_statements(node.orelse, place))
            yield Statement(node, place, node.lineno, branches)
        elif isinstance(node, ast.For | ast.Try | ast.With):
            yield Statement(node, place, node.lineno, inside=tuple(_statements(node.body, place)))
        else:
            yield from _of_magic(node, place) or [Statement(node, place, node.lineno)]


def _of_magic(node: ast.stmt, place: str) -> list[Statement]:
    """Return the statements that the magic of a line would run here; none where it is another, or no magic."""
    match node:
        case ast.Expr(
            ast.Call(ast.Attribute(attr="run_line_magic"), [ast.Constant(str(name)), ast.Constant(str(line))])
        ):
            with contextlib.suppress(SyntaxError, OSError, ValueError):
                if name in ("prun", "time"):
                    body = [ast.increment_lineno(each, node.lineno - 1) for each in ast.parse(line).body]
                    return list(_statements(body, place))
                if name == "run" and line.endswith(".py"):
                    path = Path(line)
                    found = read(path.read_text(encoding="utf-8"), line)
                    return [replace(each, line=node.lineno) for each in found]
    return []


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)


def _names(codes: Iterable[CodeType], *operations: str) -> frozenset[str]:
    """List the names with which some operations of the interpreter are done."""
    steps = (step for code in codes for step in dis.get_instructions(code))
    return frozenset(step.argval for step in steps if step.opname in operations)
