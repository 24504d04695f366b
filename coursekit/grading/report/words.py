"""Numbers, times and texts as the class report says them, in the language of the assignment."""

from __future__ import annotations

from coursekit.language import Numerals, translate

NONE = "–"
# How a notebook is marked that was not graded as written work, and why.
STATES = {
    "missing": (NONE, "missing"),
    "untouched": ("∅", "untouched"),
    "unreadable": ("✗", "could not be read"),
    "ungraded": ("…", "not graded"),
}


class Words:
    """Speaks a language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, text: str, **values: object) -> str:
        """Say an English text."""
        return translate(text, self.language, **values)

    def points(self, value: float | None) -> str:
        """Write points, with a decimal where there is one."""
        return NONE if value is None else self._number(f"{value:.1f}".removesuffix(".0"))

    def share(self, value: float | None) -> str:
        """Write a share in per cent."""
        space = "\N{NO-BREAK SPACE}" if self.language == "fr" else ""
        return NONE if value is None else f"{100 * value:.0f}{space}%"

    def correlation(self, value: float | None) -> str:
        """Write a number from -1 to 1 with its sign."""
        return NONE if value is None else self._number(f"{value:+.2f}".replace("-", "\N{MINUS SIGN}"))

    def duration(self, seconds: float) -> str:
        """Write a time in its two largest units."""
        minutes = int(seconds) // 60
        hours, days = minutes // 60, minutes // 1440
        if days:
            return self.say("{days} d {hours} h", days=days, hours=hours % 24)
        if hours:
            return self.say("{hours} h {minutes} min", hours=hours, minutes=minutes % 60)
        return self.say("{minutes} min", minutes=minutes) if minutes else self.say("less than 1 min")

    def _number(self, text: str) -> str:
        return self.say(Numerals(text))
