"""Imports that the grading processes share: made once, before they are forked, while the warm process gets ready."""

from __future__ import annotations

import gc
import warnings

from coursekit.grading.sandbox import warm

gc.disable()  # to look through all that is imported again and again takes a seventh of the time
warm.prepare()
# Python's fork server is told of the end of a child that it has not forked, and finds that odd.
warnings.filterwarnings("ignore", "forkserver: waitpid returned unexpected pid")

import nbgrader.apps.api  # noqa: E402, F401
import torch  # noqa: E402

import coursekit.grading.classroom.grading  # noqa: E402
import coursekit.grading.notebook.execute  # noqa: E402
import coursekit.grading.notebook.verdicts  # noqa: E402, F401
from coursekit.judging.subject import subject  # noqa: E402

torch.set_num_threads(1)
subject().warm_up()
subject().scenarios()
gc.collect()
gc.freeze()  # and later longer than what is graded meanwhile
gc.enable()
