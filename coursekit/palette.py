"""The colours of the course, after Okabe and Ito: everybody tells them apart, on white and on pale grounds.

An optimizer has one colour and one line style in every picture.
"""

from __future__ import annotations

from typing import Any

BLUE, ORANGE, GREEN, PINK, INDIGO, BROWN = "#0072b2", "#d55e00", "#0a6b45", "#c05a98", "#332288", "#6b4a00"
DARK, GREY, PALE = "#444444", "#777777", "#888888"
GROUND = ("#ffffff", "#eef3f8", "#e6ecf4", "#dfe6ee")  # of surfaces, from low to high
PALETTE = (BLUE, ORANGE, GREEN, PINK, INDIGO, BROWN, DARK)  # of the curves, one after the other
STYLES: tuple[Any, ...] = ("-", "--", "-.", (0, (1.5, 1)), (0, (6, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (3, 1)))
_NAMES = ("SGD", "RMSProp", "Adagrad", "Adam", "AdamW", "Momentum")
OPTIMIZERS = dict(zip(_NAMES, zip(PALETTE, STYLES, strict=True), strict=False)) | {
    "Nesterov": (BROWN, (0, (2, 2))),
    "SignSGD": (DARK, STYLES[1]),
    "Muon": (GREEN, STYLES[0]),
}
RIGHT, WRONG = BLUE, ORANGE
