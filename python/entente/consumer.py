"""Durable subscriptions (docs/protocol.md, section 7): the service keeps the place, and each change
is settled: done, to be tried again, or set aside."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from entente import errors
from entente.connection import Connection
from entente.subscription import Cursor, Subscription, cursor_of
from entente.v1 import error_pb2, subscription_pb2

How: TypeAlias = Literal["ack", "retry_now", "retry_later", "park", "skip"]

_FINAL = ("ack", "park", "skip")
_SETTLED_AT_ONCE = 100


class Delivery:
    """A change that came, to be settled by one of its methods."""

    def __init__(self, consumer: Consumer, delivered: subscription_pb2.Delivered) -> None:
        self._consumer = consumer
        self.change = delivered.change
        self.delivery: int = delivered.delivery  # 1 for the first time
        self.after_parked: bool = delivered.after_parked
        self.cursor = cursor_of(delivered.change.change)

    def ack(self) -> None:
        """It is done."""
        self._consumer.settle(self.cursor, "ack")

    def retry(self, why: str = "", *, later: bool = True) -> None:
        """It could not be done: it comes again, and later changes of its meeting wait for it."""
        self._consumer.settle(self.cursor, "retry_later" if later else "retry_now", why)

    def park(self, why: str = "") -> None:
        """Sets it aside, so that its meeting goes on; `Client.parked` lists it."""
        self._consumer.settle(self.cursor, "park", why)

    def skip(self) -> None:
        """It is not to be done."""
        self._consumer.settle(self.cursor, "skip")


class Consumer(Subscription):
    """One consumer of a durable subscription. `deliveries()` gives a `Delivery` for each change and
    ends never; each is to be settled. Settlements travel together when the next change is asked for;
    `flush` waits until all are on the service's disk, as does the end of a `with`.

    What was settled, and the service had not heard of before a connection was lost or did not hold
    for this consumer, is settled again by itself when it comes again, and is not handed out.
    """

    def __init__(self, connection: Connection, request: subscription_pb2.SubscribeRequest,
                 patience_s: float | None = None) -> None:
        if not request.consumer:
            request.consumer = uuid.uuid4().hex  # a new connection takes over from the lost one
        super().__init__(connection, request, patience_s)
        self._to_send: dict[Cursor, tuple[How, str]] = {}
        self._under_way: dict[int, dict[Cursor, tuple[How, str]]] = {}
        self._lost: dict[Cursor, tuple[How, str]] = {}

    def deliveries(self) -> Iterator[Delivery]:
        """The changes, as they come."""
        for delivered in super().__iter__():
            yield Delivery(self, delivered)

    def next_delivery(self, timeout_s: float | None) -> Delivery | None:
        """The next change, or None when none came in time."""
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            message = self.receive(left)
            if message is None:
                return None
            if message.WhichOneof("message") == "delivered":
                return Delivery(self, message.delivered)

    def settle(self, cursor: Cursor, how: How, why: str = "") -> None:
        """What `Delivery` does, by the cursor."""
        self._to_send[cursor] = (how, why)
        if len(self._to_send) >= _SETTLED_AT_ONCE:
            self._send_settled()

    def flush(self, timeout_s: float = 10.0) -> None:
        """Returns when everything that was settled is on disk; UNREACHABLE when that is not known
        in time. Changes that come meanwhile are handed out later."""
        deadline = time.monotonic() + timeout_s
        kept = []
        while self._to_send or self._under_way:
            left = deadline - time.monotonic()
            if left <= 0:
                raise errors.of("UNREACHABLE", "what was settled was not confirmed in time",
                                value=self._connection.endpoint)
            message = self.receive(min(left, 0.1))
            if message is not None:
                kept.append(message)
        self._kept.extend(kept)

    def close(self) -> None:
        if not self._closed and (self._to_send or self._under_way):
            try:
                self.flush()
            except errors.EntenteError:
                pass  # what was not heard of comes again
        super().close()

    def _keep_open(self) -> None:
        super()._keep_open()
        self._send_settled()

    def _send_settled(self) -> None:
        if not self._to_send or self._open_at is not None:
            return
        request = subscription_pb2.SettleRequest(
            group=self._request.group, subscription=self._correlation)
        for cursor, (how, why) in self._to_send.items():
            request.settled.add(
                cursor=subscription_pb2.Cursor(position=cursor.position, ordinal=cursor.ordinal),
                how=subscription_pb2.SettleRequest.How.Value(how), why=why)
        try:
            asked = self._connection.send(request)
        except errors.EntenteError:
            return
        self._under_way[asked] = self._to_send
        self._to_send = {}

    def _other(self, correlation: int, body: Any) -> None:
        """Settlements are answered beside the messages."""
        if correlation not in self._under_way:
            return
        if not isinstance(body, error_pb2.ErrorReply):
            batch = self._under_way.pop(correlation)
            if not isinstance(body, subscription_pb2.SettleReply):
                return
            # Nothing was done about these: others hold them, or they come again.
            not_held = {cursor_of(one) for one in body.not_held}
            self._lose({c: done for c, done in batch.items() if c in not_held})
            return
        error = errors.from_reply(body)
        if not error.may_retry and error.reason != "SUBSCRIPTION_UNKNOWN":
            raise error
        self._open_again()

    def _take(self, body: Any) -> subscription_pb2.SubscriptionMessage | None:
        message = super()._take(body)
        if message is None:
            return None
        if self._covered_to is not None:
            self._lost = {c: done for c, done in self._lost.items() if c > self._covered_to}
        if message.WhichOneof("message") == "delivered":
            cursor = cursor_of(message.delivered.change.change)
            if (done := self._settled_before(cursor)) is not None:
                self.settle(cursor, *done)
                return None
        return message

    def _settled_before(self, cursor: Cursor) -> tuple[How, str] | None:
        """For good; the change may come again before the reply to that does."""
        for batch in (*self._under_way.values(), self._to_send):
            if (done := batch.get(cursor)) is not None and done[0] in _FINAL:
                return done
        return self._lost.pop(cursor, None)

    def _lose(self, batch: dict[Cursor, tuple[How, str]]) -> None:
        """What is to be tried again comes again anyway, and is new then."""
        self._lost.update({c: done for c, done in batch.items() if done[0] in _FINAL})

    def _open_again(self) -> None:
        for batch in (*self._under_way.values(), self._to_send):
            self._lose(batch)
        self._under_way = {}
        self._to_send = {}
        super()._open_again()
