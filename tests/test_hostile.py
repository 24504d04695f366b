"""Attacks on the grader, as a class of students who mean harm and two who do not.

Every sixth attack of the bank is tried here, by turns as root and as a user without rights, and by both every one on
the page, which is then opened in a browser; `COURSEKIT_ATTACKS=all` tries them all as both, and a theme or a part of a
name instead of `all` those alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat import NotebookNode

from coursekit.grading.course import Course
from coursekit.grading.sample import TIMESTAMP
from tests.bank.hostility import Attack, attacks, build
from tests.strangers import PLAIN, ROOT, Listener, lying_about, run_as, spellings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there is no sandbox")

SECRET = "planted-Zwetschgenkuchen40817"  # with a word that those look for who search memory
SEED = 50317264
USERS = ["root", "plain"] if os.geteuid() == 0 else ["plain"]
WANTED = os.environ.get("COURSEKIT_ATTACKS", "")


def is_tried(attack: Attack, number: int, position: int) -> bool:
    if WANTED:
        return WANTED in ("all", attack.theme) or WANTED in attack.name
    return attack.browser or number % (6 * len(USERS)) == 6 * position


TRIED = {
    user: [attack for number, attack in enumerate(attacks()) if is_tried(attack, number, position)]
    for position, user in enumerate(USERS)
}
JOBS = 8 if WANTED else 4  # most of them sleep
EACH = [pytest.param(user, n, id=f"{user}-{attack.name}") for user in USERS for n, attack in enumerate(TRIED[user])]
ON_THE_PAGE = [each for each in EACH if TRIED[each.values[0]][each.values[1]].browser]
HARMFUL = r"""() => {
    const kinds = "a, area, form, iframe, object, embed, base, meta[http-equiv=refresh i]";
    const runs = (link) => /^\s*(javascript|vbscript|data):/i.test(link.getAttribute("href") || "");
    return [...document.querySelectorAll(kinds)].filter((each) => !each.matches("a, area") || runs(each))
        .map((each) => each.outerHTML.slice(0, 200));
}"""
IN_SIGHT = """() => {
    const heading = document.querySelector(".panel-heading h4, h4, h1");
    const place = heading.getBoundingClientRect();
    const top = document.elementFromPoint(place.left + 5, place.top + place.height / 2);
    return heading.contains(top) && getComputedStyle(heading).visibility === "visible";
}"""
NEIGHBOURS = ("a.neighbour", "z.neighbour")


@dataclass(frozen=True, kw_only=True)
class Graded:
    """What came of grading the class."""

    tried: list[Attack]
    course: Course
    home: Path
    run: subprocess.CompletedProcess[str]
    heard: list[str]
    before: dict[str, str]
    after: dict[str, str]
    left: list[str]


@pytest.fixture(params=USERS)
def graded(request: pytest.FixtureRequest, classes: Callable[[str], Graded]) -> Graded:
    """Give the class that was graded as root, or as a user without rights."""
    return classes(request.param)


@pytest.fixture(scope="module")
def classes() -> Iterator[Callable[[str], Graded]]:
    """Give a function that grades the class of a user, once."""
    with contextlib.ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(grading(name)))


@contextlib.contextmanager
def grading(by: str) -> Iterator[Graded]:
    tried = TRIED[by]
    user = 0 if by == "root" else (PLAIN if os.geteuid() == 0 else os.geteuid())
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))  # pytest's own are for its user alone
    folder.chmod(0o755)
    home = folder / "home"
    (home / ".ssh").mkdir(parents=True)
    for place in (home / "secret.txt", home / ".ssh" / "id_ed25519"):
        place.write_text(SECRET)
    course = Course(root=ROOT).lay_out(folder / "course")
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text().replace("20261001", str(SEED)) + f"\n# {SECRET}\n")
    for test in (course.root / "tests" / "hidden").glob("*.py"):
        test.write_text(f"{test.read_text()}\n# {SECRET}\n")
    course.register("optimizers")  # some aim at the gradebook, so it is there
    listener = Listener(SECRET)
    with listener.listening(), lying_about(SECRET):
        names = {
            "course": str(course.root),
            "home": str(home),
            "python": sysconfig.get_path("purelib"),
            "neighbour": NEIGHBOURS[1],
            "port": str(listener.port),
            "udp": str(listener.udp),
        }
        for number, attack in enumerate(tried):
            build(attack, course.submitted / student(number) / "optimizers", names)
        for name in NEIGHBOURS:
            hand_in_honest_work(course.submitted / name / "optimizers")
        if user != os.geteuid():
            subprocess.run(["chown", "-Rh", str(user), folder], check=True)
        before = fingerprints(course, home)
        environment = {
            **os.environ,
            "HOME": str(home),
            "COURSEKIT_SECRET": SECRET,
            "XDG_CACHE_HOME": str(folder / "cache"),
        }
        command = [
            str(Path(sys.executable).with_name("coursekit")),
            "grade",
            "--course",
            str(course.root),
            f"--jobs={JOBS}",
        ]
        run = run_as(user, command, env=environment, timeout=3000, cwd=home)
        after = fingerprints(course, home)
    yield Graded(
        tried=tried,
        course=course,
        home=home,
        run=run,
        heard=listener.heard,
        before=before,
        after=after,
        left=strangers_at_work(),
    )
    shutil.rmtree(folder, ignore_errors=True)


def student(number: int) -> str:
    return f"h{number:03d}"


def hand_in_honest_work(folder: Path) -> None:
    folder.mkdir(parents=True)
    notebook = nbformat.read(ROOT / "solutions" / "optimizers" / "01_sgd.ipynb", as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(f"# {SECRET}"))
    nbformat.write(notebook, folder / "01_sgd.ipynb")
    (folder / "timestamp.txt").write_text(TIMESTAMP)


def fingerprints(course: Course, home: Path) -> dict[str, str]:
    """Name what nobody's code may change: the course, the home, what was handed in, and what Python starts with."""
    places = [course.root / name for name in ("solutions", "notebooks", "tests", "submitted", "nbgrader_config.py")]
    site = Path(sysconfig.get_path("purelib"))
    files = [path for place in (*places, home) for path in (below(place) if place.is_dir() else [place])]
    files += [*site.glob("*.pth"), *site.glob("sitecustomize*"), *site.glob("usercustomize*")]
    files += (ROOT / "coursekit").rglob("*.py")
    return {str(path): digest(path) for path in files if ".cache" not in path.parts and path.is_file()}


def below(place: Path) -> list[Path]:
    """List what is in a folder, as deep as a path can be long."""
    return [Path(folder, name) for folder, _, names in os.walk(place) for name in names if len(folder) < 3000]


def digest(path: Path) -> str:
    if path.is_symlink() or path.stat().st_size > 2**24 or path.stat().st_nlink > 1:  # perhaps the gradebook's own
        return "not read"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def strangers_at_work() -> list[str]:
    """List processes of users that nobody is, but for those of gradings that other tests have at work."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            owner = process.stat().st_uid
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if command and (owner >= 0x60000000 or owner == PLAIN):
            found[int(process.name)] = command.decode(errors="replace")
    tests = psutil.Process(os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid())
    others = {process.pid for process in tests.children(recursive=True)}
    return [command for pid, command in found.items() if pid not in others and psutil.pid_exists(pid)]


def test_the_class_is_graded_and_the_command_says_so(graded):
    assert graded.run.returncode == 0, graded.run.stderr[-3000:]


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_honest_students_get_their_points(graded, name):
    assert dict(graded.course.scores("optimizers"))[name]["01_sgd"] == 18.0


def test_nothing_of_the_grader_s_was_changed(graded):
    assert {path for path in graded.before if graded.before[path] != graded.after.get(path)} == set()
    assert {path for path in graded.after if path not in graded.before} == set()


def test_nobody_got_out_onto_the_network(graded):
    assert graded.heard == []


def test_nothing_is_still_running(graded):
    assert graded.left == []


@pytest.mark.parametrize(("graded", "number"), EACH, indirect=["graded"])
def test_an_attack_gains_nothing(graded, number):
    attack = graded.tried[number]
    name = student(number)
    assert too_many_points(graded.course, name, attack) == {}
    assert all(is_a_verdict(outputs) for outputs in outputs_of_checks(graded.course, name))
    shown = pages(graded, name)
    for secret in (SECRET, str(SEED)):
        assert [spelling for spelling in spellings(secret) if spelling in shown] == []
    page = graded.course.root / "feedback" / name / "optimizers" / f"{attack.notebook}.html"
    given = page.read_text(errors="replace") if page.exists() else ""
    assert [text for text in attack.shows if text not in given] == []
    tags = "\n".join(tags_of(given))
    assert [text for text in attack.hides if text in (tags if '="' in text else given)] == []


def outputs_of_checks(course: Course, name: str) -> Iterator[list[NotebookNode]]:
    for path in (course.autograded / name / "optimizers").glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade"):
                yield cell.outputs


def is_a_verdict(outputs: list[NotebookNode]) -> bool:
    """Tell whether the grader alone wrote what stands under a check."""
    return [set(output.metadata) for output in outputs] == [{"coursekit"}]


def tags_of(page: str) -> list[str]:
    """List the tags of a page as they stand there: what a student wrote may be shown, but as text."""
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda *_: found.append(parser.get_starttag_text())  # type: ignore[method-assign]
    parser.feed(page)
    return found


def too_many_points(course: Course, name: str, attack: Attack) -> dict[str, float]:
    with course.gradebook() as book:
        work = book.find_submission("optimizers", name)
        points = {grade.name: grade.score for book in work.notebooks for grade in book.grades}
    return {cell: got for cell, got in points.items() if got > attack.points.get(cell, 0.0)}


def pages(graded: Graded, name: str) -> str:
    """Read all that is given back to a student, and what of it the instructor is told."""
    folders = [graded.course.root / folder / name / "optimizers" for folder in ("autograded", "feedback")]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    told = [line for line in graded.run.stdout.splitlines() if line.startswith(f"{name},")]
    return "\n".join([*(path.read_text(errors="replace") for path in files), *told])


@pytest.mark.parametrize(("graded", "number"), ON_THE_PAGE, indirect=["graded"])
def test_nothing_of_a_student_s_runs_on_the_page(graded, browser, number):
    attack = graded.tried[number]
    path = graded.course.root / "feedback" / student(number) / "optimizers" / f"{attack.notebook}.html"
    page = browser.new_page()
    asked: list[str] = []
    page.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri(), wait_until="load", timeout=90_000)
    page.wait_for_timeout(300)
    assert page.evaluate("window.owned") is None
    assert page.title() != "owned"
    assert page.url == path.as_uri()
    assert [url for url in asked if "127.0.0.1" in url or (url.startswith("file:") and url != path.as_uri())] == []
    assert page.evaluate(HARMFUL) == []
    assert page.evaluate(IN_SIGHT), "something covers the points"
    page.close()
