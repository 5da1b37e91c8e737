"""The tail (docs/protocol.md, section 7): changes as they are published, with the gaps that show
and are filled from the feed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any

import zmq

from entente import errors, wire
from entente.subscription import Cursor, Subscription
from entente.v1 import query_pb2, subscription_pb2

_NOWHERE = Cursor(0, 0)


def _cursor(message: Any) -> Cursor:
    return Cursor(message.position, message.ordinal)


class TailReader:
    """Changes of some countries as they come, each once, in order within each country.

    The tail may drop messages, and does while nobody is connected. Each names the one before it
    under its prefix; when that was not seen, the feed is asked for what lies between, so nothing is
    missing. What was dropped is noticed with the country's next message: who must know of the last
    one too subscribes. For one thread at a time.
    """

    def __init__(self, endpoint: str, context: zmq.Context[Any], countries: Sequence[str],
                 subscribe: Callable[..., Subscription], after: Cursor | None,
                 queue: int = 0) -> None:
        self._prefixes = {f"country/{country}/": country for country in countries}
        self._subscribe = subscribe
        self._after = after
        self._seen: dict[str, Cursor] = {}
        self._ready: list[query_pb2.DescribedChange] = []
        self.gaps: list[tuple[str, Cursor, Cursor]] = []
        """What was missed and asked for: the country, above the first place, up to the second."""
        self._socket: zmq.Socket[Any] = context.socket(zmq.SUB)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.setsockopt(zmq.HEARTBEAT_IVL, 5_000)
        self._socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 15_000)
        if queue:
            self._socket.setsockopt(zmq.RCVHWM, queue)
        for prefix in self._prefixes:
            self._socket.setsockopt(zmq.SUBSCRIBE, prefix.encode())
        try:
            self._socket.connect(endpoint)
        except zmq.ZMQError as error:
            self._socket.close(0)
            raise errors.of("ENDPOINT_REFUSED", f"cannot connect: {error}",
                            value=endpoint) from error

    def close(self) -> None:
        self._socket.close(0)

    def __enter__(self) -> TailReader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def __iter__(self) -> Iterator[query_pb2.DescribedChange]:
        while True:
            change = self.receive(None)
            if change is not None:
                yield change

    def receive(self, timeout_s: float | None) -> query_pb2.DescribedChange | None:
        """The next change, or None when none came in time."""
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        if not self._seen:
            self._join()
        while not self._ready:
            left = None if deadline is None else max(0, round(1000 * (deadline - time.monotonic())))
            if not self._socket.poll(left):
                return None
            self._take(self._socket.recv_multipart())
        return self._ready.pop(0)

    def _join(self) -> None:
        """What is known so far. The socket hears already, so nothing falls between."""
        countries = list(self._prefixes.values())
        with self._subscribe({"countries": countries}, after=self._after,
                             now=self._after is None) as known:
            head = self._collect(known, None)
        self._seen = dict.fromkeys(self._prefixes, head)

    def _take(self, frames: list[bytes]) -> None:
        prefix = frames[0].decode(errors="replace")
        try:
            tail = wire.decode(frames[1:]).body
        except wire.Unreadable:
            return  # the next one shows the gap
        if not isinstance(tail, subscription_pb2.Tail) or prefix not in self._seen:
            return
        previous = _cursor(tail.previous)
        if previous > self._seen[prefix]:
            self.gaps.append((self._prefixes[prefix], self._seen[prefix], previous))
            with self._subscribe({"countries": [self._prefixes[prefix]]},
                                 after=self._seen[prefix]) as missing:
                self._collect(missing, previous)
            self._seen[prefix] = previous
        self._pass_on(tail.change)
        self._seen[prefix] = max(self._seen[prefix], _cursor(tail.change.change))

    def _collect(self, feed: Subscription, up_to: Cursor | None) -> Cursor:
        """Changes up to a place, or up to the head; returns how far it is covered."""
        while True:
            message = feed.receive(None)
            if message is None:
                continue
            kind = message.WhichOneof("message")
            covered = feed.covered_to or _NOWHERE
            if kind == "delivered":
                change = message.delivered.change
                if up_to is not None and _cursor(change.change) > up_to:
                    return covered
                self._pass_on(change)
            if kind == "caught_up" or (up_to is not None and covered >= up_to):
                return covered

    def _pass_on(self, change: query_pb2.DescribedChange) -> None:
        """A change of several of our countries comes once for each."""
        cursor = _cursor(change.change)
        terms = {*change.change.terms_before, *change.change.terms_after}
        if not any(cursor <= self._seen[f"{term}/"] for term in terms if f"{term}/" in self._seen):
            self._ready.append(change)
