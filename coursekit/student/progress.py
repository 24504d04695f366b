"""How far a student is, in all notebooks of a folder."""

from __future__ import annotations

import html
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from coursekit.judging.table import LadderTable
from coursekit.judging.trajectories import Failure
from coursekit.language import Numerals, current, translate
from coursekit.palette import PALE, RIGHT, WRONG
from coursekit.reading.statements import cause
from coursekit.student.own import Own, look_around
from coursekit.student.quiet import quietly


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A check cell: its notebook, what it is about, its points, and the table; where there is none, the reason."""

    notebook: str
    name: str
    points: float
    table: LadderTable | None
    reason: str = ""

    @property
    def reached(self) -> float:
        """The points that this work would bring, if the hidden tests see what the check sees."""
        return self.points * self.table.share if self.table else 0.0


@dataclass(frozen=True, kw_only=True)
class Progress:
    """The progress in every notebook as a table in text and in HTML, and anything odd about the files."""

    checked: tuple[Checked, ...]
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Draw the table as text."""
        width = max((len(each.notebook) for each in self.checked), default=0)
        names = max((len(each.name) for each in self.checked), default=0)
        lines = [
            f"  {each.notebook:{width}}  {each.name:{names}}  {_points(each):>12}  {_bar(each)}  {self._next(each)}"
            for each in self.checked
        ]
        return "\n".join([self._sum(), "", *lines, "", *self._notes()])

    def _repr_html_(self) -> str:
        rows = "".join(
            '<tr style="background:transparent">'
            + "".join(f'<td style="text-align:left;padding:.1em .8em .1em 0">{cell}</td>' for cell in cells)
            + "</tr>"
            for cells in map(self._cells, self.checked)
        )
        return (
            '<div style="max-width:60em;font-size:95%">'
            f'<div style="font-weight:bold;margin-bottom:.3em">{html.escape(self._sum())}</div>'
            f'<table style="border-collapse:collapse;margin:0">{rows}</table>'
            f'<div style="opacity:.75;margin-top:.4em">{"<br>".join(map(html.escape, self._notes()))}</div></div>'
        )

    def _cells(self, each: Checked) -> Iterator[str]:
        yield html.escape(each.notebook)
        yield f"<code>{html.escape(each.name)}</code>"
        yield f'<span style="white-space:nowrap">{html.escape(_points(each))}</span>'
        colour = PALE if each.table is None or each.table.one_line else RIGHT
        bar = html.escape(_bar(each)).replace("○", f'<span style="color:{WRONG}">○</span>')
        yield f'<span style="color:{colour};letter-spacing:.1em;white-space:nowrap">{bar}</span>'
        yield html.escape(self._next(each))

    def _sum(self) -> str:
        reached, most = (
            sum(values) for values in zip(*((each.reached, each.points) for each in self.checked), strict=True)
        )
        return translate(
            "{reached} of {most} points for code are within reach.",
            reached=Numerals(f"{reached:.3g}"),
            most=Numerals(f"{most:g}"),
        )

    @staticmethod
    def _next(each: Checked) -> str:
        if each.table is None:
            return each.reason
        wrong = each.table.first_wrong
        if wrong is None:
            return translate("all right")
        return each.table.one_line or translate("next: {title}", title=translate(wrong.behaviour.title))

    def _notes(self) -> list[str]:
        text = (
            "This is what stands in the saved notebooks: save, then look again. Answers in words are read by a person."
        )
        return [*self.notes, translate(text)]


def progress() -> None:
    """Check what stands in every notebook of this folder; show how far each is, what it may bring, and what is next.

    Nothing of a notebook is run but what its definitions need, as for `own_class`. Where it uses a class of an earlier
    notebook, it gets the course's, as when it is graded.
    """
    from IPython.display import display

    from coursekit.judging.subject import subject

    subject().warm_up()
    notebooks, notes = look_around(Path.cwd())
    checked = tuple(each for stem, found in notebooks.items() for each in _examined(stem, found))
    if checked:
        display(Progress(checked=checked, notes=tuple(notes)))
    else:
        print(translate("There is no notebook of the course in this folder."))


def _examined(stem: str, own: Own | str) -> list[Checked]:
    from coursekit.student.checks import judge

    def unjudged(reason: str, name: str = "", points: float = 0.0) -> Checked:
        return Checked(notebook=stem, name=name, points=points, table=None, reason=reason)

    if isinstance(own, str):
        return [unjudged(own)]
    if not own.asks:
        return [unjudged(translate("its check cell is not there; it is graded all the same"))]
    examined = []
    with quietly():
        with _as_graded():
            space, lost = own.load(name for name, _ in own.asks)
        for name, points in own.asks:
            if name in space:
                verdicts = judge(space[name], name, lambda failure: cause(failure, lost))
                table = LadderTable(name=name, verdicts=verdicts, language=current())
                examined.append(Checked(notebook=stem, name=name, points=points, table=table))
                continue
            missing = Failure(kind="NameError", message=f"name '{name}' is not defined")
            why = cause(missing, lost)
            reason = translate("`{name}` is not defined", name=name)
            reason += f" ({why.kind})" if why != missing else ""
            examined.append(unjudged(reason, name, points))
    return examined


@contextmanager
def _as_graded() -> Iterator[None]:
    """Let `own_class` give what it gives when a notebook is graded."""
    before = os.environ.get("NBGRADER_EXECUTION")
    os.environ["NBGRADER_EXECUTION"] = "autograde"
    try:
        yield
    finally:
        if before is None:
            del os.environ["NBGRADER_EXECUTION"]
        else:
            os.environ["NBGRADER_EXECUTION"] = before


def _points(each: Checked) -> str:
    return translate(Numerals(f"{each.reached:.3g} / {each.points:g}"))


def _bar(each: Checked) -> str:
    if each.table is None:
        return ""
    return "".join("○" if verdict.finding else "●" for verdict in each.table.verdicts)
