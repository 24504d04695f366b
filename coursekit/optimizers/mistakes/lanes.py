"""Many wrong rules at once: each is a lane, one row of every array, and differs from the others in what it picks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from coursekit.judging.diagnosis import Choices

Value: TypeAlias = float | np.ndarray | Callable[[], np.ndarray]


class Table:
    """The picks of a rule's variants: an option for each of their parts."""

    def __init__(self, variants: Sequence[Mapping[str, str]]) -> None:
        parts = sorted({part for picks in variants for part in picks})
        self._options = [(part, sorted({picks[part] for picks in variants if part in picks})) for part in parts]
        # For each part and variant the number of the option, from 1 on; 0 where the variant leaves the part alone.
        codes = [
            [options.index(picks[part]) + 1 if part in picks else 0 for picks in variants]
            for part, options in self._options
        ]
        self._codes = np.array(codes, np.intp).reshape(len(parts), len(variants))

    def lanes(self, choices: Choices) -> Lanes:
        """Make a lane of each choice; no part is decided twice in one."""
        codes = self._codes[:, choices].max(axis=2)
        parts, lanes = np.nonzero(codes)
        chosen = codes[parts, lanes]
        order = np.lexsort((chosen, parts))  # the lanes of each option of each part together, in their order
        parts, lanes, chosen = parts[order], lanes[order], chosen[order]
        first = np.flatnonzero(np.diff(parts, prepend=-1) | np.diff(chosen, prepend=0)).tolist()
        picked: dict[str, dict[str, np.ndarray]] = {}
        for begin, end in pairwise([*first, len(lanes)]):
            part, options = self._options[parts[begin]]
            picked.setdefault(part, {})[options[chosen[begin] - 1]] = lanes[begin:end]
        return Lanes(len(choices), picked)


class Lanes:
    """The lanes by what they pick: for each part that one of them decides, its options and the lanes that pick them."""

    def __init__(self, count: int, picked: dict[str, dict[str, np.ndarray]]) -> None:
        self.count = count
        self._picked = picked

    def pick(self, part: str, usual: Value, **others: Value) -> np.ndarray:
        """Return for each lane what it picks of a part, or the usual; what no lane picks is not computed."""
        picked = self._picked.get(part)
        if not picked:
            return _made(usual)
        (option, lanes), *further = picked.items()
        if len(lanes) == self.count and not further:
            return _made(others.get(option, usual))
        usually = _made(usual)
        values = {option: _made(others[option]) if option in others else usually for option in picked}
        width = max(usually.shape[1], *(value.shape[1] for value in values.values()))
        result = np.empty((self.count, width), np.result_type(usually, *values.values()))
        result[:] = usually
        for option, lanes in picked.items():
            value = values[option]
            result[lanes] = value if len(value) == 1 else value[lanes]
        return result

    def that(self, part: str, *options: str) -> np.ndarray:
        """Tell, in a column, which lanes pick one of these options."""
        column = np.zeros((self.count, 1), bool)
        for option in options:
            column[self._picked.get(part, {}).get(option, [])] = True
        return column

    def keep(self, alive: np.ndarray) -> None:
        """Go on with those lanes alone that are alive."""
        number = np.cumsum(alive) - 1
        for picked in self._picked.values():
            for option, lanes in list(picked.items()):
                picked[option] = number[lanes[alive[lanes]]]
                if not len(picked[option]):
                    del picked[option]
        self.count = int(alive.sum())


def _made(value: Value) -> np.ndarray:
    if callable(value):
        return value()
    return value if isinstance(value, np.ndarray) else np.array([[value]])
