"""A replay's tools: the rows of a run, and a table of two of them. They are copied into the notebook."""

import itertools
import math
from collections.abc import Iterable, Sequence

import numpy as np

from coursekit.judging.running import default_settings
from coursekit.judging.trajectories import Precision


def follow(rows: Iterable[list[object]]) -> list[list[np.ndarray]]:
    """Take row after row, up to what is raised, with what a fresh process has set, whatever the cells above have."""
    found: list[list[np.ndarray]] = []
    try:
        with default_settings():
            for row in rows:
                found += [[np.array(item, dtype=float) for item in row]]
    except Exception as error:  # noqa: BLE001 - a student's code raises anything
        print(f"After {len(found)} rows this raised {type(error).__name__}: {error}")
    return found


def table(
    expected: list[list[np.ndarray]],
    got: list[list[np.ndarray]],
    item: int,
    index: tuple[int, ...],
    travelled: float,
    size: float,
) -> None:
    """Print one number of each row as it is expected and as it came, and mark the first that is wrong.

    The allowed error is a share of the way so far, and of the number.
    """
    columns = [[one_of(row, item, index) for row in rows] for rows in (expected, got)]
    print(f"{'row':>4} {'expected':>16} {'got':>16}")
    precision = Precision(travelled=travelled, size=size)
    way, before, marked = 0.0, math.nan, False
    for row, (want, have) in enumerate(itertools.zip_longest(*columns)):
        mark = ""
        if want is not None and row < len(got):
            move = abs(want - before)
            way += move if math.isfinite(move) else 0.0
            allowed = precision.allowed(np.array(want), np.array(way) if row else None)
            near = have is not None and (abs(have - want) <= allowed or str(have) == str(want))
            if not marked and not near:
                mark, marked = "  <-- the first that is wrong", True
            before = want
        print(f"{row:4} {_written(want):>16} {_written(have):>16}{mark}")


def one_of(row: Sequence[np.ndarray], item: int, index: tuple[int, ...]) -> float | None:
    """Take the number out of a row; a row may have none, or another shape."""
    fits = (
        item < len(row)
        and row[item].ndim == len(index)
        and all(i < n for i, n in zip(index, row[item].shape, strict=True))
    )
    return float(row[item][index]) if fits else None


def _written(value: float | None) -> str:
    return "-" if value is None else f"{value:.8g}"
