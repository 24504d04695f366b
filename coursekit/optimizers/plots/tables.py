"""A table of yes and no, as marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from coursekit.language import translate
from coursekit.optimizers.plots.style import figure, label
from coursekit.palette import RIGHT, WRONG

_LETTER, _ROW, _COLUMN = 0.073, 0.3, 1.3  # inches


def marks(
    table: Mapping[str, Sequence[bool]],
    rows: Sequence[str],
    title: str,
    labels: tuple[str, str],
    says: tuple[str, str],
) -> None:
    """Draw a table whose every entry is a filled square, for yes, or an open circle, for no.

    Parameters
    ----------
    table
        For the name of every column its entries, from the first row on.
    rows
        The names of the rows, in English, as all names.
    title
        In English.
    labels
        The words for the columns and for the rows.
    says
        The words for yes and for no.
    """
    entries = np.array(list(table.values()), bool)
    names = [translate(name) for name in rows]
    left = _LETTER * max(map(len, names)) + 0.45
    width, height = left + _COLUMN * len(table) + 0.2, _ROW * len(rows) + 1.45
    with figure(title, size=(width, height), top=0.8) as (axes,):
        axes.figure.subplots_adjust(left=left / width, bottom=0.6 / height)
        for mark, name, colour, inside in zip("so", says, (RIGHT, WRONG), (RIGHT, "white"), strict=True):
            x, y = np.nonzero(entries == (mark == "s"))
            look = {"color": colour, "markerfacecolor": inside, "label": translate(name)}
            axes.plot(x, y, mark, markersize=9, markeredgewidth=1.8, **look)  # type: ignore[arg-type]
        axes.set(xlim=(-0.5, len(table) - 0.5), ylim=(len(rows) - 0.5, -0.5))
        axes.set_xticks(range(len(table)), list(map(translate, table)))
        axes.set_yticks(range(len(rows)), names)
        axes.tick_params(length=0)
        label(axes, "", *labels)
        axes.legend(ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1.0))
