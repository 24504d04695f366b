"""How far a student is, in all notebooks of a folder."""

from __future__ import annotations

import ast
import html
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.desk import definitions
from coursekit.language import current, translate
from coursekit.report import Report

_RIGHT, _WRONG, _OPEN = "#0072b2", "#d55e00", "#888888"


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A check cell: its notebook, what it is about, its points, and the report; where there is none, the reason."""

    notebook: str
    name: str
    points: float
    report: Report | None
    reason: str = ""

    @property
    def reached(self) -> float:
        """The points that this work would bring, if the hidden tests see what the check sees."""
        return self.points * self.report.share if self.report else 0.0


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What is right in every notebook, as a table in text and in HTML."""

    checked: tuple[Checked, ...]

    def __repr__(self) -> str:
        """Draw the table as text."""
        width = max((len(each.notebook) for each in self.checked), default=0)
        names = max((len(each.name) for each in self.checked), default=0)
        lines = [
            f"  {each.notebook:{width}}  {each.name:{names}}  {_points(each):>12}  {_bar(each)}  {self._next(each)}"
            for each in self.checked
        ]
        return "\n".join([self._sum(), "", *lines, "", self._note()])

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
            f'<div style="opacity:.75;margin-top:.4em">{html.escape(self._note())}</div></div>'
        )

    def _cells(self, each: Checked) -> Iterator[str]:
        yield html.escape(each.notebook)
        yield f"<code>{html.escape(each.name)}</code>"
        yield f'<span style="white-space:nowrap">{html.escape(_points(each))}</span>'
        colour = _OPEN if each.report is None or each.report.one_line else _RIGHT
        bar = html.escape(_bar(each)).replace("○", f'<span style="color:{_WRONG}">○</span>')
        yield f'<span style="color:{colour};letter-spacing:.1em;white-space:nowrap">{bar}</span>'
        yield html.escape(self._next(each))

    def _sum(self) -> str:
        reached, most = (
            sum(values) for values in zip(*((each.reached, each.points) for each in self.checked), strict=True)
        )
        return translate(
            "{reached} of {most} points for code are within reach.", reached=f"{reached:.3g}", most=f"{most:g}"
        )

    @staticmethod
    def _next(each: Checked) -> str:
        if each.report is None:
            return each.reason
        wrong = each.report.first_wrong
        if wrong is None:
            return translate("all right")
        return each.report.one_line or translate("next: {title}", title=translate(wrong.behaviour.title))

    @staticmethod
    def _note() -> str:
        return translate(
            "This is what stands in the saved notebooks: save, then look again. Answers in words are read by a person."
        )


def progress() -> None:
    """Check what stands in every notebook of this folder; show how far each is, what it may bring, and what is next.

    Nothing of a notebook is run but its definitions, as for `own_class`.
    """
    from IPython.display import display

    from coursekit.following import warm_up

    warm_up()
    checked = tuple(each for path in sorted(Path.cwd().glob("[0-9][0-9]_*.ipynb")) for each in _examined(path))
    if checked:
        display(Progress(checked=checked))
    else:
        print(translate("There is no notebook of the course in this folder."))


def _examined(path: Path) -> Iterator[Checked]:
    from coursekit.checks import judge

    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        calls = list(asked(cells))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        yield Checked(notebook=path.stem, name="", points=0.0, report=None, reason=translate("it cannot be read"))
        return
    space: dict[str, Any] = {}
    reason = ""
    try:
        space = definitions(path)
    except Exception as error:
        reason = translate("its definitions raise {error}", error=type(error).__name__)
    for name, points in calls:
        report = Report(name=name, verdicts=judge(space[name], name), language=current()) if name in space else None
        missing = reason or translate("`{name}` is not defined", name=name)
        yield Checked(notebook=path.stem, name=name, points=points, report=report, reason="" if report else missing)


def asked(cells: list[dict[str, Any]]) -> Iterator[tuple[str, float]]:
    """Give what the check cells of a notebook check, and their points."""
    for cell in cells:
        about = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and about.get("grade"):
            call = ast.parse("".join(cell["source"])).body[-1]
            match call:
                case ast.Expr(value=ast.Call(func=ast.Attribute(attr="check"), args=[ast.Name(id=name)])):
                    yield name, float(about.get("points", 0))


def _points(each: Checked) -> str:
    return f"{each.reached:.3g} / {each.points:g}"


def _bar(each: Checked) -> str:
    if each.report is None:
        return ""
    return "".join("○" if verdict.finding else "●" for verdict in each.report.verdicts)
