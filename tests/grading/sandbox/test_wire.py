"""What crosses the wall arrives as it was sent, and nothing else gets through."""

import socket
import struct
import threading
import time
from contextlib import suppress

import msgspec
import numpy as np
import pytest

from coursekit.errors import WorkerError
from coursekit.grading.sandbox.wire import MAX_BYTES, Question, decode, encode, receive, send
from coursekit.judging.running import run
from coursekit.judging.time_limit import Deadline
from coursekit.judging.trajectories import Failure, Trajectory
from coursekit.optimizers.conversations import ASKED, ConversationScenario, Partner
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.suspects import AdamW
from tests.bank.wrong import RIGHT
from tests.solutions import EXERCISES, defined


@pytest.mark.parametrize("name", EXERCISES)
def test_every_scenario_of_the_course_arrives_as_it_was_sent(name):
    scenarios = [trial.scenario for behaviour in ladder(name) for trial in behaviour.trials]
    assert scenarios
    for scenario in scenarios:
        question = Question(name=name, scenario=scenario, seconds=1.0)
        arrived = decode(encode(question), Question)
        assert encode(arrived) == encode(question)
        assert type(arrived.scenario) is type(scenario)


def test_script_of_a_conversation_arrives_with_its_answers():
    written = defined(RIGHT["test_adam"])["test_adam"]
    asked = run(written, ConversationScenario())
    assert asked.rows[0][0].tolist() == [ASKED, 0]
    calls = (asked.rows[0][1:],)
    scenario = ConversationScenario(calls=calls, answers=Partner(AdamW).answers(calls))
    sent = decode(encode(Question(name="test_adam", scenario=scenario, seconds=1.0)), Question).scenario
    one, other = run(written, scenario), run(written, sent)
    assert all(np.array_equal(a, b) for a, b in zip(one.rows[0], other.rows[0], strict=True))


def test_numbers_arrive_to_the_last_bit():
    values = np.array([0.1, -0.0, np.inf, np.nan, 1e-310])
    arrived = decode(encode(Trajectory(rows=((values, np.array(3.0)),))), Trajectory)
    assert arrived.rows[0][0].tobytes() == values.tobytes()
    assert arrived.rows[0][1].shape == ()


def test_a_failure_arrives():
    failure = Failure(kind="ValueError", message="no", function="step", line="x", row=3)
    assert decode(encode(Trajectory(failure=failure)), Trajectory).failure == failure


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"garbage",
        msgspec.msgpack.encode({"rows": "abc"}),
        msgspec.msgpack.encode({"rows": [[[[2], b"\0" * 8]]]}),
        msgspec.msgpack.encode({"rows": [[[[-1, -1], b"\0" * 8]]]}),
        msgspec.msgpack.encode({"rows": [[[["a"], b""]]]}),
        msgspec.msgpack.encode({"rows": [], "faults": [1]}),
        msgspec.msgpack.encode({"rows": [], "faults": [{"kind": "unheard_of"}]}),
        b"\x91" * 5000,
    ],
)
def test_nonsense_is_refused(data):
    with pytest.raises(WorkerError, match="could not be read"):
        decode(data, Trajectory)


def test_too_long_an_answer_is_refused_before_it_is_read():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(struct.pack("!I", MAX_BYTES + 1))
        with pytest.raises(WorkerError, match="larger than a right one"):
            receive(ours, Trajectory, Deadline(1.0))


def test_an_answer_that_does_not_come_is_a_timeout():
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(TimeoutError):
        receive(ours, Trajectory, Deadline(0.05))


def test_the_other_side_hanging_up_is_said():
    ours, theirs = socket.socketpair()
    with ours:
        send(theirs, Trajectory())
        theirs.close()
        receive(ours, Trajectory, Deadline(1.0))
        with pytest.raises(WorkerError, match="ended before it answered"):
            receive(ours, Trajectory, Deadline(1.0))


def test_an_answer_that_drips_is_a_timeout():
    ours, theirs = socket.socketpair()

    def drip():
        theirs.sendall(struct.pack("!I", MAX_BYTES))
        with suppress(OSError):  # the other side has hung up
            while True:
                theirs.sendall(b".")
                time.sleep(0.01)

    dripping = threading.Thread(target=drip)
    with theirs:
        with ours:
            dripping.start()
            with pytest.raises(TimeoutError):
                receive(ours, Trajectory, Deadline(0.2))
        dripping.join(5)
    assert not dripping.is_alive()
