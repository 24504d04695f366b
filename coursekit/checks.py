"""What a check cell calls: the ladder of behaviours, right or wrong, and the first wrong number explained."""

from __future__ import annotations

import html
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from coursekit.behaviours import Finding, Verdict, judge
from coursekit.errors import CheckFailed
from coursekit.following import follow, warm_up
from coursekit.ladders import SUBJECTS, VISIBLE_SEED, ladder
from coursekit.language import current, translate
from coursekit.trajectories import Difference, Scenario, Trajectory


def check(subject: Any, name: str = "") -> None:
    """Check what a student wrote, show the ladder of its behaviours, and explain the first wrong number.

    Parameters
    ----------
    subject
        The class, function or dictionary.
    name
        What the course calls it, where that is not the name it was defined under.

    Raises
    ------
    CheckFailed
        When a behaviour is wrong, with one line that says which.
    """
    from IPython.display import display

    name = name or getattr(subject, "__name__", "")
    if name not in SUBJECTS:
        raise CheckFailed(translate("check() knows {names}; not {name!r}.", names=", ".join(SUBJECTS), name=name))

    def ask(scenario: Scenario) -> Trajectory:
        return follow(subject, scenario)

    warm_up()
    report = Report(name=name, verdicts=_judged(name, ask), language=current())
    if report.unwritten:
        raise CheckFailed(report.unwritten)
    display(report)
    if report.first_wrong:
        raise CheckFailed(report.summary)


@dataclass(frozen=True, kw_only=True)
class Report:
    """The verdicts on one thing a student wrote, shown as a table, in text or in HTML.

    Attributes
    ----------
    name
        What was judged.
    verdicts
        One for each behaviour, in the order of the ladder.
    language
        "en" or "fr".
    note
        A sentence below the table.
    """

    name: str
    verdicts: tuple[Verdict, ...]
    language: str = "en"
    note: str = ""

    @property
    def right(self) -> int:
        """How many behaviours are right."""
        return sum(verdict.finding is None for verdict in self.verdicts)

    @property
    def first_wrong(self) -> Verdict | None:
        """The first behaviour that is wrong, if one is."""
        return next((verdict for verdict in self.verdicts if verdict.finding), None)

    @property
    def unwritten(self) -> str:
        """The one line that says what is not written yet, or "" where all of it is."""
        wrong = self.first_wrong
        if wrong and wrong.finding and wrong.finding.kind == "unwritten":
            return explain(wrong.finding, self.language)
        return ""

    @property
    def summary(self) -> str:
        """One line: how much is right and what to look at first."""
        wrong = self.first_wrong
        if wrong is None:
            return self._say("{name}: all {count} behaviours are right.", name=self.name, count=len(self.verdicts))
        return self._say(
            "{name}: {right} of {count} behaviours are right. First to mend: {title}.",
            name=self.name,
            right=self.right,
            count=len(self.verdicts),
            title=self._say(wrong.behaviour.title),
        )

    def __repr__(self) -> str:
        """Draw the table as text."""
        lines = [self.summary, ""]
        for verdict in self.verdicts:
            lines.append(f"  {'✗' if verdict.finding else '✓'} {self._say(verdict.behaviour.title)}")
            if verdict is self.first_wrong and verdict.finding:
                lines.append(f"      {explain(verdict.finding, self.language)}")
        return "\n".join([*lines, *(["", self.note] if self.note else [])])

    def _repr_html_(self) -> str:
        return self.html()

    def html(self) -> str:
        """Draw the table as HTML; whatever came from a student is escaped."""
        rows = []
        for verdict in self.verdicts:
            colour, mark = ("#d55e00", "✗") if verdict.finding else ("#0072b2", "✓")
            said = self._say("wrong" if verdict.finding else "right")
            detail = ""
            if verdict is self.first_wrong and verdict.finding:
                detail = (
                    '<div style="margin:.3em 0 .4em;padding:.4em .7em;border-left:3px solid #d55e00">'
                    f"{_html(explain(verdict.finding, self.language))}</div>"
                )
            rows.append(
                '<tr style="background:transparent">'
                f'<td style="color:{colour};font-weight:bold;vertical-align:top;padding:.1em .6em"'
                f' title="{html.escape(said)}">{mark}</td>'
                '<td style="text-align:left;padding:.1em .6em">'
                f"{_html(self._say(verdict.behaviour.title))}{detail}</td></tr>"
            )
        note = f'<div style="opacity:.75;margin-top:.4em">{_html(self.note)}</div>' if self.note else ""
        return (
            '<div style="max-width:50em;font-size:95%">'
            f'<div style="font-weight:bold;margin-bottom:.3em">{_html(self.summary)}</div>'
            f'<table style="border-collapse:collapse;margin:0">{"".join(rows)}</table>{note}</div>'
        )

    def _say(self, text: str, **values: object) -> str:
        return translate(text, self.language, **values)


def explain(finding: Finding, language: str = "en") -> str:
    """Say in a sentence or two what a finding means, in "en" or "fr"."""

    def say(text: str, **values: object) -> str:
        return translate(text, language, **values)

    if finding.kind == "unwritten" and finding.failure:
        return say("`{function}` is not written yet.", function=finding.failure.function)
    trial = say("Tried: {trial}.", trial=say(finding.trial)) + " " if finding.trial else ""
    return trial + _EXPLANATIONS[finding.kind](finding, say)


def _explain_failure(finding: Finding, say: Callable[..., str]) -> str:
    failure = finding.failure
    assert failure is not None
    if failure.kind == "BoxError":
        text = say(failure.message)
    elif failure.kind == "TimeLimitExceeded":
        text = say("Your code did not end in time and was stopped.")
    else:
        text = say("Your code raised {kind}: {message}", kind=failure.kind, message=failure.message.rstrip("."))
        text = text.rstrip(": ") + "."  # an exception may have no message
    if failure.line:
        text += " " + say("The line in {function}: `{line}`", function=failure.function, line=failure.line)
    return text


def _explain_accepted(finding: Finding, say: Callable[..., str]) -> str:
    return say("This must raise {kind}, and it raised nothing.", kind=finding.fault)


def _explain_fault(finding: Finding, say: Callable[..., str]) -> str:
    return say(FAULTS[finding.fault])


def _explain_short(finding: Finding, say: Callable[..., str]) -> str:
    return say("The result must have {count} rows.", count=finding.count)


def _explain_still(_: Finding, say: Callable[..., str]) -> str:
    return say("No parameter moved.")


def _explain_parameter(finding: Finding, say: Callable[..., str]) -> str:
    difference = finding.difference
    assert difference is not None
    place = say("parameter {number}", number=difference.item + 1)
    if difference.index:
        place += say(", element {index}", index=list(difference.index))
    when = say("After step {step}", step=difference.row) if difference.row else say("Before the first step")
    text = _expected_and_got(difference, when, place, say)
    ratio = difference.ratio
    if ratio is None or math.isnan(difference.got):
        return text
    if abs(ratio) < 1e-9:
        return text + " " + say("It did not move at all in this step.")
    if ratio < 0:
        text += " " + say("It moved the wrong way.")
    if abs(abs(ratio) - 1) > 1e-6:
        text += " " + say("The move is {ratio} times what it should be.", ratio=number(abs(ratio), 4))
    return text


def _explain_rate(finding: Finding, say: Callable[..., str]) -> str:
    difference = finding.difference
    assert difference is not None
    place = say("what get_lr() returned")
    if difference.item == 0:
        place = say("the rate of group {number}", number=difference.index[0] + 1)
    when = say("After call {call}", call=difference.row) if difference.row else say("Before the first call")
    return _expected_and_got(difference, when, place, say)


def _explain_result(finding: Finding, say: Callable[..., str]) -> str:
    difference = finding.difference
    assert difference is not None
    place = say("element {index}", index=list(difference.index)) if difference.index else say("the number")
    return _expected_and_got(difference, say("In row {row} of the result", row=difference.row), place, say)


def _expected_and_got(difference: Difference, when: str, place: str, say: Callable[..., str]) -> str:
    return say(
        "{when}, {place}: expected {expected}, got {got}.",
        when=when,
        place=place,
        expected=number(difference.expected),
        got=number(difference.got),
    )


FAULTS = {
    "replaced": "A parameter was replaced by another tensor: change it in place, for example with `p.add_(...)`.",
    "detached": "A parameter no longer requires a gradient after the step.",
    "graph": "The step was recorded by autograd, so memory grows: work under `torch.no_grad()`.",
    "gradient_changed": "The step changed a gradient; it must only be read.",
    "grad_mode": "Gradients were switched on or off globally and left that way: use `with torch.no_grad():`.",
    "dtype": "A parameter changed its dtype.",
    "shape": "A parameter changed its shape.",
}

_EXPLANATIONS: dict[str, Callable[[Finding, Callable[..., str]], str]] = {
    "failure": _explain_failure,
    "accepted": _explain_accepted,
    "fault": _explain_fault,
    "short": _explain_short,
    "still": _explain_still,
    "parameter": _explain_parameter,
    "rate": _explain_rate,
    "result": _explain_result,
}


def number(value: float, digits: int = 8) -> str:
    """Write a number with as many digits as a person can compare."""
    return f"{value:.{digits}g}"


def _judged(name: str, ask: Callable[[Scenario], Trajectory]) -> tuple[Verdict, ...]:
    """Judge the visible ladder, but stop where something is not written or does not end: the rest would be the same."""
    verdicts: tuple[Verdict, ...] = ()
    rungs = ladder(name, VISIBLE_SEED)
    for behaviour in rungs:
        verdicts += judge([behaviour], ask)
        finding = verdicts[-1].finding
        stopped = finding and finding.failure and finding.failure.kind == "TimeLimitExceeded"
        if finding and (finding.kind == "unwritten" or stopped):
            rest = rungs[len(verdicts) :]
            return verdicts + tuple(Verdict(behaviour=other, finding=finding) for other in rest)
    return verdicts


def _html(text: str) -> str:
    """Escape text and set what stands between backquotes as code."""
    parts = html.escape(text).split("`")
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))
