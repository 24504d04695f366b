"""Programs with one to three mistakes, most with several at once, in the styles of students.

A file holds programs, each below a line `# %% what it is: its title`. Marks at the end of lines say which mistake
stands there, by its name in `tests.bank.phrases`, and what stands there without it:

    wrong  #! mistake                 the line goes
    wrong  #! mistake: right          the line is `right`
    wrong  #! mistake: old => new     `new` stands in the place of `old`
           #! mistake: right          the line `right` comes here

So a program can be had without some of its mistakes; without all of them it is right. Of every seven programs of a file
the fourth lies in `tests/bank/held_out`, at which nobody looks who works on what is said of mistakes, and of
`practical.py` nearly every third. Those of `practical.py` in both, of `later.py` and `beyond.py` there and of
`strangers.py` here were written by somebody who had seen nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

BANK = Path(__file__).parents[1]
PREAMBLE = """\
import math
import numpy as np
import torch
import torch.nn as nn
from torch.optim import Optimizer
from coursekit.optimizers.matrices import newton_schulz
from coursekit.optimizers.references import LRScheduler
"""


@dataclass(frozen=True)
class Program:
    """What a student writes, with marks: the class or function `subject`."""

    file: str
    name: str
    text: str

    @property
    def subject(self) -> str:
        return self.name.partition(":")[0]

    @cached_property
    def mistakes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(re.findall(r"#! (\w+)", self.text)))

    def source(self, without: Collection[str] = ()) -> str:
        """Return the program as it is run, without its marks and without some of its mistakes."""
        lines = (_line(line, without) for line in self.text.splitlines())
        return PREAMBLE + "\n".join(line for line in lines if line is not None) + "\n"


def _line(line: str, without: Collection[str]) -> str | None:
    code, *marks = line.split("#! ")
    indent = code[: len(code) - len(code.lstrip())]
    comes = bool(marks) and not code.strip()
    for mark in marks:
        name, _, right = (part.strip() for part in mark.partition(":"))
        old, arrow, new = (part.strip() for part in right.partition("=>"))
        if comes or name in without:
            if (comes and name not in without) or not right:
                return None
            if comes or not arrow:
                code, comes = indent + right, False
            else:
                assert code.count(old) == 1, f"{old!r} must stand in one place: {line}"
                code = code.replace(old, new)
    return code.rstrip()


def read(folder: str) -> tuple[Program, ...]:
    """Read the programs of a folder of the bank."""
    return tuple(
        Program(path.stem, name, text)
        for path in sorted((BANK / folder).glob("[!_]*.py"))
        for name, text in re.findall(r"^# %% (.*)\n((?:(?!# %% ).*\n)*)", path.read_text(), re.MULTILINE)
    )
