"""What happens to work when workers die: who takes them with it is found, and nobody else pays."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from coursekit.errors import GradingError
from coursekit.grading.classroom import workers
from coursekit.grading.classroom.workers import ATTEMPTS, Means, run_all

pytestmark = pytest.mark.slow


def deed(what: tuple[str, Path]) -> str:
    """Be what a job is called; the trace of each attempt is a byte in a file."""
    name, trace = what
    with trace.open("ab") as file:
        file.write(b".")
    if name == "dies":
        os._exit(1)
    if name == "fades":
        time.sleep(1)
        os._exit(1)
    if name == "poor" and trace.stat().st_size < ATTEMPTS:
        raise GradingError("no memory")
    if name == "short" and trace.stat().st_size < ATTEMPTS:
        raise OSError(errno.ENOMEM, "no memory")
    if name == "sleeps":
        time.sleep(3600)
    if name == "wrong":
        raise ValueError("a mistake of ours")
    return name


@pytest.fixture(autouse=True, scope="module")
def only_here() -> Iterator[None]:
    """End what workers are forked from, before and after: it has imported what others need."""
    workers.stop()
    yield
    workers.stop()


def results(names: list[str], folder: Path, patience: float = workers.STUCK) -> dict[str, object]:
    kept: dict[str, object] = {}
    jobs = ((name, (name.split("-", maxsplit=1)[0], folder / name)) for name in names)
    run_all(Means(jobs=2), deed, jobs, kept.__setitem__, preload=__name__, patience=patience)
    return kept


def test_a_job_that_takes_workers_with_it_costs_no_other(tmp_path):
    names = [f"good-{number}" for number in range(8)]
    kept = results([*names[:3], "dies-1", *names[3:6], "dies-2", *names[6:]], tmp_path)
    assert {name: kept[name] for name in names} == dict.fromkeys(names, "good")
    assert {str(kept[name]) for name in ("dies-1", "dies-2")} == {"the process that worked on it died, 3 times"}


def test_what_others_do_when_a_worker_dies_is_done_once(tmp_path):
    names = [f"good-{number}" for number in range(8)]
    kept = results([*names[:4], "fades-1", *names[4:]], tmp_path)
    assert {name: kept[name] for name in names} == dict.fromkeys(names, "good")
    assert {(tmp_path / name).read_bytes() for name in names} == {b"."}
    assert (tmp_path / "fades-1").read_bytes() == b"." * ATTEMPTS


def test_what_may_be_the_fault_of_another_is_tried_again_and_a_mistake_is_not(tmp_path):
    kept = results(["good-1", "poor-1", "short-1", "wrong-1"], tmp_path)
    assert (kept["poor-1"], kept["short-1"]) == ("poor", "short")
    assert isinstance(kept["wrong-1"], ValueError)
    assert (tmp_path / "wrong-1").read_bytes() == b"."


def test_a_job_that_never_ends_costs_no_other(tmp_path):
    kept = results(["good-1", "sleeps-1", "good-2", "good-3"], tmp_path, patience=1.0)
    assert [kept[name] for name in ("good-1", "good-2", "good-3")] == ["good"] * 3
    assert str(kept["sleeps-1"]) == "it was not done after 1 seconds, 3 times"
