"""A course so small that to grade a class of it is to start and stop the grader: two functions to write, no torch."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from coursekit.authoring import building
from coursekit.grading.classroom.course import CONFIG, Course
from coursekit.judging.subject import subject

FOLDERS = subject().assignments[1]
RIGHT = {"01_double": "2 * number", "02_square": "number**2"}  # what a student is asked to return
GATE = "COURSEKIT_TEST_GATE"  # as long as there is the file that it names, the hidden tests of the second notebook wait
THE_END = "This is the end."

SCRIPT = """
# %% [markdown] lang="en"
# Write a function of $x$.

# %% [markdown] lang="fr"
# Écrivez une fonction de $x$.

# %% solution="{stem}"
def answer(number):
    ### BEGIN SOLUTION
    return {right}
    ### END SOLUTION

# %% check="{stem}_check" points=18
print(answer(7))

# %%
print("{the_end}")

# %% [markdown] lang="en" answer="{stem}_words" points=2
# It is.

# %% [markdown] lang="fr" answer="{stem}_words" points=2
# C'est ainsi.
"""

TESTS = '''
import os
import time
from pathlib import Path

import numpy as np
import pytest

from coursekit.judging.calls import Argument, CallScenario


def answer(student, number):
    while __name__.endswith("02_square") and Path(os.environ.get("{gate}", "")).is_file():
        time.sleep(0.02)
    argument = Argument(kind="number", value=np.array(float(number)))
    return student.run(CallScenario(arguments=(argument,)), "answer").rows[0][0]


@pytest.mark.cell("{stem}_check")
def test_zero(student):
    """Zero stays zero."""
    assert answer(student, 0) == 0


@pytest.mark.cell("{stem}_check")
def test_any(student):
    """Any number will do."""
    number = 7
    assert answer(student, number) == {right}
'''


BOTH = {name: (language, *RIGHT) for name, language in FOLDERS.items()}


def lay_out(repository: Course, folder: Path, assignments: Mapping[str, tuple[str, ...]] = BOTH) -> Course:
    """Write the course, with the settings of another one; the gradebook knows the first assignment.

    An assignment has a name, a language and the names of its notebooks.
    """
    hidden = folder / "tests" / "hidden"
    hidden.mkdir(parents=True)
    (folder / "solutions").mkdir()
    shutil.copy(repository.root / CONFIG, folder)
    for stem, right in RIGHT.items():
        script = folder / "solutions" / f"{stem}.py"
        script.write_text(SCRIPT.lstrip().format(stem=stem, right=right, the_end=THE_END), encoding="utf-8")
        (hidden / f"test_{stem}.py").write_text(TESTS.format(stem=stem, right=right, gate=GATE))
        for name, (language, *stems) in assignments.items():
            if stem in stems:
                building.write(building.build(script, language), building.target(script, name))
    course = Course(root=folder)
    course.register(next(iter(assignments)))
    return course
