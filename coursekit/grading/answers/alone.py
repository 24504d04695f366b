"""The page by itself: a small server on loopback that asks for a token."""

from __future__ import annotations

import asyncio
import hmac
import os
import secrets
import sys
import webbrowser

from tornado import web
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from coursekit.errors import GradingError
from coursekit.grading.answers.handlers import handlers
from coursekit.grading.answers.service import Service

LOOPBACK = "127.0.0.1"
_NAMES = (LOOPBACK, "localhost")  # under another one, somebody's page asks, who has it lead here


def serve(service: Service, *, port: int, browser: bool) -> None:
    """Serve the page until somebody presses Ctrl-C; print its address, and open it where there is a browser.

    Raises
    ------
    GradingError
        When there are no answers, or the port is taken.
    """
    service.questions()
    asyncio.run(_serve(service, port, browser=browser))


async def _serve(service: Service, port: int, *, browser: bool) -> None:
    try:
        sockets = bind_sockets(port, LOOPBACK)
    except OSError as error:
        raise GradingError(f"Port {port} cannot be had ({error.strerror}): name another one with --port.") from error
    token, port = secrets.token_urlsafe(32), sockets[0].getsockname()[1]
    HTTPServer(application(service, token, port)).add_sockets(sockets)
    address = f"http://{LOOPBACK}:{port}/?token={token}"
    print(f"The answers in words: {address}\nCtrl-C ends this; what you have decided is in the gradebook.", flush=True)
    if browser and (sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        await asyncio.to_thread(webbrowser.open, address)
    await asyncio.Event().wait()


def application(service: Service, token: str, port: int) -> web.Application:
    """Make the server; who brings the token once is known by a cookie from then on."""
    return web.Application(
        handlers(_Alone, "/", service),
        default_handler_class=_Alone,
        token=token,
        cookie=f"coursekit-answers-{port}",  # cookies are those of a machine, whatever the port
        xsrf_cookies=True,
        xsrf_cookie_name=f"coursekit-xsrf-{port}",
        xsrf_cookie_kwargs={"httponly": True, "samesite": "Strict"},
    )


class _Alone(web.RequestHandler):
    def prepare(self) -> None:
        cookie = self.settings["cookie"]
        if self.request.host_name not in _NAMES:
            raise web.HTTPError(403)
        if self._is_token(self.get_query_argument("token", "")):
            self.set_cookie(cookie, self.settings["token"], httponly=True, samesite="Lax", expires_days=None)
            self.redirect(self.request.path)
        elif not self._is_token(self.get_cookie(cookie, "")):
            raise web.HTTPError(403, reason="Open the address that coursekit answers has printed, with its token")

    def get(self) -> None:
        raise web.HTTPError(404)

    def _is_token(self, given: str | None) -> bool:
        return hmac.compare_digest((given or "").encode(), self.settings["token"].encode())
