"""The one rule by which what a notebook defines is loaded, by the grader and at a student's desk.

The statements at the top level run one by one, and one that raises costs itself: a line that works at one desk only, on
top of a right answer, takes nothing with it but what it should have defined.
"""

from __future__ import annotations
import __future__

import ast
import asyncio
import inspect
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from math import inf
from typing import Any

from coursekit.judging.running import describe
from coursekit.judging.time_limit import Deadline, TimeLimitExceeded, time_limit
from coursekit.reading.statements import DEFINITIONS, FLAGS, Lost, Statement

MOMENT = 0.2  # seconds, which a definition does not need
_WRITTEN = (ast.AsyncFunctionDef, ast.ClassDef, ast.FunctionDef)


class Loader:
    """Runs statements in a namespace.

    After one that says that this is the end (`sys.exit()`, an interrupt), only what is not there yet is still defined.
    """

    def __init__(self, space: dict[str, Any]) -> None:
        self._space = space
        self._flags = FLAGS

    def load(
        self,
        statements: Iterable[Statement],
        *,
        seconds: float = inf,
        runs: Callable[[Statement], bool] = lambda _: True,
        begins: Callable[[Statement], object] = lambda _: None,
    ) -> Iterator[Lost]:
        """Run the statements of a cell; return those that raised something.

        Parameters
        ----------
        statements
            From `coursekit.reading.statements.read`.
        seconds
            The time that they may take together; what is a definition and stands behind then gets a moment.
        runs
            Whether a statement is run at all.
        begins
            Called before each that is.
        """
        deadline = Deadline(seconds)
        stopped = False
        waiting = list(reversed(list(statements)))
        while waiting:
            statement = waiting.pop()
            if not runs(statement) or (stopped and not statement.defines - self._space.keys()):
                continue
            begins(statement)
            try:
                left = deadline.left()
                if left <= 0 and not isinstance(statement.node, DEFINITIONS):
                    raise TimeLimitExceeded("did not end in time before")
                with time_limit(max(MOMENT, left)):
                    value = self._run(statement)
            except BaseException as error:  # noqa: BLE001 - a student's code raises anything
                stopped = stopped or isinstance(error, SystemExit | KeyboardInterrupt)
                yield Lost(line=statement.line, names=tuple(sorted(statement.defines)), failure=describe(error))
            else:
                if isinstance(statement.node, ast.If):
                    waiting += reversed(statement.branches[0 if value else 1])
            waiting += reversed(tuple(self._not_reached(statement)))

    def _not_reached(self, statement: Statement) -> Iterator[Statement]:
        """Find what stands in a `try`, a `with` or a loop that ended above a definition, and is not there."""
        there = self._space.keys()
        if any(isinstance(each.node, _WRITTEN) and each.defines - there for each in statement.inside):
            yield from (each for each in statement.inside if each.defines - there)

    def _run(self, statement: Statement) -> Any:
        code = statement.code(self._flags)
        match statement.node:
            case ast.ImportFrom(module="__future__", names=[ast.alias(name=name)]):
                self._flags |= getattr(__future__, name).compiler_flag
        value = eval(code, self._space)  # noqa: S307 - running a student's code is what this is for
        return _awaited(value) if code.co_flags & inspect.CO_COROUTINE else value


def _awaited(value: Any) -> Any:
    """Wait for what is waited for at the top level; in another thread where a loop is running, as in a notebook."""

    async def wait() -> Any:
        return await value

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(wait())
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, wait()).result()


def unread(error: Exception) -> Lost:
    """Say that a cell cannot be read: all that stands in it is lost."""
    return Lost(line=getattr(error, "lineno", None) or 1, names=("*",), failure=describe(error))
