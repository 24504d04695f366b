"""A small picture of expected and got, step by step, as SVG: it is drawn with every check and must cost nothing."""

from __future__ import annotations

import html
from collections.abc import Callable

import numpy as np

from coursekit.judging.behaviours import Finding
from coursekit.judging.trajectories import Array, Trajectory
from coursekit.palette import RIGHT, WRONG

_LEFT, _RIGHT, _TOP, _BOTTOM = 30.0, 320.0, 28.0, 118.0  # the frame of the curves
_EXPECTED, _GOT = RIGHT, WRONG


def sketch(finding: Finding, say: Callable[..., str]) -> str:
    """Draw how the first wrong number moved and how it should have.

    Parameters
    ----------
    finding
        One with a difference and a pair of trajectories.
    say
        Translates.

    Returns
    -------
    str
        An SVG element with title, labelled axes and a text for those who cannot see it; "" where there is nothing
        to draw. The vertical axis has no numbers: a picture may be of a hidden test.
    """
    difference = finding.difference
    if finding.pair is None or difference is None or finding.kind in ("result", "gradient", "average", "runs"):
        return ""
    shape = finding.pair[1].rows[difference.row][difference.item].shape
    got, expected = (_curve(trajectory, difference.item, difference.index, shape) for trajectory in finding.pair)
    last = max(len(got), len(expected)) - 1
    if last < 1 or not np.isfinite(expected).all():
        return ""
    low, high = _span(got, expected)

    def place(row: int, value: float) -> tuple[float, float]:
        share = (min(max(value, low), high) - low) / (high - low)
        return _LEFT + 8 + (_RIGHT - _LEFT - 16) * row / last, _BOTTOM - 8 - (_BOTTOM - _TOP - 16) * share

    def write(x: float, y: float, text: str, more: str = 'text-anchor="middle"') -> str:
        return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{html.escape(text)}</text>'

    def draw(curve: Array, colour: str, dashes: str) -> str:
        points = [place(row, value) for row, value in enumerate(curve) if np.isfinite(value)]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else ""
        dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.2" fill="{colour}"/>' for x, y in points)
        return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.8"{dashes}/>{dots}'

    def legend(y: float, colour: str, dashes: str, text: str) -> str:
        line = f'<path d="M332 {y - 3}H356" stroke="{colour}" stroke-width="1.8"{dashes}/>'
        return line + write(362, y, text, "")

    rate = finding.kind == "rate"
    title = say("The rate, call by call") if rate else say("The wrong number, step by step")
    seen = say("The lines part at {row}.", row=difference.row)
    middle, apart, dashed = (_TOP + _BOTTOM) / 2, place(difference.row, low)[0], ' stroke-dasharray="5 3"'
    frame = (
        f'<svg viewBox="0 0 440 150" width="440" height="150" role="img" aria-label="{html.escape(f"{title}. {seen}")}"'
        ' style="display:block;max-width:100%;font-size:11px;fill:currentColor;margin-top:.5em">'
    )
    return "".join(
        [
            frame,
            write(_LEFT, 16, f"{title}. {seen}", ""),
            f'<path d="M{_LEFT} {_TOP}V{_BOTTOM}H{_RIGHT}" fill="none" stroke="currentColor"/>',
            f'<path d="M{apart:.1f} {_TOP}V{_BOTTOM}" stroke="currentColor" stroke-dasharray="1 3"/>',
            *(write(place(row, low)[0], _BOTTOM + 13, str(row)) for row in sorted({0, difference.row, last})),
            write((_LEFT + _RIGHT) / 2, 146, say("call") if rate else say("step")),
            write(18, middle, say("rate") if rate else say("value"), _turned(18, middle)),
            draw(expected, _EXPECTED, ""),
            draw(got, _GOT, dashed),
            legend(middle - 8, _EXPECTED, "", say("expected")),
            legend(middle + 12, _GOT, dashed, say("got")),
            "</svg>",
        ]
    )


def _curve(trajectory: Trajectory, item: int, index: tuple[int, ...], shape: tuple[int, ...]) -> Array:
    """Return one number row by row; NaN where a row has another shape."""
    rows = trajectory.rows
    fits = [item < len(row) and row[item].shape == shape for row in rows]
    return np.array([row[item][index] if fit else np.nan for row, fit in zip(rows, fits, strict=True)], np.float64)


def _span(got: Array, expected: Array) -> tuple[float, float]:
    """Return the range that is drawn: what is expected, and of what was got as much as leaves that visible."""
    low, high = float(expected.min()), float(expected.max())
    room = 2 * (high - low) or abs(high) or 1.0
    near = np.clip(got[np.isfinite(got)], low - room, high + room)
    low, high = min([low, *near]), max([high, *near])
    return (low, high) if high > low else (low - 1.0, high + 1.0)


def _turned(x: float, y: float) -> str:
    return f'text-anchor="middle" transform="rotate(-90 {x} {y})"'
