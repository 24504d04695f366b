"""A class graded by the workers of a cluster, and one whose gradebook is in PostgreSQL, end like any other."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coursekit.grading.course import Course
from tests.grading.classroom import copied, grade, result, same, start

WAIT = 60  # seconds for a server to be there
SERVERS = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(there: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT
    while not there():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Run a Dask scheduler and two workers whose home is not ours; give its address, and the processes."""
    home = tmp_path / "elsewhere"
    home.mkdir()
    address = f"tcp://127.0.0.1:{free_port()}"
    processes: list[subprocess.Popen[bytes]] = []

    def run(*command: str) -> None:
        module = [sys.executable, "-m", "distributed.cli." + command[0], *command[1:], "--no-dashboard"]
        log = (home / f"{len(processes)}.log").open("wb")
        environment = {**os.environ, "HOME": str(home), "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "10s"}
        processes.append(subprocess.Popen(module, cwd=home, env=environment, stdout=log, stderr=log))
        log.close()

    run("dask_scheduler", "--host", address)
    for number in range(2):
        run("dask_worker", address, "--nthreads", "2", "--no-nanny", "--local-directory", str(home / str(number)))
    try:
        yield address, processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_a_cluster_grades_like_one_machine(fresh, tmp_path, undisturbed, cluster):
    course = copied(fresh, tmp_path)
    code, said = grade(course, f"--scheduler={cluster[0]}")
    assert code == 0, said
    assert same(result(course), undisturbed)
    logs = "".join(path.read_text() for path in (tmp_path / "elsewhere").glob("*.log"))
    assert str(course.root) not in logs


def test_a_worker_of_the_cluster_that_dies_costs_nobody_anything(fresh, tmp_path, undisturbed, cluster):
    course = copied(fresh, tmp_path)
    address, processes = cluster
    run = start(course, f"--scheduler={address}")
    graded = course.root / ".coursekit" / "graded"
    until(lambda: any(graded.rglob("??*/*")) or run.poll() is not None)
    processes[1].kill()
    out, err = run.communicate(timeout=300)
    assert run.returncode == 0, out + err
    assert same(result(course), undisturbed)


def test_a_cluster_that_goes_away_is_said_and_what_it_did_is_kept(fresh, tmp_path, undisturbed, cluster):
    course = copied(fresh, tmp_path)
    address, processes = cluster
    run = start(course, f"--scheduler={address}")
    graded = course.root / ".coursekit" / "graded"
    until(lambda: any(graded.rglob("??*/*")) or run.poll() is not None)
    for process in processes:
        process.kill()
    out, err = run.communicate(timeout=300)
    assert run.returncode == 1, out + err
    assert f"The Dask cluster at {address} is gone" in err
    assert "Traceback" not in err
    code, said = grade(course)
    assert code == 0, said
    assert same(result(course), undisturbed)


def test_where_no_scheduler_listens_it_is_said(fresh, tmp_path):
    code, said = grade(copied(fresh, tmp_path), f"--scheduler=tcp://127.0.0.1:{free_port()}")
    assert code == 1
    assert "There is no Dask scheduler at tcp://127.0.0.1" in said
    assert "Traceback" not in said


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """Run a PostgreSQL server; give the URL of an empty database."""
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

    run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "teacher")
    run("pg_ctl", "-D", f"{folder}/data", "-l", f"{folder}/log", "-w", "-o", listening, "start")
    try:
        run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "teacher", "grades")
        yield f"postgresql+psycopg://teacher@127.0.0.1:{port}/grades"
    finally:
        run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def test_a_gradebook_in_postgresql_is_filled_like_one_in_a_file(fresh, tmp_path, undisturbed, postgresql):
    course = copied(fresh, tmp_path)
    (course.root / "gradebook.db").unlink()
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(f'\nc.CourseDirectory.db_url = "{postgresql}"\n')
    course = Course(root=course.root)
    code, said = grade(course)
    assert code == 0, said
    assert same(result(course), undisturbed)
    assert not (course.root / "gradebook.db").exists()


def test_a_gradebook_server_that_is_away_is_said(fresh, tmp_path):
    course = copied(fresh, tmp_path)
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(f'\nc.CourseDirectory.db_url = "postgresql+psycopg://u:secret@127.0.0.1:{free_port()}/grades"\n')
    code, said = grade(course)
    assert code == 1
    assert "cannot be used" in said
    assert "secret" not in said
    assert "Traceback" not in said
