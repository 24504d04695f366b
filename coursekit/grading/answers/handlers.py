"""The page and what it asks for, over HTTP: the same alone and in a Jupyter server, which differ in who may come in."""

from __future__ import annotations

import asyncio
import html
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
from jupyter_server.base.handlers import JupyterHandler
from sqlalchemy.exc import OperationalError
from tornado import web

from coursekit.errors import CourseError
from coursekit.grading.answers.service import Change, Service
from coursekit.grading.notebook.pages import style_sheet

HEADERS = {  # nothing runs, loads or is sent but what the page itself brings
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
BUSY = "The gradebook does not answer, as it may while a class is graded. Nothing was saved; try again."
_FILES = Path(str(resources.files(__package__) / "page"))
_KINDS = {".css": "text/css", ".js": "text/javascript"}


class Decisions(msgspec.Struct, frozen=True, kw_only=True):
    """The page's message: what a person decided about answers to a question."""

    question: str
    changes: list[Change]


def handlers(base: type[web.RequestHandler], prefix: str, service: Service) -> list[tuple[str, Any, dict[str, Any]]]:
    """List the handlers of the page.

    Parameters
    ----------
    base
        A handler that lets in nobody who may not see the answers.
    prefix
        The path of the page, which ends in a slash.
    service
        The service behind the page.
    """
    pages = {"": _Page, r"([a-z]+\.(?:css|js))": _File, "questions": _Questions, "answers": _Answers, "texts": _Texts}
    pages["decisions"] = _Decisions
    about = {"service": service, "thread": ThreadPoolExecutor(1)}
    return [(prefix + path, type(page.__name__, (page, base), {}), about) for path, page in pages.items()]


class InJupyter(JupyterHandler):
    """Lets in whom the Jupyter server lets in."""

    async def prepare(self) -> None:  # type: ignore[override]  # as of its parent
        """Send whoever is not logged in to the login, or away."""
        await super().prepare()
        web.authenticated(lambda _: None)(self)


class _Handler(web.RequestHandler):
    def initialize(self, service: Service, thread: Executor) -> None:
        self._service = service
        self._thread = thread

    def set_default_headers(self) -> None:
        super().set_default_headers()
        for name, value in HEADERS.items():
            self.set_header(name, value)

    async def _tell(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Send what a function of the service returns; one may take its time, in a thread, while others wait."""
        try:
            told = await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)
        except (CourseError, OperationalError) as error:
            self.set_status(409)
            told = {"message": BUSY if isinstance(error, OperationalError) else str(error)}
        self.set_header("Content-Type", "application/json")
        self.write(msgspec.json.encode(told))


class _Page(_Handler):
    def get(self) -> None:
        page = (_FILES / "index.html").read_text(encoding="utf-8")
        self.write(page.replace("{{ xsrf }}", html.escape(self.xsrf_token.decode())))


class _File(_Handler):
    def get(self, name: str) -> None:
        path = _FILES / name
        if not path.is_file():
            raise web.HTTPError(404)
        self.set_header("Content-Type", f"{_KINDS[path.suffix]}; charset=utf-8")
        if path.suffix == ".css":
            self.write(style_sheet())
        self.write(path.read_text(encoding="utf-8"))


class _Questions(_Handler):
    async def get(self) -> None:
        await self._tell(self._service.questions)


class _Answers(_Handler):
    async def get(self) -> None:
        await self._tell(self._service.answers, self.get_query_argument("question"))


class _Texts(_Handler):
    async def get(self) -> None:
        await self._tell(self._service.texts, self.get_query_argument("question"), self.get_query_arguments("id"))


class _Decisions(_Handler):
    async def post(self) -> None:
        try:
            decided = msgspec.json.decode(self.request.body, type=Decisions)
        except msgspec.MsgspecError as error:
            raise web.HTTPError(400) from error
        await self._tell(self._service.decide, decided.question, decided.changes)
