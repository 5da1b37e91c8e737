"""Catch-up subscriptions (docs/protocol.md, section 7): history, then live, each change once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any, NamedTuple

from entente import errors
from entente.connection import Connection
from entente.v1 import error_pb2, subscription_pb2

# How often the client says unasked that it is there, unless the lease is short; also how soon it
# learns that the service was restarted and does not know the subscription.
_SIGN_OF_LIFE_S = 2.0
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 5.0


class Cursor(NamedTuple):
    """A place in the change feed. Places compare as they follow each other."""

    position: int
    ordinal: int = 0


def cursor_of(place: Any) -> Cursor:
    """Of a change, or of a cursor on the wire."""
    return Cursor(place.position, place.ordinal)


class Subscription:
    """Changes as they come, in order and without gap or duplicate, also across restarts of the
    service: it is opened again from `covered_to` as often as needed. Iterating gives the
    `Delivered` messages and ends never; `receive` gives all messages, with a limit of time.

    For one thread at a time, which may be another one than the client's. Signs of life are sent
    while waiting for messages only: who takes longer than the lease over one change is forgotten
    by the service, and goes on where it was with the next.
    """

    def __init__(self, connection: Connection, request: subscription_pb2.SubscribeRequest,
                 patience_s: float | None = None) -> None:
        """`patience_s`: after how long a silence to raise UNREACHABLE; None: never."""
        self._connection = connection
        self._request = request
        self._patience_s = patience_s
        self._credit: int = request.credit or 100
        self._lease_s: int = request.lease_s or 30
        self._sign_every_s = min(_SIGN_OF_LIFE_S, self._lease_s / 4)
        self._covered_to: Cursor | None = None
        self._last_taken: Cursor | None = None
        self._heard = time.monotonic()
        self._opened = self._heard
        self._opened_again = 0
        self._pause_s = 0.0
        self._closed = False
        self._open_at: float | None = self._heard
        self._correlation = 0
        self._number = 0
        self._used = 0
        self._sign_due = 0.0
        self._kept: list[subscription_pb2.SubscriptionMessage] = []  # came, not handed out yet

    @property
    def covered_to(self) -> Cursor | None:
        """Up to here every change has been considered, and those that match were handed out: the
        `after` to subscribe with another time. None before the first message."""
        return self._covered_to

    @property
    def opened_again(self) -> int:
        """How often it had to be opened again."""
        return self._opened_again

    def __iter__(self) -> Iterator[subscription_pb2.Delivered]:
        while True:
            message = self.receive(None)
            if message is not None and message.WhichOneof("message") == "delivered":
                yield message.delivered

    def receive(self, timeout_s: float | None) -> subscription_pb2.SubscriptionMessage | None:
        """The next message of any kind, or None when none came in time. `timeout_s` None: waits
        for ever. Raises EntenteError for what opening it again cannot mend."""
        if self._closed:
            raise ValueError("the subscription is closed")
        if self._kept:
            self._keep_open()
            return self._kept.pop(0)
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            self._keep_open()
            message = self._wait(deadline)
            if message is not None and (taken := self._take(message.body)) is not None:
                return taken
            if message is None:
                self._check_silence()
                if deadline is not None and time.monotonic() >= deadline:
                    return None

    def close(self) -> None:
        """Tells the service that it can forget the subscription."""
        if self._closed:
            return
        self._closed = True
        if self._open_at is None:
            self._send(subscription_pb2.Unsubscribe(subscription=self._correlation))
        self._connection.close(linger_ms=200)

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def _keep_open(self) -> None:
        """Opens it when that is due, and says that we are here."""
        now = time.monotonic()
        if self._open_at is not None:
            if now < self._open_at:
                return
            self._correlation = self._connection.send(self._request)
            self._open_at = None
            self._number = 0
            self._used = 0
            self._opened = now
        elif now >= self._sign_due:
            self._grant(0)
        else:
            return
        self._sign_due = now + self._sign_every_s

    def _wait(self, deadline: float | None) -> Any:
        """The next message of this subscription, until something else is due."""
        until = self._sign_due if self._open_at is None else self._open_at
        if deadline is not None:
            until = min(until, deadline)
        if self._patience_s is not None:
            until = min(until, self._heard + self._patience_s)
        if self._open_at is not None:
            time.sleep(max(0.0, until - time.monotonic()))
            return None
        message = self._connection.receive(until - time.monotonic())
        if message is None:
            return None
        if message.correlation != self._correlation:
            self._other(message.correlation, message.body)
            return None
        self._heard = time.monotonic()
        return message

    def _other(self, correlation: int, body: Any) -> None:
        """What came and is no message of this subscription."""

    def _take(self, body: Any) -> subscription_pb2.SubscriptionMessage | None:
        """What the caller gets of a message; None: nothing."""
        if isinstance(body, error_pb2.ErrorReply):
            error = errors.from_reply(body)
            if not error.may_retry and error.reason != "SUBSCRIPTION_UNKNOWN":
                self._closed = True
                self._connection.close()
                raise error
            self._open_again()
            return None
        if not isinstance(body, subscription_pb2.SubscriptionMessage):
            return None
        if body.number != self._number + 1:
            self._open_again()
            return None
        self._number = body.number
        kind = body.WhichOneof("message")
        if body.HasField("covered_to"):
            self._covered_to = cursor_of(body.covered_to)
        if kind == "ended":
            self._open_again()
            return None
        self._pause_s = 0.0
        if kind == "delivered":
            self._used += 1
            if 2 * self._used >= self._credit:
                self._grant(self._used)
                self._used = 0
            if self._seen(body.delivered.change.change):
                return None
        return body

    def _seen(self, change: Any) -> bool:
        """A guard: what was handed out is not handed out again. A group's redeliveries are."""
        cursor = cursor_of(change)
        if not self._request.group:
            if self._last_taken is not None and cursor <= self._last_taken:
                return True
            self._last_taken = cursor
        return False

    def _grant(self, more: int) -> None:
        self._send(subscription_pb2.Credit(subscription=self._correlation, more=more))

    def _send(self, body: Any) -> None:
        """Credit and unsubscribe are not answered; if they cannot be sent, silence will tell."""
        try:
            self._connection.send(body)
        except errors.EntenteError:
            pass

    def _check_silence(self) -> None:
        silent_s = time.monotonic() - self._heard
        if self._patience_s is not None and silent_s >= self._patience_s:
            raise errors.of("UNREACHABLE", f"{self._connection.endpoint} has been silent for "
                            f"{silent_s:.1f} s", value=self._connection.endpoint)
        if self._open_at is None and \
                time.monotonic() - max(self._heard, self._opened) >= self._lease_s:
            self._open_again()

    def _open_again(self) -> None:
        """On a new connection, so that nothing of the old one comes in between; at once for the
        first time, then after growing pauses until a message comes."""
        self._connection.close()
        self._opened_again += 1
        self._open_at = time.monotonic() + self._pause_s
        self._pause_s = min(max(2 * self._pause_s, _FIRST_PAUSE_S), _LONGEST_PAUSE_S)
        if self._covered_to is not None and not self._request.group:
            self._request.after.CopyFrom(subscription_pb2.Cursor(
                position=self._covered_to.position, ordinal=self._covered_to.ordinal))
