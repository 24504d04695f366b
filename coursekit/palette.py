"""The colours of the course, those of Okabe and Ito: everybody tells them apart, on white and on black."""

from __future__ import annotations

BLUE, ORANGE, GREEN, PINK, AMBER, SKY = "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"
DARK, GREY, PALE = "#555555", "#777777", "#888888"
PALETTE = (BLUE, ORANGE, GREEN, PINK, AMBER, SKY, DARK)  # of the curves, one after the other
RIGHT, WRONG = BLUE, ORANGE
