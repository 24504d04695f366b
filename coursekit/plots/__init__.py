"""The pictures of the course, in one house style.

Every function draws one figure and shows it. Titles and labels are given in English and shown in the
notebook's language.
"""

from coursekit.plots.curves import curve, fit, lines, stacked
from coursekit.plots.races import race
from coursekit.plots.steps import one_step
from coursekit.plots.style import PALETTE, STYLES
from coursekit.plots.surfaces import contours, surface, training

__all__ = [
    "PALETTE",
    "STYLES",
    "contours",
    "curve",
    "fit",
    "lines",
    "one_step",
    "race",
    "stacked",
    "surface",
    "training",
]
