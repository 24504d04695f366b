"""The messages between the grader and a student's code: plain data in MessagePack, decoded strictly."""

from __future__ import annotations

import socket
import struct
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias, TypeVar

import msgspec
import numpy as np

from coursekit.errors import EndedError, WorkerError
from coursekit.judging.subject import subject
from coursekit.judging.time_limit import Deadline
from coursekit.judging.trajectories import Scenario, Trajectory
from coursekit.reading.statements import Lost

MAX_BYTES = 8 * 2**20  # no honest answer comes near it
T = TypeVar("T")
Place: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Load:
    """Run this cell, which may take `seconds`; None says that all are loaded, and that questions follow.

    Some of its statements may be left out, see `coursekit.reading.statements.Statement.where`. The number, here and in
    a question, is drawn by the grader and returns with the answer: what was sent unasked, or twice, has none that fits.
    """

    cell: str | None
    seconds: float = 0.0
    number: int = 0
    without: tuple[Place, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A statement of the cell that begins now; or, where there is none, the end of the cell and what raised in it."""

    number: int
    begins: Place | None = None
    lost: tuple[Lost, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A message of Jupyter's about a cell, its content as JSON; one that has no kind says that the cell is done."""

    number: int
    kind: str = ""
    content: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Question:
    """Put what is called `name` through a scenario."""

    name: str
    scenario: Scenario
    seconds: float
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to a question."""

    trajectory: Trajectory
    number: int


def encode(message: object) -> bytes:
    """Write a message down."""
    if isinstance(message, Question):
        body = (message.name, type(message.scenario).__name__, message.scenario, message.seconds, message.number)
        return msgspec.msgpack.encode(body, enc_hook=_write_array)
    return msgspec.msgpack.encode(message, enc_hook=_write_array)


def decode(data: bytes, kind: type[T]) -> T:
    """Read a message of the kind expected; anything else is a `WorkerError`."""
    try:
        if kind is Question:
            name, scenario, body, seconds, number = _QUESTION.decode(data)
            made = reader(_scenarios()[scenario]).decode(body)
            return Question(name=name, scenario=made, seconds=seconds, number=number)  # type: ignore[return-value]
        read: T = reader(kind).decode(data)  # type: ignore[arg-type]
        return read
    except (msgspec.MsgspecError, ValueError, KeyError, RecursionError) as error:
        raise WorkerError("The answer of the code could not be read.") from error


def send(channel: socket.socket, message: object) -> None:
    """Send a message, its length first."""
    data = encode(message)
    channel.sendall(struct.pack("!I", len(data)) + data)


def receive(channel: socket.socket, kind: type[T], deadline: Deadline | None = None) -> T:
    """Wait for a message of the kind expected.

    Raises
    ------
    TimeoutError
        When it is not there in whole at the deadline.
    EndedError
        When the other side is gone.
    WorkerError
        When it sent too much or something else.
    """
    (length,) = struct.unpack("!I", _exactly(channel, 4, deadline))
    if length > MAX_BYTES:
        raise WorkerError("The answer of the code was larger than a right one can be.")
    return decode(_exactly(channel, length, deadline), kind)


@cache
def reader(kind: Hashable) -> msgspec.msgpack.Decoder[Any]:
    """Return what reads messages of a kind, or the scenarios of one; to make it takes longer than to use it."""
    return msgspec.msgpack.Decoder(kind, dec_hook=_read_array)


@cache
def _scenarios() -> dict[str, type[Scenario]]:
    return {kind.__name__: kind for kind in subject().scenarios()}


def _exactly(channel: socket.socket, count: int, deadline: Deadline | None) -> bytes:
    data = bytearray()
    while len(data) < count:
        if deadline is not None:
            channel.settimeout(max(deadline.left(), 1e-3))
        try:
            part = channel.recv(count - len(data))
        except TimeoutError:
            if deadline is not None and deadline.left() > 0:  # it has moved on
                continue
            raise
        if not part:
            raise EndedError("The process that ran the code ended before it answered.")
        data += part
        if len(data) < count and deadline is not None and deadline.left() <= 0:  # it drips
            raise TimeoutError
    return bytes(data)


def _write_array(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.shape, value.astype("<f8").tobytes()
    if isinstance(value, np.generic):
        return value.item()
    raise NotImplementedError(f"cannot be sent: {type(value).__name__}")


def _read_array(kind: type, value: Any) -> Any:
    if kind is not np.ndarray:
        raise NotImplementedError(kind.__name__)
    shape, data = msgspec.convert(value, tuple[tuple[int, ...], bytes])
    if any(size < 0 for size in shape):
        raise ValueError("a size is negative")
    return np.frombuffer(data, dtype="<f8").reshape(shape)


_QUESTION = msgspec.msgpack.Decoder(tuple[str, str, msgspec.Raw, float, int])
