"""The tail of real services: gaps show and are filled."""

from __future__ import annotations

import pathlib
import threading
import time
from typing import Any, cast

import services as running
import zmq
from histories import scheduled

from entente import Client, Cursor, Subscription, TailReader, wire
from entente.v1 import subscription_pb2


def positions_until(tail: TailReader, last: int) -> list[int]:
    positions: list[int] = []
    while not positions or positions[-1] < last:
        change = tail.receive(running.DEADLINE_S)
        assert change is not None, f"only {positions} came"
        positions.append(change.change.position)
    return positions


def test_who_joins_late_misses_nothing_and_gets_nothing_twice(client: Client) -> None:
    client.append(scheduled(n) for n in range(1, 11))
    client.timeline(at_least=10)
    with client.tail(["JP", "IN"], after=Cursor(0, 0)) as tail:
        assert positions_until(tail, 10) == list(range(1, 11))
        for n in range(11, 21):
            client.append([scheduled(n)])
        assert positions_until(tail, 20) == list(range(11, 21))


def test_over_a_restart_of_the_services_nothing_is_missed(
        services: running.Services, client: Client) -> None:
    client.append([scheduled(1)])
    client.timeline(at_least=1)
    with client.tail(["JP"], after=Cursor(0, 0)) as tail:
        assert positions_until(tail, 1) == [1]
        services.kill()
        services.start()
        client.append(scheduled(n) for n in range(2, 31))
        client.timeline(at_least=30)
        # One by one: the first may still be published to nobody.
        heard: list[int] = []
        number = 30
        while not heard:
            number += 1
            client.append([scheduled(number)])
            client.timeline(at_least=number)
            if (change := tail.receive(0.2)) is not None:
                heard.append(change.change.position)
        heard += positions_until(tail, number) if heard[-1] < number else []
        assert heard == list(range(2, number + 1))


def test_a_queue_that_runs_over_shows_its_gap(client: Client) -> None:
    """Of what is too much the oldest goes, so the newest shows what is missing."""
    client.append([scheduled(1)])
    client.timeline(at_least=1)
    with client.tail(["JP"], after=Cursor(0, 0), queue=1) as tail:
        assert positions_until(tail, 1) == [1]
        heard: list[int] = []
        number = 1
        while not tail.gaps:  # how fast the tail is heard is not for us to say
            first, number = number + 1, number + 20
            client.append(scheduled(n) for n in range(first, number + 1))
            client.timeline(at_least=number)
            heard += positions_until(tail, number)
        assert heard == list(range(2, number + 1))


def test_closing_ends_a_wait(client: Client) -> None:
    tail = client.tail(["JP"], after=Cursor(0, 0))
    assert tail.receive(0) is None
    said: list[str] = []

    def wait() -> None:
        try:
            tail.receive(None)
        except ValueError as closed:
            said.append(str(closed))

    waiting = threading.Thread(target=wait)
    waiting.start()
    tail.close()
    waiting.join(running.DEADLINE_S)
    assert said == ["the tail is closed"]


class NothingYet:
    """A feed at its head, without changes."""

    covered_to = Cursor(1, 65_535)

    def __enter__(self) -> NothingYet:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def receive(self, _: float | None) -> subscription_pb2.SubscriptionMessage:
        return subscription_pb2.SubscriptionMessage(caught_up={})


def test_all_of_many_prefixes_are_heard_again_when_the_publisher_is_started_anew(
        tmp_path: pathlib.Path) -> None:
    """A SUB socket tells a publisher that comes back of all its prefixes at once (libzmq 4064)."""
    context: zmq.Context[Any] = zmq.Context()
    at = f"ipc://{tmp_path}/returning.sock"
    countries = [f"C{n}" for n in range(400)]

    def bound() -> zmq.Socket[Any]:
        publisher = context.socket(zmq.PUB)
        publisher.setsockopt(zmq.LINGER, 0)
        publisher.bind(at)
        return publisher

    def all_are_heard(publisher: zmq.Socket[Any], above: int) -> bool:
        """What is published before its subscription has come goes to nobody: it is repeated."""
        missing = {above + n: country for n, country in enumerate(countries)}
        deadline = time.monotonic() + running.DEADLINE_S
        while missing and time.monotonic() < deadline:
            for position, country in missing.items():
                message = subscription_pb2.Tail()
                message.change.change.position = position
                message.change.change.terms_after.append(f"country/{country}")
                publisher.send_multipart(
                    [f"country/{country}/".encode(), *wire.encode(message, 0)])
            while missing and (change := tail.receive(0.05)) is not None:
                missing.pop(change.change.position, None)
        return not missing

    def nothing_yet(*_: object, **__: object) -> Subscription:
        return cast(Subscription, NothingYet())

    publisher = bound()
    with TailReader(at, context, countries, nothing_yet, Cursor(1, 65_535)) as tail:
        assert all_are_heard(publisher, 10_000)
        publisher.close(0)
        publisher = bound()
        assert all_are_heard(publisher, 20_000)
    publisher.close(0)
    context.term()
