"""Each change of the generations as it goes over the wire, and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from entente import Client
from entente.v1 import view_pb2
from peer_test import Peer, client_of, peer

__all__ = ["peer"]  # the fixture

REPLY = view_pb2.GenerationsReply(generations=[
    view_pb2.Generation(name="g1", state=view_pb2.Generation.current)])
Change = view_pb2.ChangeGenerationsRequest


@pytest.mark.parametrize("ask, request_", [
    (lambda client: client.generations(), view_pb2.GenerationsRequest()),
    (lambda client: client.rebuild(), Change(rebuild=Change.Rebuild())),
    (lambda client: client.rebuild(hold=True, stop_at_poison=True),
     Change(rebuild=Change.Rebuild(hold=True, stop_at_poison=True))),
    (lambda client: client.swap(), Change(swap=True)),
    (lambda client: client.cancel_rebuild(), Change(cancel=True)),
    (lambda client: client.rollback(), Change(rollback="")),
    (lambda client: client.rollback("g1"), Change(rollback="g1")),
    (lambda client: client.drop("g1"), Change(drop="g1")),
])
def test_what_is_asked(peer: Callable[[list[list[Any]]], Peer],
                       ask: Callable[[Client], view_pb2.GenerationsReply], request_: Any) -> None:
    other = peer([[REPLY]])
    with client_of(other) as client:
        assert ask(client) == REPLY
    assert other.requests == [request_]
    if isinstance(request_, Change):  # equality does not tell `rollback` of nothing from nothing
        assert other.requests[0].WhichOneof("change") == request_.WhichOneof("change")


def test_parked_events(peer: Callable[[list[list[Any]]], Peer]) -> None:
    reply = view_pb2.ParkedEventsReply(
        generation="g1", parked=[view_pb2.ParkedEventsReply.One(position=9)], more=True)
    other = peer([[reply]])
    with client_of(other) as client:
        assert client.parked_events(after_position=3, page_size=1) == reply
    assert other.requests == [view_pb2.ParkedEventsRequest(after_position=3, page_size=1)]
