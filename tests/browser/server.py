"""A real Jupyter server with a home of its own, and nbgrader's exchange between its users."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

COURSE = "coursekit"
START = 120  # seconds that a server may take to be there
TOKEN = "a-token-for-the-tests"
COMMANDS = Path(sys.executable).parent
LAB_SETTINGS = {  # no question whether news may be fetched, and none is
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {"checkForUpdates": False, "fetchNews": "false"}
}


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with an account: a folder for all that is kept of settings, and the folder in which they work.

    What they start is run by `python`, and so are the kernels of their server.
    """

    python: Path
    home: Path
    folder: Path
    exchange: Path

    def settle(self) -> None:
        """Make the folders, and tell nbgrader of the course and where its exchange is."""
        for path in (self.folder, self.home / "config"):
            path.mkdir(parents=True, exist_ok=True)
        self.exchange.mkdir(exist_ok=True)
        self.exchange.chmod(0o777)  # nbgrader refuses an exchange that not everybody may write to
        (self.home / "config" / "nbgrader_config.py").write_text(
            "c = get_config()\n"
            f"c.CourseDirectory.course_id = {COURSE!r}\n"
            f"c.Exchange.root = {str(self.exchange)!r}\n"
            f"c.Exchange.cache = {str(self.home / 'cache' / 'nbgrader')!r}\n"
        )
        for name, values in LAB_SETTINGS.items():
            path = self.home / "config" / "lab" / "user-settings" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values))

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which nothing of this machine's settings counts."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("JUPYTER", "XDG_", "PYTEST", "COURSEKIT"))
        }
        places = {
            "JUPYTER_PATH": self.python.parent,
            "HOME": self.home,
            "IPYTHONDIR": self.home / "ipython",
            "JUPYTER_CONFIG_DIR": self.home / "config",
            "JUPYTER_DATA_DIR": self.home / "data",
            "JUPYTER_RUNTIME_DIR": self.home / "runtime",
            "XDG_CACHE_HOME": self.home / "cache",
            "XDG_CONFIG_HOME": self.home / "xdg",
            "XDG_DATA_HOME": self.home / "share",
            "XDG_STATE_HOME": self.home / "state",
        }
        path = os.pathsep.join([str(COMMANDS), os.environ["PATH"]])
        return {**kept, **{name: str(place) for name, place in places.items()}, "PATH": path}

    def nbgrader(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run an nbgrader command in this person's folder."""
        command = [self.python, "-m", "nbgrader", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=True, timeout=600
        )

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Run JupyterLab in the block, and give its address without a slash at the end."""
        command = [self.python, "-m", "jupyterlab", "--no-browser", "--allow-root"]
        command += ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={_free_port()}", f"--IdentityProvider.token={TOKEN}"]
        with (self.home / "server.log").open("wb") as log:
            server = subprocess.Popen(
                command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
            try:
                yield self._address(server)
            finally:
                _end(server)

    def _address(self, server: subprocess.Popen[bytes]) -> str:
        """Wait until the server answers; if its port was taken in the meantime, it has chosen another."""
        deadline = time.monotonic() + START
        while time.monotonic() < deadline and server.poll() is None:
            for about in (self.home / "runtime").glob("jpserver-*.json"):
                if text := about.read_text():
                    port = json.loads(text)["port"]
                    with socket.socket() as trial:
                        if trial.connect_ex(("127.0.0.1", port)) == 0:
                            return f"http://127.0.0.1:{port}"
            time.sleep(0.1)
        raise AssertionError(f"JupyterLab did not start:\n{(self.home / 'server.log').read_text()[-3000:]}")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def _end(server: subprocess.Popen[bytes]) -> None:
    """End a server with its kernels, kindly if it lets us."""
    try:
        started = psutil.Process(server.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        started = []
    server.terminate()
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    for process in started:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(started, timeout=10)
