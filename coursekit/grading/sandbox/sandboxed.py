"""A student's definitions in a sandbox: scenarios go in, numbers come out, and time is kept from outside."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from types import TracebackType
from typing import TypeVar

from coursekit.errors import WorkerError
from coursekit.grading.sandbox.patience import USUAL, Patience
from coursekit.grading.sandbox.sandbox import GENEROUS, Limits
from coursekit.grading.sandbox.warm import TOO_MUCH, Ahead, Order, Worker, fork
from coursekit.grading.sandbox.wire import Answer, Load, Loaded, Place, Question, receive, send
from coursekit.judging.time_limit import Deadline
from coursekit.judging.trajectories import Failure, Scenario, Trajectory
from coursekit.reading.statements import Lost, cause, missing

RESTARTS = 3  # statements that may end the process while they are loaded, before all counts as failed

MAX_LINES, MAX_WORDS = 4, 80  # that are told of what was left out, and of how many characters

Reply = TypeVar("Reply", Loaded, Answer)


class Sandboxed:
    """A fresh process that holds one student's definitions and answers questions about them.

    Parameters
    ----------
    cells
        The sources to run, in order, before the first question.
    sandbox
        Whether it runs in a sandbox.
    patience
        How long it is waited for.
    limits
        What else it may use.
    ahead
        Processes that were ordered before, for some of those that are needed.

    Notes
    -----
    A process that dies, hangs or answers nonsense costs the question at hand; the next question gets a fresh
    one. A statement that does so while it is loaded costs itself: the others are loaded without it. A process that was
    killed, which may have been done from outside, is given a second chance. Code that a student writes without torch's
    help is asked of a process in which torch has no rules. Use it as a context manager: on leaving, the process and
    everything it started are ended.

    Attributes
    ----------
    cells
        The parameter.
    lost
        For every cell what raised something in it, or ended the process.
    """

    def __init__(
        self,
        cells: tuple[str, ...],
        *,
        sandbox: bool = True,
        patience: Patience = USUAL,
        limits: Limits = GENEROUS,
        ahead: Ahead | None = None,
    ) -> None:
        self.cells = cells
        self.lost: tuple[list[Lost], ...] = tuple([] for _ in cells)
        self._patience = patience
        self._without: dict[int, set[Place]] = defaultdict(set)  # statements that ended a process
        self._left_out: set[int] = set()  # cells that did so before their first statement
        self._order = Order(kind="answers", sandbox=sandbox, limits=limits)
        self._worker: Worker | None = None
        self._ahead = ahead or Ahead(())
        self._hung: set[tuple[str, Scenario]] = set()
        self._killed = False  # the last process
        self._tried: set[object] = set()  # during what one was killed
        self._ended_in = 0  # the cell in which one ended last
        self._left = patience.questions
        self._limit = Failure(kind="TimeLimitExceeded", message="did not end in time before")

    def __enter__(self) -> Sandboxed:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    @property
    def left_out(self) -> str:
        """The lines that did not run, each with what it raised, but not those that only lack what another defines."""
        told: dict[str, None] = {}
        defined = {name for own in self.lost for each in own for name in each.names}
        for cell, own in zip(self.cells, self.lost, strict=True):
            lines = cell.splitlines()
            for each in sorted(own, key=lambda lost: lost.line):
                if 0 < each.line <= len(lines) and missing(each.failure) not in defined:
                    text = "".join(char for char in lines[each.line - 1] if char.isprintable()).strip()
                    kind = each.failure.kind
                    kind = kind if kind.isidentifier() and len(kind) <= MAX_WORDS else "Exception"
                    told[f"`{text[:MAX_WORDS]}` ({kind})"] = None
        return ", ".join([*list(told)[:MAX_LINES], *(["…"] if len(told) > MAX_LINES else [])])

    def another(self) -> Sandboxed:
        """Make one with the same definitions that has seen nothing of this one; what hung here is given less time."""
        patience = self._patience
        if self._hangs:
            question = patience.within(patience.question, hung=True)
            patience = replace(patience, question=question, hanging=self._hung_loading + 1)
        other = Sandboxed(self.cells, sandbox=self._order.sandbox, patience=patience, limits=self._order.limits)
        # Code that ended a process here is not run there.
        other.lost, other._ended_in = self.lost, self._ended_in
        other._without, other._left_out = self._without, self._left_out
        return other

    @property
    def _hung_loading(self) -> bool:
        return any(map(_hung, self.lost))

    @property
    def _hangs(self) -> int:
        """How much went beyond a limit: questions, and the definitions, which count once."""
        return len(self._hung) + self._hung_loading

    def ask(self, name: str, scenario: Scenario) -> Trajectory:
        """Put what the student calls `name` through a scenario; whatever goes wrong is a failure in the answer."""
        answer = self._ask(name, scenario) or self._ask(name, scenario)
        assert answer is not None  # nothing is spared twice
        return answer

    def _ask(self, name: str, scenario: Scenario) -> Trajectory | None:
        """Ask once; None when the process was killed, for the first time."""
        question = (name, scenario)
        if question in self._hung or self._hangs >= self._patience.hanging or self._left <= 0:
            return Trajectory(failure=self._limit)
        try:
            if scenario.unaided != self._order.unaided:
                self._end()
                self._order = replace(self._order, unaided=scenario.unaided)
            if self._worker is None:
                self._start()
            if self._worker is None:
                return Trajectory(failure=self.lost[self._ended_in][-1].failure)
            seconds = self._patience.within(self._patience.question, hung=bool(self._hangs))
            order = Question(name=name, scenario=scenario, seconds=seconds, number=secrets.randbits(63))
            spent = Deadline(self._left, self._worker.process)
            try:
                answer = next(self._exchange(order, Answer, seconds)).trajectory
            finally:
                self._left = spent.left()
        except TimeoutError:
            self._end()
            self._hung.add(question)
            return Trajectory(failure=Failure(kind="TimeLimitExceeded", message="did not end in time"))
        except (WorkerError, OSError) as error:
            failure = self._why_ended(error)
            if failure.message == TOO_MUCH:  # as slow to happen as a hang
                self._hung.add(question)
                self._limit = failure
            return None if self._spared(question) else Trajectory(failure=failure)
        if answer.failure and answer.failure.kind == "NameError":
            lost = [(cell, each) for cell, own in zip(self.cells, self.lost, strict=True) for each in own]
            return Trajectory(failure=cause(answer.failure, lost))
        if answer.failure and answer.failure.kind == "TimeLimitExceeded":
            self._hung.add(question)
        return answer

    def _why_ended(self, error: Exception) -> Failure:
        """Say why the process is of no use any more, and end what is left of it."""
        reason = self._worker.why_over(error) if self._worker else None
        self._end()
        return Failure(kind="WorkerError", message=reason or str(error))

    def _spared(self, what: object) -> bool:
        """Tell whether the last process was killed, while it did this for the first time."""
        first = self._killed and what not in self._tried
        self._tried.add(what)
        return first

    def _start(self) -> None:
        """Load the cells into a fresh process, and into another without what ended it; at last give up."""
        while len(self._left_out) + sum(map(len, self._without.values())) <= RESTARTS:
            self._worker = fork(self._order, self._ahead.take(self._order))
            self._loading = Deadline(self._patience.definitions, self._worker.process)
            if all(self._load(number) for number in range(len(self.cells)) if number not in self._left_out):
                send(self._worker.channel, Load(cell=None))
                return
            self._end()

    def _load(self, number: int) -> bool:
        """Load a cell; tell whether the process is still of use."""
        limit = self._patience.within(self._patience.definition, hung=_hung(self.lost[number]))
        left = self._loading.left()
        if left < -self._patience.definitions:
            failure = Failure(kind="TimeLimitExceeded", message="did not end in time before")
            self.lost[number].append(Lost(line=1, names=("*",), failure=failure))
            return True
        seconds = min(limit, max(self._patience.moment, left))
        without = self._without[number]
        drawn = secrets.randbits(63)
        order = Load(cell=self.cells[number], seconds=seconds, number=drawn, without=tuple(sorted(without)))
        last = None
        try:
            for told in self._exchange(order, Loaded, seconds):
                if told.begins is None:
                    self.lost[number].extend(each for each in told.lost if each not in self.lost[number])
                    return True
                last = told.begins
        except TimeoutError:
            failure = Failure(kind="TimeLimitExceeded", message="did not end in time")
        except (WorkerError, OSError) as error:
            failure = self._why_ended(error)
            if self._spared((number, last)):
                return False
        self.lost[number].append(Lost(line=last[0] if last else 1, names=("*",), failure=failure))
        self._ended_in = number
        if last is None:
            self._left_out.add(number)
        else:
            without.add(last)
        return False

    def _exchange(self, message: Load | Question, kind: type[Reply], seconds: float) -> Iterator[Reply]:
        """Send a message and wait for what answers it, and nothing else."""
        assert self._worker is not None
        send(self._worker.channel, message)
        deadline = Deadline(seconds + self._patience.grace, self._worker.process)
        while deadline.left() > 0:  # what is forged may arrive without end
            reply = receive(self._worker.channel, kind, deadline)
            if reply.number != message.number:
                raise WorkerError("The code answered what was not asked.")
            yield reply
        raise TimeoutError

    def _end(self) -> None:
        if self._worker is not None:
            self._killed = self._worker.killed
            self._worker.end()
            self._worker = None


def _hung(lost: list[Lost]) -> bool:
    """Tell whether something in a cell did not end."""
    return any(each.failure.kind == "TimeLimitExceeded" for each in lost)
