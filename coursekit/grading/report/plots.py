"""The pictures of a class report, as SVG in the page, whose colours and letters they have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from markupsafe import Markup

from coursekit.grading.report.numbers import Bar, Report
from coursekit.grading.report.words import Words

_WIDTH = 760
_TOP = 44  # below the title
_ROW = 46  # of a notebook
_BREADTH = 28  # of a pile of dots, at most
_RADII = ((30, 4.0), (120, 3.0))  # of a dot, in a class of so many at most
_SMALLEST = 1.8


def sums(report: Report, words: Words) -> Markup:
    """Draw how the sums of a class are distributed, as a histogram."""
    left, right, bottom, headroom = 56, _WIDTH - 16, 250, 30
    bars = report.sums
    top = max([bar.students for bar in bars] + [1])
    last = bars[-1].high

    def x(points: float) -> float:
        return left + (right - left) * points / last

    def y(students: float) -> float:
        return bottom - (bottom - _TOP - headroom) * students / top

    parts = [_across(left, right, y(tick), str(tick)) for tick in _counts(top)]
    filled = [bar for bar in bars if bar.students]
    parts += [_bar(bar, x(bar.low) + 1, x(bar.high) - 1, y(bar.students), bottom, words) for bar in filled]
    step = max(1, len(bars) // 10)
    edges = [bar.low for bar in bars[::step]] + ([last] if len(bars) % step == 0 else [])
    parts += [_text(x(edge), bottom + 17, words.points(edge)) for edge in edges]
    parts.append(Markup('<path class="axis" d="M{} {}H{}"/>').format(left, bottom, right))
    median = report.head.median
    if median is not None:
        parts.append(Markup('<path class="median" d="M{0:.1f} {1}V{2}"/>').format(x(median), _TOP - 6, bottom))
        label = words.say("median {points}", points=words.points(median))
        side = "end" if x(median) > _WIDTH / 2 else "start"
        parts.append(_text(x(median) + (-7 if side == "end" else 7), _TOP + 4, label, f"strong {side}"))
    parts.append(_text((left + right) / 2, bottom + 40, words.say("sum of points")))
    parts.append(_turned(16, (_TOP + bottom) / 2, words.say("students")))
    said = "; ".join(_count(bar, words) for bar in filled)
    return _drawing(words.say("Sums of the class"), bottom + 50, parts, said)


def strips(report: Report, words: Words) -> Markup:
    """Draw the points of each notebook: every student a dot, the middle half a box, the median a line."""
    left, right = 168, _WIDTH - 84
    reached = [cell.points or 0.0 for student in report.students for cell in student.notebooks.values()]
    most = max([spread.most for spread in report.notebooks] + reached)
    bottom = _TOP + _ROW * len(report.notebooks)

    def x(points: float) -> float:
        return left + (right - left) * points / most

    ticks = [most * quarter / 4 for quarter in range(5)]
    parts = [Markup('<path class="grid" d="M{0:.1f} {1}V{2}"/>').format(x(tick), _TOP, bottom) for tick in ticks]
    parts += [_text(x(tick), bottom + 17, words.points(tick)) for tick in ticks]
    parts.append(_text(right + 20, _TOP - 6, words.say("median"), "start faint"))
    for number, spread in enumerate(report.notebooks):
        middle = _TOP + _ROW * (number + 0.5)
        parts.append(_text(left - 22, middle + 4, spread.notebook, "end"))
        if spread.low is None or spread.median is None or spread.high is None:
            parts.append(_text(left + 12, middle + 4, words.say("nobody handed it in"), "start faint"))
        else:
            box = Markup('<rect class="box" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{}" rx="3"/>')
            parts.append(box.format(x(spread.low) - 2, middle - 17, x(spread.high) - x(spread.low) + 4, 34))
            parts.append(Markup('<path class="median" d="M{0:.1f} {1}v42"/>').format(x(spread.median), middle - 21))
            parts += _dots(report, spread.notebook, x, middle, words)
            parts.append(_text(right + 20, middle + 4, words.points(spread.median), "start strong"))
    parts.append(_text((left + right) / 2, bottom + 40, words.say("points")))
    parts.append(_text(left - 22, _TOP - 6, words.say("notebook"), "end faint"))
    medians = [f"{spread.notebook} {words.points(spread.median)}" for spread in report.notebooks]
    said = words.say("Median of each notebook: {medians}.", medians=", ".join(medians))
    return _drawing(words.say("Points, notebook by notebook"), bottom + 50, parts, said)


def _dots(report: Report, stem: str, x: Callable[[float], float], middle: float, words: Words) -> Iterator[Markup]:
    """Place a dot for each student at the points reached; where many are equal, they are piled up around the line."""
    radius = next((radius for number, radius in _RADII if len(report.students) <= number), _SMALLEST)
    piles: dict[int, list[tuple[float, str, str]]] = defaultdict(list)
    for student in report.students:
        cell = student.notebooks[stem]
        if cell.points is not None:
            kind = "hollow" if cell.state == "untouched" else "dot"
            piles[round(x(cell.points) / (2 * radius))].append((cell.points, student.id, kind))
    room = _ROW - 8 - 2 * radius
    high = int(room / (2 * radius)) + 1  # dots, one above the other, that do not overlap
    dot = Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="{}"><title>{}: {}</title></circle>')
    for pile in piles.values():
        abreast = min(int(_BREADTH / (2 * radius)), -(-len(pile) // high))
        rows = -(-len(pile) // abreast)
        apart = min(2 * radius, room / max(1, rows - 1))
        for number, (points, who, kind) in enumerate(sorted(pile)):
            row, column = divmod(number, abreast)
            sideways = (column - (min(abreast, len(pile) - row * abreast) - 1) / 2) * 2 * radius
            upwards = (row - (rows - 1) / 2) * apart
            yield dot.format(kind, x(points) + sideways, middle + upwards, radius, who, words.points(points))


def _bar(bar: Bar, left: float, right: float, top: float, bottom: float, words: Words) -> Markup:
    shape = Markup('<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>')
    drawn = shape.format(left, top, right - left, bottom - top, _count(bar, words))
    return drawn + _text((left + right) / 2, top - 5, bar.students)


def _count(bar: Bar, words: Words) -> str:
    low, high = words.points(bar.low), words.points(bar.high)
    return words.say("{low} to {high} points: {count}", low=low, high=high, count=bar.students)


def _counts(top: int) -> Sequence[int]:
    """Choose whole numbers for the ticks of an axis."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, top) if top <= 5 * step)
    return range(0, top + 1, step)


def _across(left: float, right: float, y: float, label: str) -> Markup:
    line = Markup('<path class="grid" d="M{} {:.1f}H{}"/>').format(left, y, right)
    return line + _text(left - 8, y + 4, label, "end")


def _text(x: float, y: float, text: object, kind: str = "") -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}"{}>{}</text>').format(x, y, _class(kind), text)


def _turned(x: float, y: float, text: str) -> Markup:
    return Markup('<text transform="translate({:.1f} {:.1f}) rotate(-90)">{}</text>').format(x, y, text)


def _class(kind: str) -> Markup:
    return Markup(' class="{}"').format(kind) if kind else Markup()


def _drawing(title: str, height: float, parts: Sequence[Markup], said: str) -> Markup:
    frame = Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>')
    inner = Markup().join([_text(0, 16, title, "title"), *parts])
    return frame.format(_WIDTH, height, f"{title}. {said}", inner)
