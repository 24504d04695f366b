"""Several mistakes at once: every program of students is found wrong, and what is told of it with certainty is so."""

from collections import Counter
from fnmatch import fnmatch
from functools import cache

import pytest

from coursekit.judging.behaviours import Finding
from coursekit.student.checks import judge
from tests.bank.pairs import read
from tests.bank.phrases import NAMES, PHRASES
from tests.solutions import run

FOLDERS = ("pairs", "held_out")
PROGRAMS = {folder: read(folder) for folder in FOLDERS}
ALL = [program for programs in PROGRAMS.values() for program in programs]
# The least of what is told: mistakes, and programs of which all is told.
FEWEST = {"pairs": (0, 0), "held_out": (0, 0)}

each_program = pytest.mark.parametrize("program", ALL, ids=lambda program: f"{program.subject}, {program.title}")


@cache
def findings(program, without=()):
    """Judge a program as a check cell does."""
    verdicts = judge(run(program.source(without))[program.subject], program.subject)
    return {verdict.behaviour.name: verdict.finding for verdict in verdicts if verdict.finding}


def certain(finding: Finding) -> set[str]:
    """Name what is told as certain."""
    return set(finding.named) if len(finding.named) == 1 else set()


def means(mistake, name):
    """Tell whether the catalogue calls a mistake by this name."""
    return any(fnmatch(name, pattern) for pattern in NAMES.get(mistake, mistake).split())


@each_program
def test_a_program_with_several_mistakes_is_found_wrong_and_without_them_right(program):
    assert findings(program)
    assert findings(program, program.mistakes) == {}


@each_program
def test_each_mistake_of_a_program_is_one_by_itself(program):
    for mistake in program.mistakes:
        others = tuple(other for other in program.mistakes if other != mistake)
        assert findings(program, others), mistake


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_told_with_certainty_is_so_and_enough_is_told(folder):
    counts, misled = Counter(), []
    for program in PROGRAMS[folder]:
        told = set().union(*map(certain, findings(program).values()))
        found = {mistake for mistake in program.mistakes if any(means(mistake, name) for name in told)}
        wrong = {name for name in told if not any(means(mistake, name) for mistake in program.mistakes)}
        if wrong:
            misled.append((program.subject, program.title, wrong))
        for key, number in {
            "programs": 1,
            "mistakes": len(program.mistakes),
            "told": len(found),
            "fully told": len(found) == len(program.mistakes),
            "misled": bool(wrong),
        }.items():
            counts[program.subject, key] += number
    print(*table(counts), sep="\n")
    assert misled == []
    assert (total(counts, "told"), total(counts, "fully told")) >= FEWEST[folder]


def table(counts):
    """Write the counts of every exercise in a line."""
    for subject in dict.fromkeys(subject for subject, _ in counts):
        yield f"{subject}: " + ", ".join(f"{number} {key}" for (of, key), number in counts.items() if of == subject)


def total(counts, key):
    return sum(number for (_, of), number in counts.items() if of == key)


def test_every_mistake_has_a_phrase_and_every_phrase_a_program():
    assert {mistake for program in ALL for mistake in program.mistakes} == set(PHRASES)
    assert set(NAMES) <= set(PHRASES)
