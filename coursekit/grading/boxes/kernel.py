"""The Jupyter kernel of a box: ipykernel in a process that was forked warm."""

from __future__ import annotations

import os
import socket
from typing import Any

from ipykernel.kernelapp import IPKernelApp
from traitlets.config import Config

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
    settings.HistoryManager.hist_file = ":memory:"
    app: Any = IPKernelApp.instance(config=settings)
    app.initialize([])
    channel.sendall(b"!")
    channel.close()
    app.start()
