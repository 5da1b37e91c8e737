"""The tail of real services: gaps show and are filled."""

from __future__ import annotations

import services as running
from histories import scheduled

from entente import Client, Cursor, TailReader


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


def test_the_gap_of_a_restart_shows_and_is_filled(
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
        assert tail.gaps and tail.gaps[0][0] == "JP"
