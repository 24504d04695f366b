"""Answers in words: how they are grouped, what a person's decision leaves in the gradebook, and who may come in."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from jupyter_server.serverapp import ServerApp
from nbgrader.api import Gradebook
from tornado import web
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port

from coursekit.cli import main
from coursekit.errors import GradingError
from coursekit.grading.answers.alone import application
from coursekit.grading.answers.service import Change, Service, State
from coursekit.grading.classroom.course import CONFIG, Course
from coursekit.grading.classroom.gradebook.answers import Decision, decide
from coursekit.grading.classroom.gradebook.points import returned
from coursekit.grading.nbgrader.converters import generate_feedback
from tests.grading.classes import ASSIGNMENT, Class, copied
from tests.grading.conftest import answer

pytestmark = pytest.mark.slow

DOUBLE = f"{ASSIGNMENT}/01_double/01_double_words"
SQUARE = f"{ASSIGNMENT}/02_square/02_square_words"
TOKEN = "a-token"
FULL = State(points=2.0, waits=False, comment="Well said.")


@pytest.fixture
def course(small: Class, tmp_path: Path) -> Course:
    """Return a graded class of three, two of whom answered, with the same words."""
    return copied(small.finished, tmp_path)


def say(course: Course, student: str, key: str, text: str, **more: object) -> None:
    """Have a student answer a question otherwise."""
    assignment, stem, cell = key.split("/")
    path = course.autograded / student / assignment / f"{stem}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    answer(notebook, cell).update(source=text, **more)
    path.unlink()
    nbformat.write(notebook, path)


def groups(course: Course, key: str = DOUBLE) -> list[list[str]]:
    return [[member.student for member in group.members] for group in Service(course).answers(key)]


def decided(course: Course, to: State, *students: str, seen: State | None = None) -> list[str]:
    """Decide of the answers of students; return those students of whom it was refused."""
    service = Service(course)
    members = [member for group in service.answers(DOUBLE) for member in group.members if member.student in students]
    changes = [Change(id=member.id, text=member.text, seen=seen or member.state, to=to) for member in members]
    refused = service.decide(DOUBLE, changes).refused
    return [member.student for member in members if member.id in refused]


def state(course: Course, student: str) -> State:
    members = [member for group in Service(course).answers(DOUBLE) for member in group.members]
    return next(member.state for member in members if member.student == student)


def formgrader(course: Course, student: str, what: str, value: object) -> None:
    """Change what the formgrader changes: something of the grade, or the comment."""
    _, stem, cell = DOUBLE.split("/")
    with course.gradebook() as book:
        found = book.find_comment if "comment" in what else book.find_grade
        setattr(found(cell, stem, ASSIGNMENT, student), what, value)
        book.db.commit()


def test_equal_answers_stand_together_below_what_is_empty(course):
    say(course, "wrong", DOUBLE, " It\n\nis.  ")
    assert groups(course) == [["untouched"], ["right", "wrong"]]
    say(course, "wrong", DOUBLE, "It is so.")
    assert groups(course) == [["untouched"], ["wrong"], ["right"]]


@pytest.mark.parametrize("text", ["", " \n", "*Your answer here.* · *Votre réponse ici.*\n"])
def test_an_answer_that_says_nothing_is_empty(course, text):
    say(course, "right", DOUBLE, text)
    assert groups(course) == [["right", "untouched"], ["wrong"]]
    assert [group.empty for group in Service(course).answers(DOUBLE)] == [True, False]


def test_an_answer_is_read_however_the_file_is_written(course):
    for path in course.autograded.glob("right/*/*.ipynb"):
        compact = json.dumps(json.loads(path.read_text()))
        path.unlink()
        path.write_text(compact)
    assert groups(course) == [["untouched"], ["right", "wrong"]]


def test_an_answer_that_is_a_picture_is_not_empty(course):
    say(course, "right", DOUBLE, "", attachments={"a.png": {"image/png": "AAAA"}})
    assert groups(course) == [["untouched"], ["right"], ["wrong"]]


def test_a_question_comes_with_what_was_asked_the_model_answer_and_how_many_wait(course):
    double, square = Service(course).questions()
    assert (double.key, square.key) == (DOUBLE, SQUARE)
    assert (double.language, double.most, double.total, double.waiting) == ("en", 2.0, 3, 2)
    assert double.model == "<p>It is.</p>\n"


def test_a_french_question_is_in_french(course):
    for place in (course.solutions, course.release):
        shutil.copytree(course.solutions / "optimiseurs", place / ASSIGNMENT, dirs_exist_ok=True)
    question = Service(course).questions()[0]
    assert question.language == "fr"
    assert question.model == "<p>C'est ainsi.</p>\n"


def test_what_is_decided_is_in_the_gradebook_and_on_the_page(course):
    assert decided(course, FULL, "right", "wrong") == []
    assert dict(course.scores(ASSIGNMENT))["right"]["01_double"] == 20.0
    with course.gradebook() as book:
        assert not returned(book, ASSIGNMENT, "right", "01_double").given["01_double_words"].waits
        assert book.find_grade("01_double_words", "01_double", ASSIGNMENT, "wrong").manual_score == 2.0
    assert generate_feedback(course.config, ASSIGNMENT, "right")["success"]
    page = (course.feedback / "right" / ASSIGNMENT / "01_double.html").read_text(encoding="utf-8")
    assert "20 / 20" in page
    assert "Well said." in page


def test_what_is_undone_waits_as_before(course):
    before = state(course, "right")
    assert before == State(points=None, waits=True, comment=None)
    decided(course, FULL, "right")
    assert state(course, "right") == FULL
    decided(course, before, "right")
    assert state(course, "right") == before


@pytest.mark.parametrize(
    ("what", "value"), [("manual_score", 1.0), ("needs_manual_grade", False), ("manual_comment", "No.")]
)
def test_what_somebody_else_changed_meanwhile_stays(course, what, value):
    seen = state(course, "right")
    formgrader(course, "right", what, value)
    theirs = state(course, "right")
    assert theirs != seen
    assert decided(course, FULL, "right", "wrong", seen=seen) == ["right"]
    assert state(course, "right") == theirs
    assert state(course, "wrong") == FULL
    assert decided(course, FULL, "right") == [], "now that it is seen"


def test_of_several_who_decide_at_the_same_moment_one_is_heard(course):
    members = [member for group in Service(course).answers(DOUBLE) for member in group.members]
    seen = Decision(points=None, waits=True, comment=None)
    (grade,) = (member.id for member in members if member.student == "right")

    def decide_alone(points: float) -> set[str]:
        with Gradebook(course.directory.db_url) as book:
            return decide(book, [(grade, seen, Decision(points, waits=False, comment=f"{points}"))])

    with ThreadPoolExecutor() as pool:
        refused = list(pool.map(decide_alone, (0.0, 0.5, 1.0, 1.5, 2.0)))
    assert sorted(refused, key=len) == [set(), {grade}, {grade}, {grade}, {grade}]
    heard = state(course, "right")
    assert heard.comment == f"{heard.points}"


@pytest.mark.parametrize("points", [-0.5, 2.5])
def test_points_that_the_question_has_not_are_refused(course, points):
    with pytest.raises(GradingError, match="there are 0 to 2"):
        decided(course, State(points=points, waits=False, comment=None), "right")


def test_a_decision_on_an_answer_that_says_something_else_by_now_is_refused(course):
    service = Service(course)
    member = service.answers(DOUBLE)[1].members[0]
    say(course, member.student, DOUBLE, "It is not.")
    with pytest.raises(GradingError, match="says something else"):
        service.decide(DOUBLE, [Change(id=member.id, text=member.text, seen=member.state, to=FULL)])


def test_an_answer_to_another_question_is_refused(course):
    service = Service(course)
    member = service.answers(SQUARE)[1].members[0]
    with pytest.raises(GradingError, match="not there any more"):
        service.decide(DOUBLE, [Change(id=member.id, text=member.text, seen=member.state, to=FULL)])


def test_a_text_is_set_and_nothing_in_it_runs(course):
    say(course, "right", DOUBLE, "$x^2$ <script>window.owned = 1</script><img src=x onerror='window.owned = 1'>")
    service = Service(course)
    (member,) = (each.members[0] for each in service.answers(DOUBLE) if each.members[0].student == "right")
    (text,) = Service(course).texts(DOUBLE, [member.id]).values()
    assert "<math" in text
    assert "owned" not in text


def test_the_command_says_that_nothing_is_graded_and_what_there_is(bare, small, capsys):
    assert main(["answers", "--course", str(bare.root)]) == 1
    assert "run `coursekit grade` first" in capsys.readouterr().err
    assert main(["answers", "--course", str(small.finished), "tp9"]) == 1
    assert "There is no assignment 'tp9'; there are optimizers and optimiseurs." in capsys.readouterr().err


Request = tuple[str, dict[str, str], bytes | None]  # a path, headers, and what is sent if something is


async def answers_of(made: Callable[[int], web.Application], requests: Sequence[Request]) -> list[HTTPResponse]:
    """Run a server and make requests, in whose headers `{port}` is its port."""
    socket, port = bind_unused_port(address="127.0.0.1")
    server = HTTPServer(made(port))
    server.add_socket(socket)
    found = []
    for path, headers, body in requests:
        request = HTTPRequest(f"http://127.0.0.1:{port}{path}", body=body, follow_redirects=False)
        request.method = "POST" if body else "GET"
        request.headers.update({name: value.format(port=port) for name, value in headers.items()})
        found.append(await AsyncHTTPClient().fetch(request, raise_error=False))
    server.stop()
    await server.close_all_connections()
    return found


def asked(course: Course, *requests: Request) -> list[HTTPResponse]:
    return asyncio.run(answers_of(lambda port: application(Service(course), TOKEN, port), requests))


ALLOWED = {"Cookie": f"coursekit-answers-{{port}}={TOKEN}"}
DECISION = json.dumps({"question": DOUBLE, "changes": []}).encode()


@pytest.mark.parametrize("path", ["/", "/answers.js", "/questions", f"/answers?question={DOUBLE}", "/?token=another"])
def test_nobody_comes_in_without_the_token(course, path):
    (refused,) = asked(course, (path, {}, None))
    assert refused.code == 403
    assert b"untouched" not in refused.body


def test_the_token_is_changed_for_a_cookie(course):
    came, went_on = asked(course, (f"/?token={TOKEN}", {}, None), ("/", ALLOWED, None))
    assert (came.code, came.headers["Location"]) == (302, "/")
    assert "HttpOnly" in came.headers["Set-Cookie"]
    assert went_on.code == 200
    assert "script-src 'self';" in went_on.headers["Content-Security-Policy"]


def test_no_other_site_can_ask_or_write_in_the_name_of_a_person(course):
    headers = {**ALLOWED, "Host": "somewhere.example"}
    read, written = asked(course, ("/questions", headers, None), ("/decisions", ALLOWED, DECISION))
    assert (read.code, written.code) == (403, 403)


def test_the_page_writes_with_what_it_was_given(course):
    mine = {"Cookie": f"{ALLOWED['Cookie']}; coursekit-xsrf-{{port}}=mine", "X-XSRFToken": "mine"}
    written, nonsense = asked(course, ("/decisions", mine, DECISION), ("/decisions", mine, b"nonsense"))
    assert (written.code, nonsense.code) == (200, 400)


def test_a_gradebook_that_is_locked_is_said(course):
    with (course.root / CONFIG).open("a") as config:
        config.write(f'\nc.CourseDirectory.db_url = "sqlite:///{course.root}/gradebook.db?timeout=0"')
    with Gradebook(course.directory.db_url) as book:
        book.db.connection().exec_driver_sql("BEGIN EXCLUSIVE")
        (told,) = asked(course, ("/questions", ALLOWED, None))
    assert told.code == 409
    assert "does not answer" in json.loads(told.body)["message"]


@pytest.mark.server
def test_a_jupyter_server_in_the_course_has_the_page_for_whom_it_lets_in(course, monkeypatch, tmp_path):
    for kind in ("CONFIG", "DATA", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{kind}_DIR", str(tmp_path / kind))
    monkeypatch.setattr(ServerApp, "init_signal", lambda _: None)  # Ctrl-C stays that of pytest

    async def ask() -> list[HTTPResponse]:
        extensions = {"coursekit.grading.answers": True}
        server = ServerApp(root_dir=str(course.root), base_url="/hub/", jpserver_extensions=extensions, allow_root=True)
        server.initialize([f"--IdentityProvider.token={TOKEN}"], new_httpserver=False, find_extensions=False)
        paths = ("/hub/answers/questions", f"/hub/answers/questions?token={TOKEN}")
        return await answers_of(lambda _: server.web_app, [(path, {}, None) for path in paths])

    stranger, instructor = asyncio.run(ask())
    assert (stranger.code, stranger.body) == (302, b"")
    assert [question["key"] for question in json.loads(instructor.body)] == [DOUBLE, SQUARE]
