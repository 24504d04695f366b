"""How long students' code is waited for: every limit of its time, in one place."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long students' code is waited for, in seconds; those in which it waits for a processor do not count.

    A notebook that hangs in every known way, in its cells and in the hidden tests, is done after eight.

    Attributes
    ----------
    cell, cells
        For one cell, and for all of a notebook, in what the reader is shown.
    definition, definitions, moment
        For one cell, and for all of them, while a student's definitions are loaded; and for each one after that, until
        as much time again is over.
    question, questions
        For the answer to one question, which a right one gives in a few milliseconds, and for everything until the
        last answer; what is asked after that counts as hanging.
    warned
        For a cell where the hidden tests have found something that does not end, and beyond that limit.
    again
        For a cell or a question after another one did not end, and for a cell that did not when it is loaded again.
    grace
        Beyond a limit, before the process that answers is ended from outside.
    kernel_grace
        The same for the kernel of what is shown, which may still have a long traceback to write.
    hanging
        How many questions may hang, or take too much memory, before the rest counts as doing so, too; definitions that
        hang are one of them.
    """

    cell: float = 4.0
    cells: float = 40.0
    definition: float = 3.0
    definitions: float = 30.0
    moment: float = 0.2
    question: float = 1.5
    questions: float = 120.0
    warned: float = 1.0
    again: float = 0.25
    grace: float = 0.5
    kernel_grace: float = 2.0
    hanging: int = 4

    def within(self, limit: float, *, hung: bool) -> float:
        """Return how long is waited where `limit` holds, and whether something hung before."""
        return min(limit, self.again) if hung else limit

    def once_warned(self) -> Patience:
        """Return that for the cells of a notebook in which something is known not to end."""
        return replace(self, cell=min(self.cell, self.warned), kernel_grace=min(self.kernel_grace, self.warned))


USUAL = Patience()
