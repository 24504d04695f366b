"""The verdicts on one thing a student wrote, as a table: in text, and in HTML."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, replace

from coursekit.judging.behaviours import Finding, Verdict, worth
from coursekit.judging.explanations import explain, help_with
from coursekit.judging.help import Help, Worked
from coursekit.judging.sketch import sketch
from coursekit.language import Numerals, translate
from coursekit.palette import PALE, RIGHT, WRONG

_MOST_TITLES = 4  # of behaviours that a mistake costs: the table shows all of them
_ONCE = ("unwritten", "Delegated")  # where this is wrong, all of it is, and one line says so


@dataclass(frozen=True, kw_only=True)
class LadderTable:
    """The verdicts on one thing a student wrote.

    Attributes
    ----------
    name
        The name of the thing that was judged.
    verdicts
        One for each behaviour, in the order of the ladder.
    language
        "en" or "fr".
    points
        The points of all behaviours together; where it is given, each says what it brought, and each that is wrong
        is explained and not just the first.
    note
        A sentence below the table.
    """

    name: str
    verdicts: tuple[Verdict, ...]
    language: str = "en"
    points: float | None = None
    note: str = ""

    @property
    def counted(self) -> tuple[Verdict, ...]:
        """The verdicts that count."""
        return tuple(verdict for verdict in self.verdicts if verdict.behaviour.weight)

    @property
    def right(self) -> int:
        """How many behaviours are right."""
        return sum(verdict.finding is None for verdict in self.counted)

    @property
    def share(self) -> float:
        """Which share of the points is reached, by the weights of the behaviours."""
        weights = [(verdict.behaviour.weight, verdict.finding is None) for verdict in self.verdicts]
        return sum(weight for weight, right in weights if right) / sum(weight for weight, _ in weights)

    @property
    def first_wrong(self) -> Verdict | None:
        """The first behaviour that is wrong, if one is."""
        return next((verdict for verdict in self.counted if verdict.finding), None)

    @property
    def one_line(self) -> str:
        """The line that says what is not written yet, or not one's own; "" where there is more to say."""
        wrong = self.first_wrong
        if wrong and wrong.finding:
            failure = wrong.finding.failure
            if wrong.finding.kind in _ONCE or (failure and failure.kind in _ONCE):
                return explain(wrong.finding, self.language)
        return ""

    @property
    def summary(self) -> str:
        """One line: how much is right and what to look at first."""
        return f"{self._standing} {self._advice}".rstrip()

    @property
    def _standing(self) -> str:
        """How much is right."""
        wrong = self.first_wrong
        if len(self.counted) == 1:
            return self._say("{name} is not right yet." if wrong else "{name} is right.", name=self.name)
        if wrong is None:
            return self._say("{name}: all {count} behaviours are right.", name=self.name, count=len(self.counted))
        counts = {"right": self.right, "count": len(self.counted)}
        return self._say("{name}: {right} of {count} behaviours are right.", name=self.name, **counts)

    @property
    def _advice(self) -> str:
        """The behaviour to look at first; "" where all are right."""
        wrong = self.first_wrong
        if wrong is None or len(self.counted) == 1:
            return ""
        return self._say("Fix first: {title}.", title=self._say(wrong.behaviour.title))

    def __repr__(self) -> str:
        """Draw the table as text."""
        lines = [self.summary, ""]
        for verdict, steps in self._rows():
            mark = self._mark(verdict)[1]
            lines.append(f"  {mark} {self._say(verdict.behaviour.title)}{self._worth(verdict, '  ({})')}")
            lines += [f"      {line}" for line in steps.lines] if steps else []
        return "\n".join([*lines, *(["", self.note] if self.note else [])])

    def _repr_html_(self) -> str:
        return self.html()

    def html(self) -> str:
        """Draw the table as HTML; whatever came from a student is escaped."""
        rows = "".join(self._row(verdict, steps) for verdict, steps in self._rows())
        advice = f' <span role="note">{_html(self._advice)}</span>' if self._advice else ""
        note = f'<div style="opacity:.75;margin-top:.4em">{_html(self.note)}</div>' if self.note else ""
        return (
            '<div style="max-width:50em;font-size:95%">'
            f'<div style="font-weight:bold;margin-bottom:.3em">{_html(self._standing)}{advice}</div>'
            f'<table style="border-collapse:collapse;margin:0">{rows}</table>{note}</div>'
        )

    def _rows(self) -> Iterator[tuple[Verdict, Help | None]]:
        """Yield the verdicts, each with the help for what is to be explained: nothing is said twice."""
        said: set[str] = set()
        for verdict in self.verdicts:
            steps = None
            if verdict.finding and verdict.behaviour.weight and (self.points is not None or not said):
                steps = help_with(verdict.finding, self.name, self.language)
                if steps.what in said:
                    steps = None
                elif steps.why:  # a mistake that has been explained is named again, and no more
                    named, *words = (*steps.why, *self._costs(verdict.finding))
                    new = [line for line in words if line not in said]
                    steps = replace(steps, why=(named, *new), worked=steps.worked if new else None)
            said.update(steps.lines if steps else ())
            yield verdict, steps

    def _costs(self, finding: Finding) -> Iterator[str]:
        """Say which behaviours the mistakes that are certain cost, where they are more than one.

        Where others are among the mistakes of a behaviour, they may be what it was lost by.
        """
        costs: dict[tuple[str, ...], list[str]] = {}
        certain = finding.named.certain
        named = [(each.behaviour.title, each.finding.named.certain) for each in self.counted if each.finding]
        by_these = [(title, mistakes) for title, mistakes in named if set(mistakes) <= set(certain)]
        for mistake in certain:
            lost = tuple(title for title, mistakes in by_these if mistake in mistakes)
            if len(lost) > 1:
                costs.setdefault(lost, []).append(self._say(mistake.title, subject=self.name))
        for lost, mistakes in costs.items():
            text = (
                "Behaviours lost by {mistakes}: {titles}." if len(costs) > 1 else "Behaviours lost by this: {titles}."
            )
            yield self._say(text, mistakes=self._say("; ").join(mistakes), titles=self._listed(lost))

    def _listed(self, titles: tuple[str, ...]) -> str:
        """Write titles one after the other, of many the first ones and how many more there are."""
        if len(titles) <= _MOST_TITLES:
            return self._say("; ").join(map(self._say, titles))
        first = titles[: _MOST_TITLES - 1]
        more = len(titles) - len(first)
        return self._say("{titles}; and {count} more", titles=self._listed(first), count=more)

    def _row(self, verdict: Verdict, steps: Help | None) -> str:
        colour, mark, said = self._mark(verdict)
        detail = ""
        if verdict.finding and steps:
            detail = (
                f'<div style="margin:.3em 0 .4em;padding:.4em .7em;border-left:3px solid {WRONG}">'
                f"{self._detail(verdict.finding, steps)}</div>"
            )
        return (
            '<tr style="background:transparent">'
            f'<td style="color:{colour};font-weight:bold;vertical-align:top;padding:.1em .6em"'
            f' title="{html.escape(self._say(said))}">{mark}</td>'
            f'<td style="text-align:left;padding:.1em .6em">{_html(self._say(verdict.behaviour.title))}{detail}</td>'
            f"{self._worth(verdict, _POINTS)}</tr>"
        )

    def _detail(self, finding: Finding, steps: Help) -> str:
        """Draw the steps of help: what is wrong is seen, the rest is folded."""
        parts = [f"<div>{_html(steps.what)}</div>", sketch(finding, self._say)]
        if steps.fix:
            parts.append(f'<div style="margin-top:.4em">{_html(steps.fix)}</div>')
        if steps.by_hand:
            style = "margin:.3em 0;white-space:pre-wrap;word-break:normal"
            code = f'<pre style="{style}">{html.escape(steps.by_hand)}</pre>'
            parts.append(self._folded("By hand, with rounded numbers: run this in a cell", code))
        if steps.why:
            first, *others = map(_html, steps.why)
            named = f'<div style="margin-top:.3em;font-weight:bold">{first}</div>'
            words = "".join(f'<div style="margin-top:.3em">{line}</div>' for line in others)
            parts.append(self._folded("Why", named + words))
        if steps.worked:
            parts.append(self._folded("A worked step", _as_html(steps.worked)))
        if steps.raw:
            parts.append(self._folded("In Python's words", f"<div>{_html(steps.raw)}</div>"))
        return "".join(parts)

    def _folded(self, title: str, inside: str) -> str:
        """Fold something under a title; it opens without any script."""
        return f'<details style="margin-top:.4em"><summary>{html.escape(self._say(title))}</summary>{inside}</details>'

    @staticmethod
    def _mark(verdict: Verdict) -> tuple[str, str, str]:
        """Choose the colour and the mark of a verdict, and what they mean."""
        if not verdict.behaviour.weight:
            return PALE, "–", "not counted"
        return (WRONG, "✗", "wrong") if verdict.finding else (RIGHT, "✓", "right")

    def _worth(self, verdict: Verdict, form: str) -> str:
        """Write what a behaviour brought of what it is worth, where that is known."""
        if self.points is None:
            return ""
        if not verdict.behaviour.weight:
            return form.format(self._say("not counted"))
        most = worth(verdict.behaviour, [other.behaviour for other in self.verdicts], self.points)
        return form.format(self._say(Numerals(f"{0 if verdict.finding else most:.3g} / {most:.3g}")))

    def _say(self, text: str, **values: object) -> str:
        return translate(text, self.language, **values)


_POINTS = '<td style="text-align:right;vertical-align:top;white-space:nowrap;padding:.1em .6em">{}</td>'


def _html(text: str) -> str:
    """Escape text and set what stands between backquotes as code."""
    parts = html.escape(text).split("`")
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))


def _as_html(worked: Worked) -> str:
    """Draw a worked step as a small table."""

    def row(cells: tuple[str, ...], tag: str = "td") -> str:
        drawn = "".join(
            f'<{tag} style="text-align:left;padding:.1em .8em .1em 0">{_html(each)}</{tag}>' for each in cells
        )
        return f'<tr style="background:transparent">{drawn}</tr>'

    rows = row(worked.columns, "th") + row(worked.right) + row(worked.wrong)
    table = f'<table style="border-collapse:collapse;margin:.2em 0">{rows}</table>'
    return f'<div style="margin-top:.3em">{_html(worked.text)}</div>{table}'
