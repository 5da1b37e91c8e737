"""The tail (docs/protocol.md, section 7): changes as they are published, with the gaps that show
and are filled from the feed."""

from __future__ import annotations

import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any

import zmq

from entente import errors, wire
from entente.connection import keep_alive
from entente.subscription import Cursor, Subscription, cursor_of
from entente.v1 import query_pb2, subscription_pb2

_NOWHERE = Cursor(0, 0)


class _Hearing:
    """Empties a SUB socket on a thread of its own into a queue from which the oldest go: the newest
    message of all is there when somebody looks, and the publisher's queue stays empty."""

    _ROOM = 1_000
    _LOOK_AT_STOP_MS = 50

    def __init__(self, socket: zmq.Socket[Any], room: int) -> None:
        self._socket = socket  # the thread's own, from here on
        self._waiting: deque[list[bytes]] = deque(maxlen=room or self._ROOM)
        self._came = threading.Condition()
        self._over = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="entente-tail", daemon=True)
        self._thread.start()

    def next(self, timeout_s: float | None) -> list[bytes] | None:
        """The oldest that waits, or the next one that comes in time. ValueError once it was stopped."""
        with self._came:
            self._came.wait_for(lambda: self._waiting or self._over, timeout_s)
            if self._over:
                raise ValueError("the tail is closed")
            return self._waiting.popleft() if self._waiting else None

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                if self._socket.poll(self._LOOK_AT_STOP_MS):
                    frames = self._socket.recv_multipart()
                    with self._came:
                        self._waiting.append(frames)
                        self._came.notify()
        except zmq.ContextTerminated:
            pass
        finally:
            self._socket.close(0)
            with self._came:
                self._over = True
                self._came.notify_all()


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
        socket: zmq.Socket[Any] = context.socket(zmq.SUB)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.RCVHWM, 0)
        keep_alive(socket)
        for prefix in self._prefixes:
            socket.setsockopt(zmq.SUBSCRIBE, prefix.encode())
        try:
            socket.connect(endpoint)
        except zmq.ZMQError as error:
            socket.close(0)
            raise errors.of("ENDPOINT_REFUSED", f"cannot connect: {error}",
                            value=endpoint) from error
        self._hearing = _Hearing(socket, queue)
        self._stop = weakref.finalize(self, self._hearing.stop)

    def close(self) -> None:
        self._stop()

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
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            frames = self._hearing.next(left)
            if frames is None:
                return None
            self._take(frames)
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
        previous = cursor_of(tail.previous)
        if previous > self._seen[prefix]:
            self.gaps.append((self._prefixes[prefix], self._seen[prefix], previous))
            with self._subscribe({"countries": [self._prefixes[prefix]]},
                                 after=self._seen[prefix]) as missing:
                self._collect(missing, previous)
            self._seen[prefix] = previous
        self._pass_on(tail.change)
        self._seen[prefix] = max(self._seen[prefix], cursor_of(tail.change.change))

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
                if up_to is not None and cursor_of(change.change) > up_to:
                    return covered
                self._pass_on(change)
            if kind == "caught_up" or (up_to is not None and covered >= up_to):
                return covered

    def _pass_on(self, change: query_pb2.DescribedChange) -> None:
        """A change of several of our countries comes once for each."""
        cursor = cursor_of(change.change)
        terms = {*change.change.terms_before, *change.change.terms_after}
        if not any(cursor <= self._seen[f"{term}/"] for term in terms if f"{term}/" in self._seen):
            self._ready.append(change)
