"""A limit ends what takes too long, by the time that a machine without other work would take."""

import multiprocessing
import os
import signal
import sys
import time

import pytest

from coursekit.judging.time_limit import Deadline, TimeLimitExceeded, time_limit

POSIX = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no timer signal")
pytestmark = POSIX


def spin(processor=None):
    if processor is not None:
        os.sched_setaffinity(0, {processor})
    while True:
        pass


@pytest.fixture
def busy():
    """Share one processor with four processes that never rest."""
    before = os.sched_getaffinity(0)
    processor = min(before)
    others = [multiprocessing.get_context("spawn").Process(target=spin, args=(processor,)) for _ in range(4)]
    for other in others:
        other.start()
    os.sched_setaffinity(0, {processor})
    yield others[0].pid
    os.sched_setaffinity(0, before)
    for other in others:
        other.kill()
        other.join()


def test_what_does_not_end_is_ended_and_the_reason_said():
    with pytest.raises(TimeLimitExceeded, match=r"did not end within 0\.05 s"), time_limit(0.05):
        spin()


def test_what_sleeps_is_ended():
    with pytest.raises(TimeLimitExceeded), time_limit(0.05):
        time.sleep(600)


def test_after_the_block_there_is_no_limit_and_the_handler_is_the_one_before():
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(0.05):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) == before


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the system does not tell who waited for a processor")
def test_time_spent_waiting_for_a_processor_does_not_count(busy):
    before = time.process_time()
    with pytest.raises(TimeLimitExceeded), time_limit(0.5):
        spin()
    assert time.process_time() - before > 0.45


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not tell who waited for a processor")
def test_a_deadline_moves_on_while_another_process_waits_for_a_processor(busy):
    deadline = Deadline(0.3, process=busy)
    time.sleep(0.5)
    assert deadline.left() > 0


def test_an_inner_limit_leaves_the_outer_one_at_work():
    with pytest.raises(TimeLimitExceeded, match=r"0\.3"), time_limit(0.3):
        go_on_after_an_inner_limit()


def go_on_after_an_inner_limit():
    with pytest.raises(TimeLimitExceeded, match=r"0\.05"), time_limit(0.05):
        spin()
    spin()


def test_an_outer_limit_ends_what_is_in_an_inner_one():
    with pytest.raises(TimeLimitExceeded, match=r"0\.05"), time_limit(0.05), time_limit(600):
        spin()


def test_a_timer_of_somebody_else_rings_when_it_is_due():
    behaviour = []
    before = signal.signal(signal.SIGALRM, lambda *_: behaviour.append(True))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(TimeLimitExceeded), time_limit(0.2):
            spin()
        assert behaviour == [True]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
