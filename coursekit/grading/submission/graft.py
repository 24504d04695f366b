"""Put a student's cells into the released notebook: what is graded is ours in everything but the answers."""

from __future__ import annotations

import nbformat
from nbformat import NotebookNode

from coursekit.reading import grafting
from coursekit.reading.grafting import Oddity


def graft(submission: NotebookNode, release: NotebookNode) -> tuple[NotebookNode, tuple[Oddity, ...]]:
    """Make the notebook that is graded, and say what was odd; see `coursekit.reading.grafting.graft`."""
    cells, oddities = grafting.graft(submission.cells, release.cells)
    return nbformat.from_dict({**release, "cells": cells}), oddities


def definitions(notebook: NotebookNode) -> tuple[str, ...]:
    """List the sources of a grafted notebook that a student's definitions need."""
    return grafting.definitions(notebook.cells)
