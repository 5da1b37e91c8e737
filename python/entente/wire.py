"""Messages as ZeroMQ frames (docs/protocol.md, sections 2 and 6). Pure: no sockets."""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Sequence
from typing import Any

from entente.v1 import (
    error_pb2, log_pb2, query_pb2, subscription_pb2, view_pb2, wire_pb2)

MAGIC = b"ENT1"
_HEADER = struct.Struct("<4sHHQIHH")
_MODULES = (error_pb2, log_pb2, query_pb2, subscription_pb2, view_pb2)


def _body_class(name: str) -> Any:
    wanted = "ErrorReply" if name == "error" else "".join(
        word.capitalize() for word in name.split("_"))
    for module in _MODULES:
        if hasattr(module, wanted):
            return getattr(module, wanted)
    raise LookupError(f"no message {wanted} for the type {name}")


# Message classes by the number of their type, and the other way round.
BODIES: dict[int, Any] = {
    number: _body_class(name)
    for name, number in wire_pb2.MessageType.Value.items() if number != 0}
_TYPES: dict[Any, int] = {body: number for number, body in BODIES.items()}


class Unreadable(Exception):
    """What came is not a message of this protocol."""


@dataclasses.dataclass(frozen=True, slots=True)
class Message:
    """A message that came. `more` are the body frames behind the first."""

    correlation: int
    time_left_ms: int
    body: Any
    more: tuple[bytes, ...] = ()


def encode(body: Any, correlation: int, time_left_ms: int = 0,
           more: Sequence[bytes] = ()) -> list[bytes]:
    """The frames of a message; `time_left_ms` 0: the sender sets no deadline."""
    header = _HEADER.pack(MAGIC, _TYPES[type(body)], 0, correlation, time_left_ms, 1 + len(more), 0)
    return [header, body.SerializeToString(), *more]


def decode(frames: Sequence[bytes]) -> Message:
    """Reads the frames of a message. Unknown fields of the body are ignored."""
    if not frames or len(frames[0]) != _HEADER.size:
        raise Unreadable("the header does not have 24 bytes")
    magic, number, flags, correlation, time_left_ms, count, zero = _HEADER.unpack(frames[0])
    if magic != MAGIC:
        raise Unreadable(f"the header begins with {magic!r}")
    if flags & 0xFF or zero:
        raise Unreadable("the header has flags or reserved bytes of a later version")
    if count != len(frames) - 1:
        raise Unreadable(f"{len(frames) - 1} body frames came, {count} were announced")
    if number not in BODIES or count == 0:
        raise Unreadable(f"type {number} with {count} body frames")
    body = BODIES[number]()
    try:
        body.ParseFromString(frames[1])
    except Exception as error:  # protobuf's DecodeError has no stable home
        raise Unreadable(f"the body is no {type(body).__name__}: {error}") from error
    return Message(correlation, time_left_ms, body, tuple(frames[2:]))
