"""Attacks on the grader, as a class of students who mean harm and two who do not.

Two accounts grade side by side, root and a user without rights, the attacks of the bank in turn.
`COURSEKIT_ATTACKS=all` lets both try them all, and a theme or a part of a name instead of `all` those alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from playwright.sync_api import Browser, Page, Request

from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.sample import TIMESTAMP
from coursekit.grading.notebook.bank import MANY
from tests.bank.hostility import Attack, attacks, build
from tests.bank.notebooks import ROOT, lay_out, solution
from tests.strangers import PLAIN, Listener, lying_about, run_as, spellings

pytestmark = [
    pytest.mark.hostile,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="there is no sandbox"),
]

SECRET = "planted-Zwetschgenkuchen40817"  # with a word that those look for who search memory
SEED = 50317264
LIMITS = f"""
c.Grade.seed = {SEED}
c.Grade.timeout, c.Grade.budget = 0.3, 1.5
c.Grade.patience = {{
    "definition": 0.3, "definitions": 2, "question": 0.3, "questions": 5, "again": 0.1, "hanging": 2,
    "grace": 0.3, "kernel_grace": 0.5
}}
c.Grade.limits = {{"memory": 256, "processes": 32, "file": 8}}
# {SECRET}
"""
WITHIN = 0.2  # seconds
USERS = ["root", "plain"] if os.geteuid() == 0 else ["plain"]
WANTED = os.environ.get("COURSEKIT_ATTACKS", "")


def is_tried(attack: Attack, number: int, position: int) -> bool:
    if WANTED:
        return WANTED in ("all", attack.theme) or WANTED in attack.name
    return number % len(USERS) == position


TRIED = {
    user: [attack for number, attack in enumerate(attacks()) if is_tried(attack, number, position)]
    for position, user in enumerate(USERS)
}
JOBS = 2  # for each account
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
    run: subprocess.CompletedProcess[str]
    before: dict[str, str]
    after: dict[str, str]
    left: str

    @cached_property
    def points(self) -> dict[str, dict[str, float]]:
        """The points of every cell of every student, from the gradebook."""
        with self.course.gradebook() as book:
            submissions = book.assignment_submissions("optimizers")
            return {
                work.student.id: {grade.name: grade.score for each in work.notebooks for grade in each.grades}
                for work in submissions
            }


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    """Listen on this machine, where secrets lie about, until all is graded."""
    listener = Listener(SECRET)
    with listener.listening(), lying_about(SECRET):
        yield listener


@pytest.fixture(scope="module")
def classes(listener: Listener) -> Iterator[dict[str, Graded]]:
    """Grade the class as every user, side by side."""
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))  # pytest's own are for its user alone
    folder.chmod(0o755)
    course = lay_out(folder / "course")
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(LIMITS)
    for test in (course.root / "tests" / "hidden").glob("*.py"):
        test.write_text(f"{test.read_text()}\n# {SECRET}\n")
    course.register("optimizers")  # some aim at the gradebook, so it is there
    with ThreadPoolExecutor() as pool:
        graded = pool.map(lambda user: grade_as(user, course, folder / user, listener), USERS)
        yield dict(zip(USERS, graded, strict=True))
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=USERS)
def graded(request: pytest.FixtureRequest, classes: dict[str, Graded]) -> Graded:
    """Return the class that was graded as root, or as a user without rights."""
    return classes[request.param]


def grade_as(by: str, laid_out: Course, folder: Path, listener: Listener) -> Graded:
    user = 0 if by == "root" else (PLAIN if os.geteuid() == 0 else os.geteuid())
    course = Course(root=shutil.copytree(laid_out.root, folder / "course"))
    home = folder / "home"
    (home / ".ssh").mkdir(parents=True)
    for place in (home / "secret.txt", home / ".ssh" / "id_ed25519"):
        place.write_text(SECRET)
    names = {
        "course": str(course.root),
        "home": str(home),
        "python": sysconfig.get_path("purelib"),
        "neighbour": NEIGHBOURS[1],
        "port": str(listener.port),
        "udp": str(listener.udp),
        "within": str(WITHIN),
    }
    for number, attack in enumerate(TRIED[by]):
        build(attack, course.submitted / student(number) / "optimizers", names)
    for name in NEIGHBOURS:
        hand_in_honest_work(course.submitted / name / "optimizers")
    if user != os.geteuid():
        subprocess.run(["chown", "-Rh", str(user), folder], check=True)
    before = fingerprints(course, home)
    environment = {**os.environ, "HOME": str(home), "COURSEKIT_SECRET": SECRET, "XDG_CACHE_HOME": str(folder / "cache")}
    program = str(Path(sys.executable).with_name("coursekit"))
    command = [program, "grade", "--course", str(course.root), f"--jobs={JOBS}"]
    run = run_as(user, command, folder / "left.txt", env=environment, cwd=home)
    return Graded(
        tried=TRIED[by],
        course=course,
        run=run,
        before=before,
        after=fingerprints(course, home),
        left=(folder / "left.txt").read_text(),
    )


def student(number: int) -> str:
    return f"h{number:03d}"


def hand_in_honest_work(folder: Path) -> None:
    folder.mkdir(parents=True)
    notebook = solution()
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


def test_the_class_is_graded_and_the_command_says_so(graded):
    assert graded.run.returncode == 0, graded.run.stderr[-3000:]


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_honest_students_get_their_points(graded, name):
    assert graded.points[name]["sgd_check"] == 9.0


def test_nothing_of_the_grader_s_was_changed(graded):
    assert {path for path in graded.before if graded.before[path] != graded.after.get(path)} == set()
    assert {path for path in graded.after if path not in graded.before} == set()


def test_nothing_that_a_student_draws_is_lent_to_others(graded):
    held = [path.read_bytes() for path in (graded.course.state / "pictures").rglob("*") if path.is_file()]
    assert held or len(graded.tried) + len(NEIGHBOURS) < MANY
    assert [data for data in held if b"PNG" in data] == []  # references draw nothing here


def test_nobody_got_out_onto_the_network(classes, listener):
    assert listener.heard == []


def test_nothing_is_still_running(graded):
    assert graded.left == ""


@pytest.mark.parametrize(("graded", "number"), EACH, indirect=["graded"])
def test_an_attack_gains_nothing(graded, number):
    attack = graded.tried[number]
    name = student(number)
    assert {cell: got for cell, got in graded.points[name].items() if got > attack.points.get(cell, 0.0)} == {}
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


def pages(graded: Graded, name: str) -> str:
    """Read all that is given back to a student, and what of it the instructor is told."""
    folders = [graded.course.root / folder / name / "optimizers" for folder in ("autograded", "feedback")]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    told = [line for line in graded.run.stdout.splitlines() if line.startswith(f"{name},")]
    return "\n".join([*(path.read_text(errors="replace") for path in files), *told])


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Page:
    """Return a tab that asks nobody for anything, for all pages: one that runs something in it fails itself."""
    tab = browser.new_page()
    tab.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
    return tab


@pytest.mark.parametrize(("graded", "number"), ON_THE_PAGE, indirect=["graded"])
def test_nothing_of_a_student_s_runs_on_the_page(graded, tab, number):
    attack = graded.tried[number]
    path = graded.course.root / "feedback" / student(number) / "optimizers" / f"{attack.notebook}.html"
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    tab.goto("about:blank")
    tab.on("request", note)
    tab.goto(path.as_uri(), wait_until="load", timeout=90_000)
    tab.wait_for_timeout(300)
    tab.remove_listener("request", note)
    assert tab.evaluate("window.owned") is None
    assert tab.title() != "owned"
    assert tab.url == path.as_uri()
    assert path.as_uri() in asked
    assert [url for url in asked if "127.0.0.1" in url or (url.startswith("file:") and url != path.as_uri())] == []
    assert tab.evaluate(HARMFUL) == []
    assert tab.evaluate(IN_SIGHT), "something covers the points"
