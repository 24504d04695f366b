"""Judging a student's test by what it says of optimizers: right ones must pass, and those with a mistake must not.

All that is known of a test are its calls, and whether it ended well. Where it accepts an optimizer with a mistake, the
calls tell why: either the numbers that it got were those of a right one, or it had wrong ones and did not look at them.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from coursekit.judging.behaviours import Ask, Finding, Trial
from coursekit.judging.mistakes import Diagnosis
from coursekit.judging.trajectories import Array, Failure, Row
from coursekit.optimizers.conversations import (
    ASKED,
    ENDED,
    KEYS,
    LOAD,
    MAKE,
    MOST_CALLS,
    REFUSED,
    STEP,
    ConversationScenario,
    Partner,
    same,
)
from coursekit.optimizers.suspects import RIGHT, AdamW, Elsewhere, Still
from coursekit.optimizers.weaknesses import weakness

LENT = ((), ("close",))  # with the student's own first
ROUNDING = 1e-5  # of a number: less is no difference between two optimizers
RAISED = -1  # beside the ends that a conversation tells
FAR = 1e6  # times a number: who looks at it at all sees that it is wrong
NEVER_THE_SAME = "It does something else each time it is run. Draw nothing at random, or set a seed in the test itself."
TOO_LONG = "It calls the optimizers more than 150 times. A few steps show every mistake."  # MOST_CALLS
_DECAY, _EPSILON = KEYS.index("weight_decay"), KEYS.index("epsilon")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a test said of an optimizer: whether it accepts it; if not, by which exception, or why nothing is known.

    `calls` are those that it made.
    """

    accepted: bool = False
    failure: Failure | None = None
    unknown: str = ""
    calls: tuple[Row, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Refusal(Trial):
    """A trial of a test: it must accept every right optimizer, and refuse one with a mistake.

    Attributes
    ----------
    suspect
        The one with the mistake.
    among
        All that the test must refuse.
    right
        The right ones.
    order
        All of these, in the order in which the test meets them: one that only counts its runs, or takes the first that
        it meets for right, must not get by.
    """

    suspect: type[AdamW]
    among: tuple[type[AdamW], ...]
    right: tuple[type[AdamW], ...] = RIGHT
    order: tuple[type[AdamW], ...] = ()

    def _answered(self, ask: Ask) -> Finding | None:
        first = None
        for lent in LENT:
            finding = self._with(_talks(ask, lent))
            if finding is None:
                return None
            first = first or finding
            if finding.kind == "unwritten" or finding.same in (NEVER_THE_SAME, TOO_LONG):
                break
        return first

    def _with(self, talks: Talks) -> Finding | None:
        for kind in self.order:
            outcome = talks.about(kind)
            if outcome.unknown:
                return Finding(kind="same", trial=self.label, same=outcome.unknown)
            if outcome.failure:
                break
        for kind in self.right:
            outcome = talks.about(kind)
            if not outcome.accepted:
                return _refused(kind, outcome, talks, self.among, first=kind is self.right[0])
        if self.order and not talks.accepts_again(self.right[0]):
            return Finding(kind="same", trial=self.label, same=NEVER_THE_SAME)
        outcome = talks.about(self.suspect)
        if outcome.unknown:
            return Finding(kind="same", trial=self.label, same=outcome.unknown)
        if outcome.failure:  # what is raised must say that the optimizer is wrong, not that the test is
            return Finding(kind="failure", trial=self.label, failure=outcome.failure, wanted="AssertionError")
        if not outcome.accepted:
            return None
        named = _why_accepted(self.suspect, outcome.calls, talks, self.among)
        return Finding(kind="same", trial=self.label, same=self.same, named=named)


def _refused(
    kind: type[AdamW], outcome: Outcome, talks: Talks, among: Sequence[type[AdamW]], *, first: bool
) -> Finding:
    """Say of a right optimizer that the test does not accept it, and by which line."""
    failure = outcome.failure or talks.line(kind)
    if outcome.unknown or failure is None:
        return Finding(kind="same", trial=kind.about, same=outcome.unknown or NEVER_THE_SAME)
    if failure.in_stub:
        return Finding(kind="unwritten", trial=kind.about, failure=failure)
    if failure.kind != "AssertionError":
        return Finding(kind="failure", trial=kind.about, failure=failure)
    name = "refuses_torch" if first else "keeps_memory" if kind is Elsewhere else "too_exact"
    return Finding(kind="failure", trial=kind.about, failure=failure, named=_certain(name, among))


@dataclass(eq=False)
class Talks:
    """The conversations of one test with all optimizers, each held once."""

    ask: Ask
    lent: tuple[str, ...]
    _outcomes: dict[type[AdamW], Outcome] = field(default_factory=dict)
    script: tuple[Row, ...] = ()

    def about(self, kind: type[AdamW]) -> Outcome:
        """Return what the test says of an optimizer."""
        outcome = self._outcomes.get(kind) or self._held(kind)
        if outcome.failure is None:  # a process may have died, and the next one may not
            self._outcomes[kind] = outcome
        if len(outcome.calls) > len(self.script):
            self.script = outcome.calls
        return outcome

    def accepts_again(self, kind: type[AdamW]) -> bool:
        """Tell whether the test accepts an optimizer after all others as it did before."""
        calls = self.about(kind).calls
        got = self.ask(_scenario(calls, Partner(kind).answers(calls), self.lent, again=True))
        return got.failure is None and bool(got.rows) and got.rows[0][0].tolist() == [ENDED, len(calls)]

    def line(self, kind: type[AdamW]) -> Failure | None:
        """Return the exception by which the test refuses an optimizer, with its line."""
        calls = self.about(kind).calls
        return self.ask(_scenario(calls, Partner(kind).answers(calls), self.lent, raising=True)).failure

    def ending(self, calls: tuple[Row, ...], answers: tuple[Row, ...]) -> int | None:
        """Return how the test ends with other answers, ENDED or REFUSED.

        None where it then asks for something else; RAISED where it raises something else.
        """
        got = self.ask(_scenario(calls, answers, self.lent))
        if got.failure is not None:
            return RAISED
        if not got.rows or not got.rows[0] or got.rows[0][0][0] == ASKED:
            return None
        return int(got.rows[0][0][0])

    def _held(self, kind: type[AdamW]) -> Outcome:
        """Let the test talk to an optimizer: the script grows until it ends.

        It begins with that of another optimizer, which is right where what a test asks does not depend on the answers.
        """
        partner = Partner(kind)
        told: tuple[Row, ...] = ()
        guess, beyond = self.script, len(self.script)
        while len(told) <= MOST_CALLS:
            calls = (*told, *guess[:beyond])
            try:
                answers = partner.answers(calls)
            except Exception:  # noqa: BLE001 - calls may be made up
                return Outcome(unknown=NEVER_THE_SAME)
            scenario = _scenario(calls, answers, self.lent)
            got = self.ask(scenario)
            if got.failure is not None:
                return Outcome(failure=got.failure, calls=calls)
            if not scenario.fits(got):
                return Outcome(unknown=NEVER_THE_SAME)
            (how, after), call = got.rows[0][0], got.rows[0][1:]
            confirmed = int(after)
            if how != ASKED:
                return Outcome(accepted=how == ENDED, calls=calls[:confirmed])
            if confirmed < len(told) or (confirmed < len(calls) and same(call, calls[confirmed])):
                return Outcome(unknown=NEVER_THE_SAME)
            beyond = 2 * (confirmed - len(told)) or 1
            told = (*calls[:confirmed], call)
            guess = self.script[len(told) :]
        return Outcome(unknown=TOO_LONG)


@lru_cache(maxsize=8)
def _talks(ask: Ask, lent: tuple[str, ...]) -> Talks:
    """Remember the conversations of the last tests: all behaviours of one ask for the same."""
    talks = Talks(ask, lent)
    if lent:
        talks.script = _talks(ask, ()).script
    return talks


_SCENARIOS: OrderedDict[bytes, ConversationScenario] = OrderedDict()
_MOST_SCENARIOS = 1_000


def _scenario(
    calls: tuple[Row, ...],
    answers: tuple[Row, ...],
    lent: tuple[str, ...],
    *,
    raising: bool = False,
    again: bool = False,
) -> ConversationScenario:
    """Make a scenario, the same one for the same script: each is asked once, whoever asks."""
    made = ConversationScenario(calls=calls, answers=answers, lent=lent, raising=raising, again=again)
    key = hashlib.sha256(repr((lent, raising, again)).encode())
    for row in (*calls, *answers):
        for value in row:
            key.update(repr(value.shape).encode() + value.tobytes())
        key.update(b"|")
    kept = _SCENARIOS.setdefault(key.digest(), made)
    if len(_SCENARIOS) > _MOST_SCENARIOS:
        _SCENARIOS.popitem(last=False)
    return kept


def _why_accepted(kind: type[AdamW], calls: tuple[Row, ...], talks: Talks, among: Sequence[type[AdamW]]) -> Diagnosis:
    """Name what a test lacks that accepts an optimizer with a mistake, by the numbers that it had of it."""
    got, right = Partner(kind).answers(calls), Partner(AdamW).answers(calls)
    share = _largest_difference(got, right)
    if share > ROUNDING:
        return _why_overlooked(got, right, FAR / share, calls, talks, among)
    if all(talks.about(each).accepted for each in (*among, Still)):
        return _certain("asserts_nothing", among)
    lacks = dict(_Script(calls).lacks())
    return _certain(next((name for name in kind.hidden_by if lacks[name]), "same_numbers"), among)


def _why_overlooked(
    got: tuple[Row, ...],
    right: tuple[Row, ...],
    times: float,
    calls: tuple[Row, ...],
    talks: Talks,
    among: Sequence[type[AdamW]],
) -> Diagnosis:
    """Name what a test lacks that had wrong numbers: they are put further off, to either side, or one optimizer's."""
    how = talks.ending(calls, _exaggerated(got, right, times))
    if how == REFUSED:
        return _certain("too_loose", among)
    accepts_all = all(talks.about(each).accepted for each in (*among, Still))
    if how != ENDED and not accepts_all:
        return Diagnosis(sets=tuple((weakness(name, among),) for name in ("too_loose", "not_looked_at")))
    owners = [int(call[0][1]) if call[0][0] == STEP else -1 for call in calls]
    for owner in sorted({*owners} - {-1}):
        apart = tuple(
            far if whose == owner else near
            for far, near, whose in zip(_exaggerated(got, right, times), got, owners, strict=True)
        )
        if len({*owners} - {-1}) > 1 and talks.ending(calls, apart) in (REFUSED, RAISED):
            return _certain("against_itself", among)
    if talks.ending(calls, _exaggerated(got, right, -times)) == REFUSED:
        return _certain("one_sided", among)
    return _certain("asserts_nothing" if accepts_all else "not_looked_at", among)


def _certain(name: str, among: Sequence[type[AdamW]]) -> Diagnosis:
    return Diagnosis(sets=((weakness(name, among),),))


def _exaggerated(got: Sequence[Row], right: Sequence[Row], times: float) -> tuple[Row, ...]:
    """Return answers in which every number that is wrong is so many times as far from the right one."""

    def further(one: Array, other: Array) -> Array:
        apart = one - other
        return other + times * np.where(np.abs(apart) > ROUNDING * np.maximum(np.abs(other), 1e-3), apart, 0.0)

    return tuple(
        (mine[0], *(further(one, other) for one, other in zip(mine[1:], theirs[1:], strict=True)))
        if [value.shape for value in mine] == [value.shape for value in theirs] and mine[0].size == 2
        else mine
        for mine, theirs in zip(got, right, strict=True)
    )


def _largest_difference(got: Sequence[Row], expected: Sequence[Row]) -> float:
    """Return by which share of itself an answer is another one at most; what changes beside the parameters counts 1."""
    largest = 0.0
    for mine, right in zip(got, expected, strict=True):
        if [value.shape for value in mine] != [value.shape for value in right]:
            return 1.0
        for one, other in zip(mine[1:], right[1:], strict=True):
            with np.errstate(all="ignore"):
                shares = np.abs(one - other) / np.maximum(np.abs(other), 1e-3)
            largest = max(largest, float(np.nan_to_num(shares, nan=0.0).max(initial=0.0)))
    return largest


class _Script:
    """What the calls of a test have, and what they lack."""

    def __init__(self, calls: Sequence[Row]) -> None:
        self._makes = [call for call in calls if call[0][0] == MAKE]
        self._steps = [call for call in calls if call[0][0] == STEP]
        self._loads = [call for call in calls if call[0][0] == LOAD]

    def lacks(self) -> Iterator[tuple[str, bool]]:
        """Say of each thing that a test may lack, by its name, whether this one lacks it."""
        owners = [call[0][1] for call in self._steps]
        gradients = [call[3] for call in self._steps]
        groups = [call[1] for call in self._steps]
        yield "never_loaded", not self._loads
        yield "every_gradient", all(each.all() for each in gradients)
        yield "one_group", all(len(each) < 2 for each in groups)
        yield "one_rate", all(len(set(each[:, 0])) < 2 for each in groups)
        yield "one_parameter", all(each.sum() < 2 for each in gradients)
        yield "one_step", all(owners.count(each) < 2 for each in owners)
        yield "no_decay", all(not each[:, _DECAY].any() for each in groups)
        yield "zero_start", all(not value.any() for call in self._makes for value in call[5:])
        yield "tiny_epsilon", all((each[:, _EPSILON] < 1e-5).all() for each in groups)
