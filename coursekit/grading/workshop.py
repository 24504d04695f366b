"""What the processes that grade share: imported once, before they are forked."""

from __future__ import annotations

import nbgrader.apps.api  # noqa: F401
import torch

import coursekit.grading.marking
import coursekit.grading.show
import coursekit.grading.verdicts
import coursekit.ladders  # noqa: F401
from coursekit.following import warm_up

torch.set_num_threads(1)
warm_up()
