"""The Jupyter kernel of a box: ipykernel in a process that was forked warm."""

from __future__ import annotations

import os
import socket
from typing import Any

import zmq
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from traitlets import default
from traitlets.config import Config

MAX_MESSAGE = 8 * 2**20  # bytes
PORTS = {"shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5}


def connection(folder: str, key: str) -> dict[str, str | int | bytes]:
    """Say where a kernel whose sockets are in `folder` is reached; every path is `folder/k-<port>`."""
    return {
        "transport": "ipc",
        "ip": os.path.join(folder, "k"),  # noqa: PTH118 - a prefix, not a file
        "key": key.encode(),
        "signature_scheme": "hmac-sha256",
        **PORTS,
    }


def serve(channel: socket.socket, folder: str, key: str) -> None:
    """Be a kernel until this process is ended; a byte on `channel` says that it listens."""
    settings = Config()
    for name, value in connection(folder, key).items():
        if name not in ("key", "signature_scheme"):
            settings.IPKernelApp[name] = value
    settings.IPKernelApp.connection_file = f"{folder}/kernel.json"
    settings.IPKernelApp.log_level = "ERROR"
    settings.Session.key = key.encode()
    settings.HistoryManager.enabled = False  # it would be a database on a disk
    app: Any = _Kernel.instance(config=settings)
    app.initialize([])
    channel.sendall(b"!")
    channel.close()
    app.start()


class _Kernel(IPKernelApp):
    """A kernel that loses nothing of what it shows, however slowly the grader takes it in."""

    def parse_command_line(self, argv: list[str] | None = None) -> None:
        """Do nothing: there is no command line, and to make what would read it takes its time."""

    @default("session")
    def _cutting(self) -> Session:
        return _CuttingSession(parent=self)

    def init_iopub(self, context: zmq.Context[Any]) -> None:
        """Open the channel of what is shown: messages wait without a limit of number, in the memory of the box."""
        context.setsockopt(zmq.SNDHWM, 0)
        super().init_iopub(context)  # type: ignore[no-untyped-call]


class _CuttingSession(Session):
    """Cuts what is too large to be sent, so that who prints a lot by accident is not cut off for it."""

    def serialize(self, msg: dict[str, Any], ident: list[bytes] | bytes | None = None) -> list[bytes]:
        """Write a message; the grader leaves out what is beyond its own limit, which is smaller, and says so."""
        parts = super().serialize(msg, ident)
        if sum(map(len, parts)) > MAX_MESSAGE:
            parts = super().serialize({**msg, "content": _cut(msg["content"])}, ident)
        return parts


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        return value[: MAX_MESSAGE // 8]
    if isinstance(value, list):
        return [_cut(each) for each in value]
    if isinstance(value, dict):
        return {key: _cut(each) for key, each in value.items()}
    return value
