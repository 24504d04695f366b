"""Puts the whole bank through the ladders, on all cores: what every answer loses, and what is said of it."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat

import torch

from coursekit.behaviours import remembering
from coursekit.diagnosis import examine
from coursekit.ladders import ladder
from tests.bank.right import STYLES
from tests.solutions import asking, run


@dataclass(frozen=True)
class Judged:
    """The behaviours that an answer loses, and for each that has any the misconceptions that are said of it."""

    lost: frozenset[str]
    named: tuple[tuple[str, ...], ...]


def judge_all(answers: Sequence[tuple[str, int | str]], seeds: Sequence[int]) -> list[list[Judged]]:
    """Judge and diagnose as a check cell and a hidden test do.

    Parameters
    ----------
    answers
        For each what the course calls it, and its source or its number among the right styles.
    seeds
        Draw the numbers of the ladders.

    Returns
    -------
    list of list of Judged
        For every seed, for every answer.
    """
    # Not forked: the test process has threads of torch.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        os.cpu_count(), mp_context=context, initializer=torch.set_num_threads, initargs=(1,)
    ) as pool:
        runs = [pool.map(_judge, answers, repeat(seed), chunksize=16) for seed in seeds]
        return [list(run) for run in runs]


def _judge(answer: tuple[str, int | str], seed: int) -> Judged:
    name, made = answer
    ask = remembering(asking(run(made)[name] if isinstance(made, str) else STYLES[made][1], unaided=True))
    findings = {rung.name: examine(name, rung, ask) for rung in ladder(name, seed)}
    lost = frozenset(rung for rung, finding in findings.items() if finding)
    return Judged(lost=lost, named=tuple(finding.named for finding in findings.values() if finding and finding.named))
