"""A class graded by the workers of a cluster, and one whose gradebook is in PostgreSQL, end like any other."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from coursekit.grading.classroom.course import CONFIG, Course
from tests.grading.classes import await_traces, copied, ended, grade, grade_here, kept, result, same, start
from tests.grading.tiny import GATE

SERVERS = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)

pytestmark = [pytest.mark.slow, pytest.mark.server]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A Dask scheduler and workers whose home is not ours; where the file `gate` is, they stop at it in their work."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.gate = home / "gate"
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def run(self, *workers: str) -> None:
        """Let the scheduler and the workers of these names run; those that do already go on."""
        self._start("scheduler", "dask_scheduler", f"--host={self.address}")
        for name in workers:
            self._start(name, "dask_worker", self.address, "--nthreads=1", "--no-nanny", f"--name={name}")

    def kill(self, *names: str) -> None:
        for name in names or tuple(self._processes):
            process = self._processes.pop(name)
            process.kill()
            process.wait()

    def logs(self) -> str:
        return "".join(path.read_text() for path in self.home.glob("*.log"))

    def _start(self, name: str, module: str, *arguments: str) -> None:
        if name not in self._processes:
            command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"]
            patience = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "60s"}
            environment = {**os.environ, **patience, "HOME": str(self.home), GATE: str(self.gate)}
            with (self.home / f"{name}.log").open("ab") as log:
                self._processes[name] = subprocess.Popen(
                    command, cwd=self.home, env=environment, stdout=log, stderr=log
                )


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Return a cluster; a test has started what it needs of it, and may end it."""
    made = Cluster(tmp_path_factory.mktemp("elsewhere"))
    try:
        yield made
    finally:
        made.kill()


def test_a_cluster_grades_like_one_machine(full, tmp_path, cluster):
    cluster.run("ada", "ben")
    course = copied(full.fresh, tmp_path)
    code, said = grade(course, f"--scheduler={cluster.address}")
    assert code == 0, said
    assert same(result(course), full.undisturbed)
    assert str(course.root) not in cluster.logs()


def test_a_worker_of_the_cluster_that_dies_costs_nobody_anything(small, tmp_path, cluster):
    cluster.run("ada", "ben")
    cluster.gate.touch()
    course = copied(small.fresh, tmp_path)
    run = start(course, f"--scheduler={cluster.address}")
    await_traces(course, 1, run)
    cluster.kill("ben")
    cluster.gate.unlink()
    code, said = ended(run)
    assert code == 0, said
    assert same(result(course), small.undisturbed)


def test_a_cluster_that_goes_away_is_said_and_what_it_did_is_kept(small, tmp_path, cluster):
    cluster.run("ada")
    cluster.gate.touch()
    course = copied(small.fresh, tmp_path)
    run = start(course, f"--scheduler={cluster.address}")
    await_traces(course, 1, run)
    cluster.kill()
    cluster.gate.unlink()
    code, said = ended(run)
    assert code == 1, said
    assert f"The Dask cluster at {cluster.address} is gone" in said
    assert "Traceback" not in said
    assert kept(course)
    assert kept(course).items() <= kept(Course(root=small.finished)).items()


def test_where_no_scheduler_listens_it_is_said(small, tmp_path):
    code, said = grade(copied(small.fresh, tmp_path), f"--scheduler=tcp://127.0.0.1:{free_port()}")
    assert code == 1
    assert "There is no Dask scheduler at tcp://127.0.0.1" in said
    assert "Traceback" not in said


@pytest.fixture
def postgresql() -> Iterator[str]:
    """Run a PostgreSQL server; return the URL of an empty database."""
    if SERVERS is None:
        pytest.skip("PostgreSQL is not installed")
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    become = ["runuser", "-u", user, "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    shutil.chown(folder, user)
    port = free_port()
    listening = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"

    def run(program: str, *arguments: str) -> None:
        command = [*become, str(SERVERS / program), *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "teacher", "--no-sync")
    run("pg_ctl", "-D", f"{folder}/data", "-l", f"{folder}/log", "-w", "-t", "600", "-o", listening, "start")
    try:
        run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "teacher", "grades")
        yield f"postgresql+psycopg://teacher@127.0.0.1:{port}/grades"
    finally:
        run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def with_gradebook_at(url: str, course: Course) -> Course:
    (course.root / "gradebook.db").unlink()
    with (course.root / CONFIG).open("a") as config:
        config.write(f'\nc.CourseDirectory.db_url = "{url}"\n')
    return Course(root=course.root)


def test_a_gradebook_in_postgresql_is_filled_like_one_in_a_file(small, tmp_path, postgresql):
    course = with_gradebook_at(postgresql, small.judged(tmp_path))
    code, said = grade_here(course)
    assert code == 0, said
    assert same(result(course), small.undisturbed)
    assert not (course.root / "gradebook.db").exists()


def test_a_gradebook_server_that_is_away_is_said(small, tmp_path):
    away = f"postgresql+psycopg://u:secret@127.0.0.1:{free_port()}/grades"
    code, said = grade_here(with_gradebook_at(away, copied(small.fresh, tmp_path)))
    assert code == 1
    assert "cannot be used" in said
    assert "secret" not in said
    assert "Traceback" not in said
