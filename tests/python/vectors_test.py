"""The bytes of every message, and what services answer to bytes that are none."""

from __future__ import annotations

import json
import re

import pytest
import vectors
import zmq
from google.protobuf import json_format

import services as running
from entente import wire
from entente.v1 import error_pb2, error_reason_pb2, wire_pb2

MESSAGES = [vector for vector in vectors.ALL if "message" in vector.keys]
MALFORMED = [vector for vector in vectors.ALL if vector.name.startswith("malformed-")]


def test_every_type_has_a_vector() -> None:
    covered = {vector.keys["type"] for vector in MESSAGES}
    assert covered == set(wire_pb2.MessageType.Value.keys()) - {"unspecified"}


def test_every_reason_has_a_vector() -> None:
    told = {error["reason"] for vector in MESSAGES if vector.keys["type"] == "error"
            for error in json.loads(vector.keys["json"])["errors"]}
    assert told == set(error_reason_pb2.Reason.Value.keys()) - {"unspecified"}


@pytest.mark.parametrize("vector", MESSAGES, ids=lambda vector: vector.name)
def test_message(vector: vectors.Vector) -> None:
    number = wire_pb2.MessageType.Value.Value(vector.keys["type"])
    frames = vector.frames[1:] if "topic" in vector.keys else vector.frames
    told = json_format.Parse(vector.keys["json"], wire.BODIES[number]())

    read = wire.decode(frames)
    assert read.body == told
    assert type(read.body).DESCRIPTOR.full_name == vector.keys["message"]
    assert read.correlation == int(vector.keys["correlation"])
    assert read.time_left_ms == int(vector.keys["time_left_ms"])
    # A further frame that is a message stands in the file as JSON, others as bytes.
    assert not vector.more or list(read.more) == vector.more

    written = wire.encode(told, read.correlation, read.time_left_ms, read.more)
    assert written[0] == frames[0]
    assert wire.decode(written) == read


@pytest.mark.parametrize(
    "vector", [vector for vector in MALFORMED
               if not re.search("no-body|not-protobuf|unknown-field", vector.name)],
    ids=lambda vector: vector.name)
def test_malformed_is_unreadable(vector: vectors.Vector) -> None:
    with pytest.raises(wire.Unreadable):
        wire.decode(vector.frames)


def test_services_refuse_what_is_malformed_and_go_on(services: running.Services) -> None:
    assert MALFORMED
    with zmq.Context() as context:
        for service in ("ingest", "projector", "query"):
            endpoint = getattr(services.endpoints, service)
            for vector in MALFORMED:
                if vector.keys["to"] not in (service, "every service"):
                    continue
                with context.socket(zmq.DEALER) as socket:
                    socket.linger = 0
                    socket.connect(endpoint)
                    socket.send_multipart(vector.frames)
                    where = f"{vector.name} to {service}"
                    assert socket.poll(running.DEADLINE_S * 1000), where
                    answer = wire.decode(socket.recv_multipart())
                assert isinstance(answer.body, error_pb2.ErrorReply), where
                first = answer.body.errors[0]
                said = ["error", error_reason_pb2.Reason.Value.Name(first.reason), first.field]
                wanted = vector.keys["answer"].split()
                assert said[:len(wanted)] == wanted, where
                assert answer.correlation == int(vector.keys["answer_correlation"]), where
