"""One connection to one service. For one thread at a time, like the socket it owns."""

from __future__ import annotations

import time
from typing import Any

import zmq

from entente import errors, wire
from entente.v1 import error_pb2

# A service that waits for something answers at the very deadline.
GRACE_S = 0.5
_MAX_TIME_LEFT_MS = 0xFFFF_FFFF
# Room for all that credit grants: libzmq stops reading the connection of a socket that is full, and
# may end the process if it gives that up (https://github.com/zeromq/libzmq/issues/3937).
_QUEUE_MESSAGES_MAX = 20_000


def keep_alive(socket: zmq.Socket[Any]) -> None:
    """Finds out within some 30 s that the machine at the other end is gone."""
    socket.setsockopt(zmq.TCP_KEEPALIVE, 1)
    socket.setsockopt(zmq.TCP_KEEPALIVE_IDLE, 15)
    socket.setsockopt(zmq.TCP_KEEPALIVE_INTVL, 5)
    socket.setsockopt(zmq.TCP_KEEPALIVE_CNT, 3)


class Connection:
    """A DEALER socket that connects when it is first used, and counts correlation ids."""

    def __init__(self, endpoint: str, context: zmq.Context[Any]) -> None:
        self.endpoint = endpoint
        self._context = context
        self._socket: zmq.Socket[Any] | None = None
        self._correlation = 0

    def close(self, linger_ms: int = 0) -> None:
        """Lets go of the socket; the next send opens another. What is still to be sent is dropped
        after `linger_ms`."""
        if self._socket is not None:
            self._socket.close(linger_ms)
            self._socket = None

    def send(self, body: Any, time_left_s: float = 0) -> int:
        """Sends and returns the correlation id. Never blocks."""
        self._correlation += 1
        self.send_as(self._correlation, body, time_left_s)
        return self._correlation

    def send_as(self, correlation: int, body: Any, time_left_s: float = 0) -> None:
        time_left_ms = min(max(0, round(time_left_s * 1000)), _MAX_TIME_LEFT_MS)
        try:
            self._open().send_multipart(
                wire.encode(body, correlation, time_left_ms), zmq.DONTWAIT)
        except zmq.Again as error:
            raise self._unreachable("does not take what it is sent") from error

    def receive(self, timeout_s: float) -> wire.Message | None:
        """The next message, or None when none came in time. What cannot be read is an error, and
        so is one that the service could not assign to a request."""
        if not self._open().poll(max(0, round(timeout_s * 1000))):
            return None
        frames = self._open().recv_multipart()
        try:
            message = wire.decode(frames)
        except wire.Unreadable as error:
            self.close()
            raise errors.of("PROTOCOL_FRAME",
                            f"{self.endpoint} does not speak our protocol: {error}") from error
        if message.correlation == 0 and isinstance(message.body, error_pb2.ErrorReply):
            self.close()
            raise errors.from_reply(message.body)
        return message

    def request(self, body: Any, timeout_s: float, grace_s: float = GRACE_S) -> wire.Message:
        """Sends a request and waits for its reply, up to `grace_s` beyond the time that the
        service is given. Repeats what was refused with the promise that nothing was done
        (OVERLOADED, STOPPING) while there is time."""
        deadline = time.monotonic() + timeout_s
        pause_s = 0.05
        while True:
            try:
                return self._once(body, deadline - time.monotonic(), grace_s)
            except errors.EntenteError as error:
                if error.reason not in ("OVERLOADED", "STOPPING") \
                        or time.monotonic() + pause_s >= deadline:
                    raise
                if error.reason == "STOPPING":
                    self.close()
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, 1.0)

    def _once(self, body: Any, time_left_s: float, grace_s: float) -> wire.Message:
        # 0 would say that there is no deadline.
        time_left_s = max(time_left_s, 0.001)
        correlation = self.send(body, time_left_s)
        deadline = time.monotonic() + time_left_s + grace_s
        while True:
            message = self.receive(deadline - time.monotonic())
            if message is None:
                # What ZeroMQ still holds would be sent when the service comes back.
                self.close()
                raise self._unreachable(f"did not answer within {time_left_s + grace_s:.1f} s")
            if message.correlation != correlation:
                continue  # answers what was given up
            if isinstance(message.body, error_pb2.ErrorReply):
                raise errors.from_reply(message.body)
            return message

    def _unreachable(self, what: str) -> errors.EntenteError:
        return errors.of("UNREACHABLE", f"{self.endpoint} {what}", value=self.endpoint)

    def _open(self) -> zmq.Socket[Any]:
        if self._socket is None:
            socket = self._context.socket(zmq.DEALER)
            socket.setsockopt(zmq.LINGER, 0)
            socket.setsockopt(zmq.RCVHWM, _QUEUE_MESSAGES_MAX)
            socket.setsockopt(zmq.RECONNECT_IVL, 100)
            socket.setsockopt(zmq.RECONNECT_IVL_MAX, 2_000)
            keep_alive(socket)
            try:
                socket.connect(self.endpoint)
            except zmq.ZMQError as error:
                socket.close(0)
                raise errors.of("ENDPOINT_REFUSED", f"cannot connect: {error}",
                                value=self.endpoint) from error
            self._socket = socket
        return self._socket
