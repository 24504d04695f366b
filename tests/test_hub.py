"""A class on the hub of `deploy/`: handed out, fetched, handed in, collected, graded, and given back.

The hub wants root, accounts of the system, and folders under /srv. It gets them in a room of bubblewrap's, with
accounts, folders and processes of its own. When the room ends, all in it ends, and this machine never had the accounts.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
import websocket

from coursekit.grading.classroom.course import Course
from coursekit.grading.sandbox.sandbox import python_folders
from tests.grading.conftest import ASSIGNMENT, solution
from tests.solutions import ROOT

pytestmark = [pytest.mark.server, pytest.mark.slow]
ACCOUNTS = {"grader": 61001, "instructor": 61002, "anna": 61003, "ben": 61004}
PROXY = "configurable-http-proxy@5.1.0"
WAIT = 120  # seconds for anything
MOUNT = "mount -t proc proc /proc"  # bubblewrap's own lacks a part, and the grader's boxes could not have theirs
SCOPES = ["admin:users", "admin:servers", "tokens"]  # of the test: to make accounts known, and to get their tokens

CONFIG = """
load_subconfig("/srv/hub/jupyterhub_config.py")
c.JupyterHub.authenticator_class = "null"
c.JupyterHub.bind_url = "http://127.0.0.1:{ports[0]}"
c.JupyterHub.hub_port = {ports[1]}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{ports[2]}"
c.ConfigurableHTTPProxy.command = {proxy}
c.JupyterHub.services[0]["url"] = "http://127.0.0.1:{ports[3]}"
c.JupyterHub.services.append({{"name": "test", "api_token": "{token}"}})
c.JupyterHub.load_roles.append({{"name": "test", "services": ["test"], "scopes": {scopes}}})
"""

GRADE = f"""
import subprocess
line = "env -u FORCE_COLOR coursekit grade {ASSIGNMENT} $(coursekit doctor >/dev/null 2>&1 || echo --no-sandbox)"
run = subprocess.run(line, shell=True, capture_output=True, text=True)
assert run.returncode == 0, run.stdout + run.stderr
print(run.stdout)
"""

READ = """
import json, os
def readable(path):
    try:
        os.listdir(path) if os.path.isdir(path) else open(path, "rb").close()
    except PermissionError:
        return False
    return True
print(json.dumps([path for path in {paths} if readable(path)]))
"""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with a token of the hub's, at one of its servers."""

    address: str
    server: str
    token: str

    def ask(self, method: str, path: str, **data: object) -> requests.Response:
        """Ask the own server, or another where the path begins with `/`."""
        path = path if path.startswith("/") else self.server + path
        headers = {"Authorization": f"token {self.token}"}
        return requests.request(method, self.address + path, json=data, headers=headers, timeout=WAIT)

    def press(self, path: str, **data: object) -> Any:
        """Press one of nbgrader's buttons; give what it answers."""
        answer = self.ask("POST", path, **data)
        assert answer.ok, answer.text
        said = answer.json()
        assert isinstance(said, list) or said["success"], said
        return said

    def run(self, code: str) -> str:
        """Run code in a kernel of the server; give what it prints."""
        kernel = self.ask("POST", "api/kernels").json()["id"]
        header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "session": "test", "username": "test"}
        request = {"header": header, "parent_header": {}, "metadata": {}, "content": {"code": code}, "channel": "shell"}
        address = self.address.replace("http", "ws", 1) + f"{self.server}api/kernels/{kernel}/channels"
        channels = websocket.create_connection(address, header=[f"Authorization: token {self.token}"], timeout=WAIT)
        printed = ""
        try:
            channels.send(json.dumps(request))
            while True:
                message = json.loads(channels.recv())
                if message["parent_header"].get("msg_id") != header["msg_id"]:
                    continue
                content = message["content"]
                assert message["msg_type"] != "error", "\n".join(content["traceback"])
                printed += content.get("text", "") if message["msg_type"] == "stream" else ""
                if content.get("execution_state") == "idle":
                    return printed
        finally:
            channels.close()
            self.ask("DELETE", f"api/kernels/{kernel}")


@dataclass(frozen=True, kw_only=True)
class Hub:
    """The hub that runs, and where its folders are on this machine."""

    address: str
    token: str
    machine: Path

    @property
    def log(self) -> Path:
        return self.machine / "log"

    @property
    def course(self) -> Course:
        return Course(root=self.machine / "srv" / "coursekit")

    def desk(self, student: str) -> Path:
        """Return the folder in which a student works."""
        return self.machine / "home" / student / ASSIGNMENT

    def api(self, method: str, path: str) -> requests.Response:
        headers = {"Authorization": f"token {self.token}"}
        return requests.request(method, f"{self.address}/hub/api/{path}", headers=headers, timeout=WAIT)

    def person(self, name: str, server: str) -> Person:
        """Let somebody in; where the server is their own, it starts now."""
        token = self.api("POST", f"users/{name}/tokens").json()["token"]
        person = Person(address=self.address, server=f"/{server}/", token=token)
        if server.startswith("user/"):
            assert person.ask("POST", f"/hub/api/users/{name}/server").ok
        return person


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """Who took part in it, what was fetched, and what `coursekit grade` printed."""

    hub: Hub
    instructor: Person
    anna: Person
    ben: Person
    fetched: dict[str, list[str]]
    grading: str


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the command of the hub's proxy, which is a program for Node."""
    node, npm = shutil.which("node"), shutil.which("npm")
    found = shutil.which("configurable-http-proxy")
    if node is None:
        pytest.skip("Node is not installed")
    if found is None and npm is not None:
        folder = tmp_path_factory.mktemp("proxy")
        install = [npm, "install", "--prefix", str(folder), PROXY]
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(install, capture_output=True, timeout=WAIT, check=False)
        found = shutil.which("configurable-http-proxy", path=folder / "node_modules" / ".bin")
    if found is None:
        pytest.skip("configurable-http-proxy is not installed, and npm cannot install it")
    return [str(Path(node).resolve()), str(Path(found).resolve())]


@pytest.fixture(scope="module")
def hub(proxy: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    if os.geteuid() != 0:
        pytest.skip("nbgrader knows a student by the account, and only root can start servers for several")
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed")
    machine = tmp_path_factory.mktemp("machine")
    lay_out(machine)
    ports, token = free_ports(4), secrets.token_hex()
    config = CONFIG.format(token=token, ports=ports, proxy=proxy, scopes=SCOPES)
    (machine / "state" / "test_config.py").write_text(config)
    begin = [*room(machine, proxy), "sh", "-c"]
    if subprocess.run([*begin, MOUNT], check=False).returncode:
        pytest.skip("bubblewrap cannot build a machine for the hub on this one")
    start = f"{MOUNT} && exec jupyterhub -f /var/lib/jupyterhub/test_config.py"
    with (machine / "log").open("wb") as log:
        process = subprocess.Popen([*begin, start], stdout=log, stderr=log)
    address = f"http://127.0.0.1:{ports[0]}"
    hub = Hub(address=address, token=token, machine=machine)
    try:
        until(lambda: process.poll() is None and answers(f"{address}/hub/api/"), hub.log)
        for name in ACCOUNTS:
            hub.api("POST", f"users/{name}")
        yield hub
    finally:
        process.kill()
        process.wait()
        until(lambda: not still_at_work(), hub.log)


@pytest.fixture(scope="module")
def lesson(hub: Hub) -> Lesson:
    """Hand the notebooks out, take two students' work in, grade it, and give it back."""
    instructor = hub.person("instructor", "services/coursekit")
    anna, ben = (hub.person(name, f"user/{name}") for name in ("anna", "ben"))
    for person in (instructor, anna, ben):
        until(lambda person=person: person.ask("GET", "api/status").ok, hub.log)
    button = f"formgrader/api/assignment/{ASSIGNMENT}"
    work = {"course_id": "coursekit", "assignment_id": ASSIGNMENT}
    instructor.press(f"{button}/release")
    for student in (anna, ben):
        student.press("assignments/fetch", **work)
    fetched = {name: sorted(path.name for path in hub.desk(name).iterdir()) for name in ("anna", "ben")}
    answer = anna.ask("PUT", f"api/contents/{ASSIGNMENT}/01_sgd.ipynb", type="notebook", content=solution("01_sgd", {}))
    assert answer.ok, answer.text
    for name in ("anna", "ben"):  # to grade all nine would take a minute
        for path in set(hub.desk(name).glob("*.ipynb")) - {hub.desk(name) / "01_sgd.ipynb"}:
            path.unlink()
    for student in (anna, ben):
        student.press("assignments/submit", **work)
    instructor.press(f"{button}/collect")
    grading = instructor.run(GRADE)
    instructor.press(f"{button}/release_feedback")
    anna.press("assignments/fetch_feedback", **work)
    return Lesson(hub=hub, instructor=instructor, anna=anna, ben=ben, fetched=fetched, grading=grading)


def lay_out(machine: Path) -> None:
    """Do what deploy/README.md says: accounts, the course, the exchange, the hub's own folders."""
    for name in ("srv", "home", "state"):
        (machine / name).mkdir()
    course = Course(root=ROOT).lay_out(machine / "srv" / "coursekit")
    course.register(ASSIGNMENT)
    (machine / "srv" / "exchange").mkdir()
    (machine / "srv" / "quick").mkdir()
    (machine / "srv" / "quick" / "rfc3987_syntax.py").write_text("raise ImportError")  # see `coursekit.grading`
    shutil.copytree(ROOT / "deploy", machine / "srv" / "hub")
    for name, line in {"passwd": "{0}:x:{1}:{1}::/home/{0}:/bin/bash\n", "group": "{0}:x:{1}:\n"}.items():
        lines = [line.format(*account) for account in ACCOUNTS.items()]
        (machine / name).write_text("".join(lines) + Path("/etc", name).read_text())  # the first of a name counts
    for name, number in ACCOUNTS.items():
        (machine / "home" / name).mkdir(mode=0o700)
        os.chown(machine / "home" / name, number, number)
    for path in [course.root, *course.root.rglob("*"), machine / "srv" / "exchange"]:
        os.chown(path, ACCOUNTS["grader"], ACCOUNTS["grader"])
    course.root.chmod(0o700)
    (machine / "srv" / "exchange").chmod(0o1777)
    (machine / "state").chmod(0o700)


def room(machine: Path, proxy: list[str]) -> list[str]:
    """Return what starts a command on a machine of its own: root's, with nothing but what the hub needs."""
    node, script = map(Path, proxy)
    readable = [*map(Path, python_folders()), ROOT, script.parents[2]]
    writable = {"/srv": machine / "srv", "/home": machine / "home", "/var/lib/jupyterhub": machine / "state"}
    above = {str(folder) for path in readable for folder in path.parents} - {"/"}
    path = ":".join([str(Path(sys.executable).parent), str(node.parent), "/usr/sbin", "/usr/bin", "/sbin", "/bin"])
    command = ["bwrap", "--unshare-pid", "--die-with-parent", "--cap-add", "ALL"]
    command += ["--clearenv", "--setenv", "PATH", path, "--setenv", "PYTHONPATH", "/srv/quick"]
    for folder in ("/bin", "/sbin", "/lib", "/lib64"):
        command += ["--symlink", f"usr{folder}", folder]
    for folder in [*sorted(above), "/proc", "/var", "/var/lib"]:
        command += ["--perms", "0755", "--dir", folder]
    command += ["--dev", "/dev"]
    for folder in ("/tmp", "/dev/shm"):
        command += ["--perms", "1777", "--tmpfs", folder]
    for folder in ["/usr", "/etc", *map(str, readable)]:
        command += ["--ro-bind", folder, folder]
    for name in ("passwd", "group"):
        command += ["--ro-bind", str(machine / name), f"/etc/{name}"]
    for inside, folder in writable.items():
        command += ["--bind", str(folder), inside]
    return [*command, "--chdir", "/var/lib/jupyterhub"]


def free_ports(number: int) -> list[int]:
    probes = [socket.socket() for _ in range(number)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def still_at_work() -> bool:
    owners = {process.info["uids"].real for process in psutil.process_iter(["uids"]) if process.info["uids"]}
    return bool(owners & set(ACCOUNTS.values()))


def answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=WAIT).ok
    except requests.ConnectionError:
        return False


def until(there: Callable[[], bool], log: Path) -> None:
    end = time.monotonic() + WAIT
    while not there():
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.5)


def test_students_fetch_what_the_instructor_releases(lesson):
    released = sorted(path.name for path in (lesson.hub.course.release / ASSIGNMENT).iterdir())
    assert lesson.fetched == {"anna": released, "ben": released}


def test_what_was_handed_in_is_graded(lesson):
    points = {student: scores["01_sgd"] for student, scores in lesson.hub.course.scores(ASSIGNMENT)}
    assert points == {"anna": 20.0, "ben": 0.0}, lesson.grading


def test_feedback_reaches_the_student_whose_it_is(lesson):
    (page,) = lesson.hub.desk("anna").glob("feedback/*/*.html")
    assert page.name == "01_sgd.html"
    assert page.read_bytes() == (lesson.hub.course.feedback / "anna" / ASSIGNMENT / page.name).read_bytes()
    assert not (lesson.hub.desk("ben") / "feedback").exists()


def test_a_student_reads_nothing_of_another_and_nothing_of_the_course(lesson):
    inbound = lesson.hub.machine / "srv" / "exchange" / "coursekit" / "inbound"
    assert any(path.name.startswith("ben+") for path in inbound.iterdir())
    hidden = [
        "/home/ben",
        f"/home/ben/{ASSIGNMENT}/01_sgd.ipynb",
        "/srv/exchange/coursekit/inbound",
        "/srv/exchange/coursekit/feedback",
        "/srv/coursekit",
        "/srv/coursekit/gradebook.db",
        "/srv/coursekit/tests/hidden/test_01_sgd.py",
        f"/srv/coursekit/submitted/ben/{ASSIGNMENT}/01_sgd.ipynb",
        "/var/lib/jupyterhub",
        "/var/lib/jupyterhub/cookie_secret",
    ]
    allowed = ["/home/anna", "/srv/exchange/coursekit/outbound"]
    assert json.loads(lesson.anna.run(READ.format(paths=allowed + hidden))) == allowed
    of_grader = [path for path in hidden if path.startswith("/srv/")]
    assert json.loads(lesson.instructor.run(READ.format(paths=hidden))) == of_grader


def test_a_student_cannot_put_another_exchange_in_the_place_of_the_course_s(lesson):
    move = "import pathlib\ntry: pathlib.Path('/srv/exchange/coursekit').rename('/srv/exchange/gone')"
    assert lesson.anna.run(f"{move}\nexcept PermissionError: print('no')") == "no\n"


def test_a_server_is_for_those_whose_it_is(lesson):
    ways = ["/user/anna/api/contents", "/user/ben/api/contents", "/services/coursekit/formgrader/manage_assignments"]
    opened = {
        name: [getattr(lesson, name).ask("GET", way).status_code == 200 for way in ways]
        for name in ("anna", "ben", "instructor")
    }
    assert opened == {"anna": [True, False, False], "ben": [False, True, False], "instructor": [False, False, True]}


def test_a_student_has_the_list_of_assignments_and_no_formgrader(lesson):
    (entry, *_) = lesson.ben.ask("GET", "assignments?course_id=coursekit").json()["value"]
    assert (entry["assignment_id"], entry["status"]) == (ASSIGNMENT, "fetched")
    assert lesson.ben.ask("GET", "formgrader/manage_assignments").status_code == 404
    assert "@jupyter/nbgrader:formgrader" in disabled(lesson.ben)
    assert "@jupyter/nbgrader:assignment-list" not in disabled(lesson.ben)
    assert "@jupyter/nbgrader:formgrader" not in disabled(lesson.instructor)


def disabled(person: Person) -> list[str]:
    """List what a page of JupyterLab leaves out."""
    page = person.ask("GET", "lab").text
    found = re.search(r'<script id="jupyter-config-data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found, page
    return json.loads(found[1])["disabledExtensions"]


def test_nobody_can_listen_to_a_kernel_at_a_port(lesson):
    code = "import json, ipykernel; print(json.load(open(ipykernel.get_connection_file()))['transport'])"
    assert lesson.anna.run(code) == "ipc\n"
