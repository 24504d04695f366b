"""The pictures of the course, in one house style.

Every function draws one figure and shows it. Titles and labels are given in English and shown in the
notebook's language.
"""

from coursekit.optimizers.plots.curves import curve, fit, lines, stacked
from coursekit.optimizers.plots.races import race
from coursekit.optimizers.plots.steps import one_step
from coursekit.optimizers.plots.surfaces import contours, surface, training
from coursekit.optimizers.plots.tables import marks
from coursekit.optimizers.plots.walks import walks
from coursekit.palette import PALETTE, STYLES

__all__ = [
    "PALETTE",
    "STYLES",
    "contours",
    "curve",
    "fit",
    "lines",
    "marks",
    "one_step",
    "race",
    "stacked",
    "surface",
    "training",
    "walks",
]
