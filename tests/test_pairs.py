"""Several mistakes at once: each program is found wrong, and what is told of it with certainty is so.

All programs are judged and told of. That the bank itself is as it says, each mistake of a program by itself, is tried
with every fourth program; `COURSEKIT_BANK=all` tries it with all.
"""

from dataclasses import astuple
from fnmatch import fnmatch
from functools import lru_cache

import pytest

from coursekit.judging.behaviours import remembering
from coursekit.judging.trajectories import agree
from coursekit.optimizers.crashes import explain_crash
from coursekit.optimizers.ladders import ladder
from coursekit.student import checks
from tests.bank.pairs import read
from tests.bank.phrases import NAMES, PHRASES
from tests.solutions import asking, defined, thinned

PROGRAMS = {folder: read(folder) for folder in ("pairs", "held_out")}
ALL = [program for programs in PROGRAMS.values() for program in programs]
TRIED = thinned(ALL, 4)
# What is told, by folder and file: mistakes, and programs of which all is told.
TOLD = {
    "held_out": {
        "adagrad": (5, 2),
        "adam": (11, 5),
        "adamw": (14, 6),
        "beyond": (29, 12),
        "crashes": (4, 4),
        "functions": (7, 4),
        "later": (39, 17),
        "plateau": (11, 5),
        "practical": (39, 25),
        "rmsprop": (8, 3),
        "sgd": (4, 2),
    },
    "pairs": {
        "adagrad": (26, 13),
        "adam": (78, 35),
        "adamw": (77, 34),
        "crashes": (34, 32),
        "functions": (46, 34),
        "later_functions": (30, 13),
        "later_optimizers": (78, 32),
        "later_schedulers": (25, 10),
        "matrices": (44, 22),
        "momentum": (44, 22),
        "plateau": (74, 33),
        "practical": (95, 56),
        "race": (50, 25),
        "rmsprop": (50, 23),
        "schedules": (41, 20),
        "sgd": (26, 13),
        "stability": (45, 22),
        "strangers": (69, 30),
        "testing": (38, 18),
    },
}


@lru_cache(10)
def asked(program, without):
    """Return what puts scenarios to a program without some of its mistakes, each once."""
    return remembering(asking(defined(program.source(without))[program.subject]))


def lost(program, without):
    """Name the behaviours that it lacks, one after the other as they are found."""
    ask = asked(program, frozenset(without))
    return (behaviour.name for behaviour in ladder(program.subject) if behaviour.judge(ask))


def changes(program, mistake):
    """Tell whether any numbers of a program are others without a mistake."""
    ask, ask_other = asked(program, frozenset()), asked(program, frozenset({mistake}))
    scenarios = (trial.scenario for behaviour in ladder(program.subject) for trial in behaviour.trials)
    return any(differ(ask(scenario), ask_other(scenario)) for scenario in scenarios)


def differ(one, other):
    ends = [
        (each.failure and (each.failure.kind, each.failure.row), each.faults, len(each.rows)) for each in (one, other)
    ]
    return ends[0] != ends[1] or not agree(one, other)


def told(program):
    """List what a check cell tells with certainty: mistakes by name, faults, and why something was raised."""
    verdicts = checks.judge(defined(program.source())[program.subject], program.subject)
    return {name for verdict in verdicts if verdict.finding for name in said(verdict.finding)}


def said(finding):
    yield from (mistake.name for mistake in finding.named.certain)
    if finding.kind == "fault":
        yield ":".join(["fault", *filter(None, astuple(finding.fault))])
    elif finding.kind == "accepted":
        yield f"accepted:{finding.trial}"
    elif finding.failure and finding.failure.is_leftover:
        yield "leftover"
    elif cause := explain_crash(finding, str.format):
        yield f"raised:{cause[0]}"


def means(mistake, name):
    """Tell whether the catalogue calls a mistake by this name."""
    return any(fnmatch(name, pattern) for pattern in [mistake, *NAMES.get(mistake, "").split()])


@pytest.mark.slow
@pytest.mark.parametrize("program", TRIED, ids=lambda program: program.name)
def test_each_mistake_of_a_program_costs_something_and_changes_numbers_and_there_is_no_other(program):
    assert any(lost(program, ()))
    assert list(lost(program, program.mistakes)) == []
    for mistake in program.mistakes:
        assert any(lost(program, {*program.mistakes} - {mistake})), mistake
        is_test = program.subject.startswith("test_")  # which has no numbers of its own
        assert is_test or changes(program, mistake), mistake


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "file"), [(folder, file) for folder, files in TOLD.items() for file in files])
def test_what_is_told_with_certainty_is_so_and_enough_is_told(folder, file):
    programs = [program for program in PROGRAMS[folder] if program.file == file]
    mistakes, fully, misled = 0, 0, {}
    for program in programs:
        names = told(program)
        found = [mistake for mistake in program.mistakes if any(means(mistake, name) for name in names)]
        mistakes, fully = mistakes + len(found), fully + (len(found) == len(program.mistakes))
        if false := [name for name in names if not any(means(mistake, name) for mistake in program.mistakes)]:
            misled[program.name] = false
    print(f"{len(programs)} programs, {sum(len(program.mistakes) for program in programs)} mistakes")
    assert misled == {}
    assert (mistakes, fully) == TOLD[folder][file]


def test_every_file_of_programs_is_tried():
    assert {(program.file, folder) for folder, programs in PROGRAMS.items() for program in programs} == {
        (file, folder) for folder, files in TOLD.items() for file in files
    }


def test_every_mistake_has_a_phrase_and_every_phrase_a_program():
    assert {mistake for program in ALL for mistake in program.mistakes} == set(PHRASES)
    assert set(NAMES) <= set(PHRASES)
