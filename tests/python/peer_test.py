"""What a working service does not do: a peer that loses, repeats, forgets and falls silent. It is a
ROUTER that speaks the protocol by a script."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest
import zmq

from entente import Client, Cursor, Endpoints, EntenteError, wire
from entente.v1 import error_pb2, error_reason_pb2, log_pb2, subscription_pb2

TIMEOUT_S = 20.0


def delivered(number: int, position: int, ordinal: int = 0) -> Any:
    message = subscription_pb2.SubscriptionMessage(number=number)
    message.covered_to.position = message.delivered.change.change.position = position
    message.covered_to.ordinal = message.delivered.change.change.ordinal = ordinal
    return message


def refusal(reason: str) -> error_pb2.ErrorReply:
    return error_pb2.ErrorReply(errors=[
        error_pb2.Error(reason=error_reason_pb2.Reason.Value.Value(reason))])


class Peer:
    """Answers the nth request of its kind with the nth list of its script; `credit` and what comes
    after the script's end is noted and not answered."""

    def __init__(self, script: list[list[Any]]) -> None:
        self.requests: list[Any] = []
        self.credits: list[int] = []
        self._script = script
        self._context: zmq.Context[Any] = zmq.Context()
        self._socket = self._context.socket(zmq.ROUTER)
        self._socket.linger = 0
        port = self._socket.bind_to_random_port("tcp://127.0.0.1")
        self.endpoint = f"tcp://127.0.0.1:{port}"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self._socket.close()
        self._context.term()

    def _serve(self) -> None:
        while not self._over.is_set():
            if not self._socket.poll(20):
                continue
            who, *frames = self._socket.recv_multipart()
            message = wire.decode(frames)
            if isinstance(message.body, subscription_pb2.Credit):
                self.credits.append(message.body.more)
                continue
            if isinstance(message.body, subscription_pb2.Unsubscribe):
                continue
            self.requests.append(message.body)
            for answer in self._script.pop(0) if self._script else []:
                correlation, body = answer if isinstance(answer, tuple) \
                    else (message.correlation, answer)
                self._socket.send_multipart([who, *wire.encode(body, correlation)])


@pytest.fixture
def peer() -> Iterator[Callable[[list[list[Any]]], Peer]]:
    peers: list[Peer] = []

    def make(script: list[list[Any]]) -> Peer:
        peers.append(Peer(script))
        return peers[-1]

    yield make
    for each in peers:
        each.close()


def client_of(peer: Peer, timeout_s: float = TIMEOUT_S) -> Client:
    return Client(Endpoints(peer.endpoint, peer.endpoint, peer.endpoint), timeout_s=timeout_s)


ENDED = subscription_pb2.SubscriptionMessage(number=2, ended=subscription_pb2.Ended(why="lease"))


@pytest.mark.parametrize("script, after", [
    pytest.param([[delivered(1, 5), delivered(3, 7)], [delivered(1, 6), delivered(2, 7)]],
                 [Cursor(5)], id="a number is missing"),
    pytest.param([[delivered(2, 6)], [delivered(1, 5), delivered(2, 6), delivered(3, 7)]],
                 [None], id="the first message is missing"),
    pytest.param([[delivered(1, 5), ENDED], [delivered(1, 6), delivered(2, 7)]],
                 [Cursor(5)], id="ended"),
    pytest.param([[delivered(1, 5), refusal("SUBSCRIPTION_UNKNOWN")],
                  [delivered(1, 6), delivered(2, 7)]], [Cursor(5)], id="forgotten"),
    pytest.param([[refusal("OVERLOADED")], [refusal("STOPPING")],
                  [delivered(1, 5), delivered(2, 6), delivered(3, 7)]],
                 [None, None], id="refused for now"),
    pytest.param([[delivered(1, 5)], [delivered(1, 6), delivered(2, 7)]],
                 [Cursor(5)], id="a lease of silence"),
    pytest.param([[delivered(1, 5), delivered(2, 5), delivered(3, 6), delivered(4, 7)]],
                 [], id="repeated"),
    pytest.param([[(9999, delivered(1, 4)), delivered(1, 5), delivered(2, 6), delivered(3, 7)]],
                 [], id="another subscription's"),
])
def test_each_change_comes_once(peer: Callable[[list[list[Any]]], Peer], script: list[list[Any]],
                                after: list[Cursor | None]) -> None:
    other = peer(script)
    with client_of(other) as client:
        # Credit for more than the script has: each opening grants it anew.
        with client.subscribe(credit=100, lease_s=1, patience_s=TIMEOUT_S) as subscription:
            came = [d.change.change.position for d in islice(subscription, 3)]
            assert subscription.covered_to == Cursor(7, 0)
    assert came == [5, 6, 7]
    begun = [Cursor(r.after.position, r.after.ordinal) if r.HasField("after") else None
             for r in other.requests]
    assert begun == [None, *after]


def test_what_a_retry_cannot_help_is_raised(peer: Callable[[list[list[Any]]], Peer]) -> None:
    with client_of(peer([[refusal("QUERY_INVALID")]])) as client:
        subscription = client.subscribe()
        with pytest.raises(EntenteError) as caught:
            subscription.receive(TIMEOUT_S)
    assert caught.value.reason == "QUERY_INVALID"


def test_credit_is_granted_when_half_is_used(peer: Callable[[list[list[Any]]], Peer]) -> None:
    other = peer([[delivered(n, n) for n in range(1, 7)]])
    with client_of(other) as client, client.subscribe(credit=4) as subscription:
        assert [d.change.change.position for d in islice(subscription, 6)] == [
            1, 2, 3, 4, 5, 6]
        deadline = time.monotonic() + TIMEOUT_S
        while sum(other.credits) < 6 and time.monotonic() < deadline:
            assert subscription.receive(0.05) is None
    assert [more for more in other.credits if more] == [2, 2, 2]


def test_a_request_refused_for_now_is_repeated(peer: Callable[[list[list[Any]]], Peer]) -> None:
    other = peer([[refusal("OVERLOADED")], [refusal("STOPPING")],
                  [(9999, refusal("INTERNAL")), log_pb2.AppendReply(durable_position=3)]])
    with client_of(other) as client:
        assert client.append([]).durable_position == 3
    assert len(other.requests) == 3


def test_no_answer_is_unreachable(peer: Callable[[list[list[Any]]], Peer]) -> None:
    other = peer([[], [log_pb2.StatusReply(service="ingest")]])
    with client_of(other, timeout_s=0.1) as client:
        with pytest.raises(EntenteError) as caught:
            client.append([])
        assert caught.value.reason == "UNREACHABLE" and caught.value.may_retry
        client.timeout_s = TIMEOUT_S
        assert client.status("ingest").service == "ingest"


def test_another_protocol_is_told(peer: Callable[[list[list[Any]]], Peer]) -> None:
    with client_of(peer([[(0, refusal("PROTOCOL_VERSION"))]])) as client:
        with pytest.raises(EntenteError) as caught:
            client.status("ingest")
    assert caught.value.reason == "PROTOCOL_VERSION"


def test_a_reason_of_a_later_version_is_internal(peer: Callable[[list[list[Any]]], Peer]) -> None:
    unknown = error_pb2.ErrorReply(errors=[error_pb2.Error(field="here", message="new")])
    unknown.errors[0].reason = 9876  # type: ignore[assignment]
    with client_of(peer([[unknown]])) as client:
        with pytest.raises(EntenteError) as caught:
            client.status("ingest")
    (fault,) = caught.value.faults
    assert (fault.number, fault.reason, fault.code, fault.message) == (
        9876, "INTERNAL", "INTERNAL", "new")
    assert not caught.value.may_retry
    assert str(caught.value) == "INTERNAL (error 9876 of a newer version) here: new"
