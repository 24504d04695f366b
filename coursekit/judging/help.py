"""The help for something wrong, in steps: a student unfolds no more than is needed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Worked:
    """A worked step: what a small run leaves that is right, and what it leaves with a mistake.

    Attributes
    ----------
    text
        The run, and what to do with it.
    columns, right, wrong
        The heads of a table and its two rows.
    """

    text: str
    columns: tuple[str, ...]
    right: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The step as text."""
        return (self.text, *(f"{name} {', '.join(values)}" for name, *values in (self.right, self.wrong)))


@dataclass(frozen=True, kw_only=True)
class Advice:
    """A subject's words about a finding; "" and None where it has nothing to say.

    Attributes
    ----------
    cause, fix
        Why something was raised, and what to do.
    by_hand
        Code that shows what was found wrong.
    worked
        A worked step for the mistakes that are certain.
    """

    cause: str = ""
    fix: str = ""
    by_hand: str = ""
    worked: Worked | None = None


@dataclass(frozen=True, kw_only=True)
class Help:
    """Help in steps: what is wrong and how to see it by hand, why, and a worked step.

    Attributes
    ----------
    what, fix
        The error, and the fix where it is known: these are always seen.
    by_hand
        Code that shows it.
    why
        The mistakes by name: what each looks like, why it is wrong, and where the notebook explains it.
    worked
        The difference that they make, with other numbers.
    raw
        What Python says.
    """

    what: str
    fix: str = ""
    by_hand: str = ""
    why: tuple[str, ...] = ()
    worked: Worked | None = None
    raw: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it but the code, a paragraph each."""
        return tuple(
            filter(None, (self.what, self.fix, *self.why, *(self.worked.lines if self.worked else ()), self.raw))
        )
