"""Commands of nbgrader, as a person types them but for the seconds in which Python imports it, and torch to grade.

Each runs in a process of its own, forked from one that has done so; this file run as a program is that one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Run = Callable[..., subprocess.CompletedProcess[str]]


@contextmanager
def forking() -> Iterator[Run]:
    """Return for the block what runs a command in a folder: `run(folder, "export", "--to=x.csv", VARIABLE="value")`."""
    with subprocess.Popen(
        [sys.executable, "-P", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:

        def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
            with tempfile.TemporaryDirectory() as place:
                files = [str(Path(place, name)) for name in ("out", "err")]
                order = {"folder": str(folder), "arguments": arguments, "environment": environment, "files": files}
                print(json.dumps(order), file=server.stdin, flush=True)
                code = int(server.stdout.readline())
                said = [Path(file).read_text(encoding="utf-8") for file in files]
            return subprocess.CompletedProcess(["nbgrader", *arguments], code, *said)

        yield run


def serve() -> None:
    """Fork a process for each line, which is an order; answer with its exit code."""
    from nbgrader.apps.nbgraderapp import main

    import coursekit.grading.exchange.collecting
    import coursekit.grading.nbgrader.preprocessors

    for line in sys.stdin:
        order = json.loads(line)
        if order["arguments"][0] == "autograde":
            import coursekit.grading.classroom.preload  # noqa: F401 - with a process that all of them fork workers from
        process = os.fork()
        if process == 0:
            settle(**order)
            sys.exit(main())
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def settle(folder: str, arguments: list[str], environment: dict[str, str], files: list[str]) -> None:
    """Make of this process what a shell would have started."""
    commands = str(Path(sys.executable).parent)
    os.environ.update({"PATH": os.pathsep.join([commands, os.environ["PATH"]]), **environment})
    os.chdir(folder)
    sys.argv = ["nbgrader", *arguments]
    sys.path.insert(0, folder)
    for stream, place in enumerate([os.devnull, *files]):
        handle = os.open(place, os.O_RDWR | os.O_CREAT)
        os.dup2(handle, stream)
        os.close(handle)


if __name__ == "__main__":
    serve()
