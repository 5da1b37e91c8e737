"""ZMTP 3.0 in a few lines (rfc.zeromq.org/spec/23), so that anything at all can be sent."""

import select
import socket
import struct

GREETING = b"\xff" + b"\0" * 8 + b"\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + b"\0" * 32
HEADER = struct.Struct("<4sHHQIHH")  # magic, type, flags, correlation, time left, frames, zero


def raw(endpoint, timeout):
    host, port = endpoint.removeprefix("tcp://").rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout)


class Dealer:
    KIND = b"DEALER"

    def __init__(self, endpoint, timeout):
        self.socket = raw(endpoint, timeout)
        self.socket.sendall(GREETING)
        self._exactly(64)
        ready = (b"\x05READY" + b"\x0bSocket-Type" + struct.pack(">I", len(self.KIND)) + self.KIND)
        self.socket.sendall(b"\x04" + bytes([len(ready)]) + ready)
        self._frame()  # the service's READY

    def close(self):
        self.socket.close()

    def _exactly(self, n):
        data = b""
        while len(data) < n:
            piece = self.socket.recv(n - len(data))
            if not piece:
                raise ConnectionError("the service closed the connection")
            data += piece
        return data

    def _frame(self):
        flags = self._exactly(1)[0]
        length = struct.unpack(">Q", self._exactly(8))[0] if flags & 2 else self._exactly(1)[0]
        return flags, self._exactly(length)

    def send(self, *frames):
        for i, frame in enumerate(frames):
            more = 1 if i + 1 < len(frames) else 0
            self.socket.sendall(struct.pack(">BQ", 2 | more, len(frame)) + frame)

    def announce(self, size):
        """The head of a frame of so many bytes, and nothing of the frame."""
        self.socket.sendall(struct.pack(">BQ", 2, size))

    def receive(self, within=None):
        """The frames of the next message; None where none begins in so many seconds."""
        frames = []
        while True:
            if within is not None and not frames:
                if not select.select([self.socket], [], [], within)[0]:
                    return None
            flags, body = self._frame()
            if flags & 4:  # a command, such as PING
                if body.startswith(b"\x04PING"):
                    pong = b"\x04PONG" + body[7:]
                    self.socket.sendall(b"\x04" + bytes([len(pong)]) + pong)
                continue
            frames.append(body)
            if not flags & 1:
                return frames


class Subscriber(Dealer):
    KIND = b"SUB"

    def subscribe(self, prefix):
        self.send(b"\x01" + prefix)


def header(message_type, correlation=1, magic=b"ENT1", flags=0, left=5000, frames=1, zero=0):
    return HEADER.pack(magic, message_type, flags, correlation, left, frames, zero)


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if not data[at - 1] & 0x80:
            return value, at


def fields(data):
    """The fields of a protobuf message: (number, value), nested messages as bytes."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 2:
            length, at = varint(data, at)
            yield key >> 3, data[at:at + length]
            at += length
        else:
            value, at = varint(data, at)
            yield key >> 3, value


def reasons(reply):
    """The numbers of the reasons in an error reply's frames."""
    message_type = HEADER.unpack(reply[0])[1]
    assert message_type == 1, f"a reply of type {message_type} and not an error"
    return [dict(fields(error)).get(1, 0) for number, error in fields(reply[1]) if number == 1]


def length_delimited(number, data):
    size = len(data)
    encoded = b""
    while size > 0x7F:
        encoded += bytes([size & 0x7F | 0x80])
        size >>= 7
    return bytes([number << 3 | 2]) + encoded + bytes([size]) + data
