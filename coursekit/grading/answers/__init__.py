"""The page on which persons read the answers in words: one question at a time, across the whole class."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: ServerApp) -> None:
    """Serve the page under `answers/`, with JupyterLab's own login, where that runs in the folder of a course."""
    from coursekit.grading.answers.handlers import InJupyter, handlers
    from coursekit.grading.answers.service import Service
    from coursekit.grading.classroom.course import CONFIG, Course

    root = Path(server.root_dir)
    if (root / CONFIG).is_file():
        prefix = f"{server.base_url}answers/"
        application: Any = server.web_app
        application.add_handlers(".*$", handlers(InJupyter, prefix, Service(Course(root=root))))
