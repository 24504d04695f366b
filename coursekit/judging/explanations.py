"""Findings in words: what was tried, which number is wrong and how, and which mistake leaves such numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np

from coursekit.judging.behaviours import Finding
from coursekit.judging.faults import WORDS
from coursekit.judging.help import Help
from coursekit.judging.subject import subject as course
from coursekit.judging.trajectories import Array, Difference, Failure, Trajectory
from coursekit.judging.values import OF_SHAPES, OF_TYPE
from coursekit.language import Numerals, Say, saying


def help_with(finding: Finding, subject: str, language: str = "en") -> Help:
    """Say what a finding means, in steps.

    Parameters
    ----------
    finding
        From `coursekit.judging.diagnosis.judge_behaviour`.
    subject
        The course's name for the student's code.
    language
        "en" or "fr".
    """
    say = saying(language)
    advice = course().advise(finding, subject, say)
    return Help(
        what=explain(finding, language, advice.cause),
        fix=advice.fix,
        by_hand=advice.by_hand,
        why=name_mistake(finding, subject, language),
        worked=advice.worked,
        raw="" if _is_told(finding, advice.cause) else _raw(finding, say),
    )


def explain(finding: Finding, language: str = "en", cause: str = "") -> str:
    """Say in a sentence or two what a finding means, in "en" or "fr"; `cause` says why something was raised."""
    say = saying(language)
    failure = finding.failure
    if finding.kind == "unwritten" and failure:
        return say("`{function}` is not written yet.", function=failure.function)
    if failure and failure.kind == "Delegated":
        return say(
            "Your code uses `{name}` of torch. Write the rule yourself: nothing of `torch.optim` but its base class"
            " `Optimizer` is to be had here, and nothing that clips gradients by their norm.",
            name=failure.message,
        )
    if failure and failure.is_unread:
        return say(
            "Python cannot read line {number} of your cell, `{line}`, so nothing of the cell is there.",
            number=failure.number,
            line=failure.line,
        )
    trial = say("Tried: {trial}.", trial=say(finding.trial)) + " " if finding.trial else ""
    if finding.kind == "failure":
        return trial + _explain_failure(finding, say, cause)
    return trial + _EXPLANATIONS[finding.kind](finding, say)


def name_mistake(finding: Finding, subject: str, language: str = "en") -> tuple[str, ...]:
    """Name the mistake that leaves a student's numbers, a paragraph at a time.

    Parameters
    ----------
    finding
        From `coursekit.judging.diagnosis.judge_behaviour`.
    subject
        The course's name for the student's code.
    language
        "en" or "fr".

    Returns
    -------
    tuple of str
        Its name, how it looks and why it is wrong, where to read again; of mistakes that leave these numbers
        together each; where several leave them one line that lists them, since no more is known; nothing where none
        does.
    """
    say = saying(language)

    def read_again(section: str) -> str:
        home = f"`{course().exercises[subject].home}`"
        return say("Read again “{section}” in {home}.", section=say(section), home=home)

    sets = [[say(each.title, subject=subject) for each in mistakes] for mistakes in finding.named.sets]
    by_numbers = all(each.by_numbers for mistakes in finding.named.sets for each in mistakes)
    if len(sets) > 1:
        titles = say("; ").join(" + ".join(titles) for titles in sets)
        text = (
            "More than one mistake leaves your numbers: {titles}."
            if by_numbers
            else "You wrote one of these: {titles}."
        )
        return (say(text, titles=titles),)
    certain = finding.named.certain
    if len(certain) < 2:
        text = "Your numbers are those of {title}." if by_numbers else "You wrote {title}."
        said = [say(text, title=title) for titles in sets for title in titles]
    else:
        titles = say("; ").join(sets[0])
        said = [say("{count} mistakes together leave your numbers: {titles}.", count=len(certain), titles=titles)]
    words = [f"{say(each.looks)} {say(each.why)}" for each in certain]
    return (*said, *words, *dict.fromkeys(read_again(each.where) for each in certain))


def number(value: float, digits: int = 8) -> Numerals:
    """Write a number with as many digits as a person can compare."""
    return Numerals(f"{value:.{digits}g}")


def _explain_failure(finding: Finding, say: Say, cause: str) -> str:
    failure = finding.failure
    assert failure is not None
    if failure.kind == "WorkerError":
        text = say(failure.message)
    elif failure.is_leftover:
        return say(
            "A line of the stub is still in `{function}`, and ends it: delete `{line}`.",
            function=failure.function,
            line=failure.line,
        )
    elif failure.kind == "TimeLimitExceeded":
        text = " ".join(filter(None, (say("Your code did not end in time and was stopped."), cause)))
    elif failure.kind in _READ and not failure.function:
        text = cause or _READ[failure.kind](failure, say)
    elif failure.function:
        text = cause or say("Your code stopped here with an exception, `{kind}`.", kind=failure.kind)
    else:
        text = cause or say("The call ended with an exception, `{kind}`.", kind=failure.kind)
    if failure.line:
        where = {"number": failure.number, "function": failure.function, "line": failure.line}
        text += " " + say("Line {number}, in {function}: `{line}`", **where)
    return text


def _unreadable(failure: Failure, say: Say) -> str:
    """Say what was returned, and what is wanted; see `coursekit.judging.values.Unreadable`."""
    found, _, wanted = failure.message.partition("; ")
    told = say(found)
    for text in (OF_TYPE, OF_SHAPES):
        before, _, after = text.partition("{theirs}")
        if found.startswith(before):
            told = say(text).replace("{theirs}", found.removeprefix(before).removesuffix(after))
    return say("It returned {found}; {wanted} is wanted.", found=told, wanted=say(wanted))


def _unfit(_: Failure, say: Say) -> str:
    return say("There are more or fewer numbers than there must be, or they have other shapes.")


def _is_told(finding: Finding, cause: str) -> bool:
    """Tell whether the words of Python add nothing: no line of the student's raised it, and what it means is known."""
    failure = finding.failure
    if failure is None or failure.function or failure.is_unread:
        return False
    return bool(cause) or failure.kind in _READ


def _raw(finding: Finding, say: Say) -> str:
    """Say what Python said, where something was raised."""
    failure = finding.failure
    if finding.kind != "failure" or failure is None or failure.is_leftover or failure.kind in _OURS:
        return ""
    fields = {"kind": failure.kind, "message": failure.message.rstrip(".")}
    if failure.function or failure.is_unread:
        text = say("Your code raised {kind}: {message}", **fields)
    else:
        text = say("The call ended with {kind}: {message}", **fields)
    return text.rstrip(":\u00a0 ") + "."  # an exception may have no message


def _explain_accepted(finding: Finding, say: Say) -> str:
    return say("This must raise {kind}, and it raised nothing.", kind=finding.wanted)


def _explain_fault(finding: Finding, say: Say) -> str:
    assert finding.fault is not None
    return say(WORDS[finding.fault.kind], name=finding.fault.name, theirs=finding.fault.theirs)


def _explain_hidden(_: Finding, say: Say) -> str:
    return say("A hidden test found this wrong, with numbers that the check cell does not have.")


def _explain_short(finding: Finding, say: Say) -> str:
    if finding.pair and [item.shape for row in finding.pair[1].rows for item in row] == [()]:
        return say("The result must be one number, and it has {count} rows.", count=len(finding.pair[0].rows))
    return say("The result must have {count} rows.", count=finding.count)


def _explain_same(finding: Finding, say: Say) -> str:
    return say(finding.same)


def _explain_parameter(finding: Finding, say: Say) -> str:
    difference = finding.difference
    assert difference is not None
    place = say("parameter {number}", number=difference.item + 1) + _element(difference, say)
    if not difference.row:
        return say("Before the first step {place} has moved: the constructor must not move it.", place=place)
    when = say("After step {step}", step=difference.row)
    return " ".join([_expected_and_got(finding, when, place, say), *_pattern(finding, say), *_sameness(finding, say)])


def _pattern(finding: Finding, say: Say) -> Iterator[str]:
    """Say what the moves have in common with those that were expected, as far as that is certain."""
    difference = finding.difference
    assert difference is not None
    ratio = difference.ratio
    if ratio is None or math.isnan(difference.got):
        return
    if not _alike(finding):
        finding = replace(finding, pair=None)
    if _stands_still(finding):
        yield say("It never moved.")
        return
    if abs(ratio) < 1e-9:
        yield say("It did not move at all in this step.")
        return
    always = _constant_ratio(finding)
    if ratio < 0:
        yield say("Every move goes the wrong way.") if always else say("It moved the wrong way.")
    times = number(abs(ratio), 4)
    if times != "1":  # as it is written
        if always:
            yield say("Every move is {ratio} times what it should be.", ratio=times)
        else:
            yield say("The move is {ratio} times what it should be.", ratio=times)


@np.errstate(all="ignore")
def _constant_ratio(finding: Finding) -> bool:
    """Tell whether every move of every parameter is the same multiple of what it should be, over several steps."""
    difference = finding.difference
    if finding.pair is None or difference is None or difference.ratio is None or len(finding.pair[1].rows) < 4:
        return False
    got, expected = map(_moves, finding.pair)
    return np.allclose(got, difference.ratio * expected, rtol=1e-4, atol=1e-12)


def _alike(finding: Finding) -> bool:
    """Tell whether both runs have rows of the same shapes: an answer may have any."""
    if finding.pair is None:
        return False
    got, expected = ([[item.shape for item in row] for row in run.rows] for run in finding.pair)
    return got == expected


def _moves(trajectory: Trajectory) -> Array:
    """Return all moves of all parameters, one after the other."""
    steps = [zip(before, after, strict=True) for before, after in pairwise(trajectory.rows)]
    return np.concatenate([(end - start).ravel() for step in steps for start, end in step])


def _stands_still(finding: Finding) -> bool:
    """Tell whether the parameter has its first value in every row of a run of several steps."""
    assert finding.difference is not None
    rows = finding.pair[0].rows if finding.pair else ()
    item = finding.difference.item
    return len(rows) > 2 and all(np.array_equal(row[item], rows[0][item]) for row in rows)


def _explain_rate(finding: Finding, say: Say) -> str:
    difference = finding.difference
    assert difference is not None
    place = say("what get_lr() returned")
    if difference.item == 0:
        place = say("the rate of group {number}", number=difference.index[0] + 1)
    if finding.steady and finding.pair:
        rates = [float(row[difference.item][difference.index]) for row in finding.pair[0].rows[: difference.row]]
        return say(
            "Call {first} gave {expected}, call {call} gave {got} for {place}: after the last step it must not change.",
            first=max((n for n, rate in enumerate(rates) if rate == difference.expected), default=difference.row - 1),
            expected=number(difference.expected),
            call=difference.row,
            got=number(difference.got),
            place=place,
        )
    when = say("After call {call}", call=difference.row) if difference.row else say("Before the first call")
    return _expected_and_got(finding, when, place, say)


def _explain_gradient(finding: Finding, say: Say) -> str:
    difference = finding.difference
    assert difference is not None
    when = say("After call {call}", call=difference.row + 1)
    place = say("the gradient of parameter {number}", number=difference.item + 1) + _element(difference, say)
    return " ".join([_expected_and_got(finding, when, place, say), *_sameness(finding, say)])


def _explain_average(finding: Finding, say: Say) -> str:
    difference = finding.difference
    assert difference is not None
    when = say("When the averages are read, time {count}", count=difference.row + 1)
    place = say("the average of parameter {number}", number=difference.item + 1) + _element(difference, say)
    return _expected_and_got(finding, when, place, say)


def _explain_runs(finding: Finding, say: Say) -> str:
    difference = finding.difference
    assert difference is not None
    places = getattr(finding.scenario, "places", ())
    return say(
        "`{call}` must be called this many times: {expected}; it was called {got}.",
        call=places[difference.row],
        expected=number(difference.expected),
        got=number(difference.got),
    )


def _sameness(finding: Finding, say: Say) -> Iterator[str]:
    """Say that the run is as one that it must not equal, where it is."""
    if finding.same:
        yield say(finding.same)


def _element(difference: Difference, say: Say) -> str:
    return say(", element {index}", index=list(difference.index)) if difference.index else ""


def _explain_result(finding: Finding, say: Say) -> str:
    difference = finding.difference
    assert difference is not None
    if finding.shapes:
        got, expected = (f"`{shape}`" for shape in finding.shapes)
        if entries := getattr(finding.scenario, "entries", ()):
            text = "In `{name}`: its shape is {got}, it must be {expected}."
            return say(text, name=entries[difference.row], got=got, expected=expected)
        text = "In row {row} of the result: its shape is {got}, it must be {expected}."
        return say(text, row=difference.row, got=got, expected=expected)
    if finding.pair and len(finding.pair[1].rows) == 1 and not difference.index:
        numbers = {"expected": number(difference.expected), "got": number(difference.got)}
        if finding.as_in:
            text = "The result must be {expected}, as your own code returns {as_in}, and it is {got}."
            return say(text, as_in=say(finding.as_in), **numbers)
        return say("The result must be {expected}, and it is {got}.", **numbers)
    place = say("element {index}", index=list(difference.index)) if difference.index else say("the number")
    entries = getattr(finding.scenario, "entries", ())
    where = say("In `{name}`", name=entries[difference.row]) if entries else ""
    return _expected_and_got(finding, where or say("In row {row} of the result", row=difference.row), place, say)


def _expected_and_got(finding: Finding, when: str, place: str, say: Say) -> str:
    difference: Difference | None = finding.difference
    assert difference is not None
    expected, got = number(difference.expected), number(difference.got)
    if finding.as_in:
        return say(
            "{when}, {place}: expected {expected}, as your own code does {as_in}; got {got}.",
            when=when,
            place=place,
            expected=expected,
            as_in=say(finding.as_in),
            got=got,
        )
    return say("{when}, {place}: expected {expected}, got {got}.", when=when, place=place, expected=expected, got=got)


_READ: dict[str, Callable[[Failure, Say], str]] = {"Unreadable": _unreadable, "Unfit": _unfit}  # nothing was raised
_OURS = ("WorkerError", "TimeLimitExceeded", "Delegated")  # raised by us

_EXPLANATIONS: dict[str, Callable[[Finding, Say], str]] = {
    "accepted": _explain_accepted,
    "fault": _explain_fault,
    "hidden": _explain_hidden,
    "short": _explain_short,
    "same": _explain_same,
    "parameter": _explain_parameter,
    "rate": _explain_rate,
    "gradient": _explain_gradient,
    "average": _explain_average,
    "runs": _explain_runs,
    "result": _explain_result,
}
