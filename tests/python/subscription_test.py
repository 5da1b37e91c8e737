"""Subscriptions to real services: history, then live, and across restarts; each change once."""

from __future__ import annotations

import contextlib
import pathlib
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice

import promises
import pytest
import services as running
from histories import scheduled

from entente import Bookmark, Client, Cursor, Subscription

# A program that prints where each change stands, and keeps its place once it has. It kills itself
# between the two with the change whose number is given.
FOLLOW = """
import os, signal, sys
from entente import Bookmark, Client, Endpoints
saved = Bookmark(sys.argv[2])
left = int(sys.argv[4])
with Client(Endpoints(query=sys.argv[1])) as client:
    with client.subscribe(after=saved.read(), credit=8, lease_s=int(sys.argv[3])) as changes:
        while True:
            message = changes.receive(None)
            if message.WhichOneof("message") == "delivered":
                print(message.delivered.change.change.position, flush=True)
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            saved.save(changes.covered_to)
"""


@contextlib.contextmanager
def following(services: running.Services, bookmark: pathlib.Path,
              lease_s: int = 0, fatal: int = 0) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([sys.executable, "-c", FOLLOW, services.endpoints.query, str(bookmark),
                           str(lease_s), str(fatal)], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def lines(process: subprocess.Popen[str], count: int | None = None) -> list[int]:
    """So many positions that it prints, or all until its end."""
    assert process.stdout is not None
    return [int(line) for line in islice(process.stdout, count)]


def receive_until(subscription: Subscription, kind: str) -> list[int]:
    """Positions that came before a message of the kind."""
    positions: list[int] = []
    while True:
        message = subscription.receive(running.DEADLINE_S)
        assert message is not None, f"no {kind} came"
        if message.WhichOneof("message") == "delivered":
            positions.append(message.delivered.change.change.position)
        if message.WhichOneof("message") == kind:
            return positions


def take(subscription: Subscription, count: int) -> list[int]:
    return [delivered.change.change.position for delivered in islice(subscription, count)]


def test_history_then_live(client: Client) -> None:
    client.append(scheduled(n) for n in range(1, 31))
    client.timeline(at_least=30)
    with client.subscribe(credit=4) as subscription:
        promises.check_told(receive_until(subscription, "caught_up"), list(range(1, 31)))
        assert subscription.covered_to is not None
        assert subscription.covered_to >= Cursor(30, 0), promises.COVERED
        for n in range(31, 41):
            client.append([scheduled(n)])
        promises.check_told(take(subscription, 10), list(range(31, 41)))
        assert subscription.opened_again == 0


def test_only_what_matches_and_why(client: Client) -> None:
    client.append([scheduled(1), scheduled(2, parties=("FR", "DE")), scheduled(3)])
    with client.subscribe({"countries": ["India"]}, with_meeting=True) as subscription:
        first = next(iter(subscription))
        assert first.change.text.startswith("Japan-India two-plus-two")
        assert list(first.change.matched) == ["country/IN"]
        assert first.change.meeting.id == "meeting/example-1"
        assert take(subscription, 1) == [3], promises.FILTERED


def test_where_it_begins(client: Client) -> None:
    client.append(scheduled(n) for n in range(1, 6))
    client.timeline(at_least=5)
    with client.subscribe(after=Cursor(2, 0)) as after, client.subscribe(now=True) as now, \
            client.subscribe(recorded="2021-01-01") as recorded:
        assert receive_until(after, "caught_up") == [3, 4, 5]
        assert receive_until(now, "caught_up") == []
        assert receive_until(recorded, "caught_up") == [1, 2, 3, 4, 5]
        client.append([scheduled(6)])
        assert take(after, 1) == take(now, 1) == take(recorded, 1) == [6]


def test_backfill_alerts_only_who_asks(client: Client) -> None:
    client.append([scheduled(1, backfill=True), scheduled(2)])
    with client.subscribe() as quiet, client.subscribe(with_backfill=True) as loud:
        assert take(quiet, 1) == [2]
        assert take(loud, 2) == [1, 2]


def test_a_saved_cursor_resumes_without_gap_or_duplicate(client: Client) -> None:
    client.append(scheduled(n) for n in range(1, 11))
    with client.subscribe() as subscription:
        assert take(subscription, 4) == [1, 2, 3, 4]
        saved = subscription.covered_to
    with client.subscribe(after=saved) as subscription:
        promises.check_told(take(subscription, 6), [5, 6, 7, 8, 9, 10], promises.RESUMABLE)


@pytest.mark.parametrize("how", ["kill", "stop"])
def test_a_restart_is_survived(services: running.Services, client: Client, how: str) -> None:
    """Two subscriptions, one in the middle of its history and one that is live, and a client that
    goes on appending, through three restarts on the same directory and ports."""
    choose = random.Random(7)
    with client.subscribe(credit=8) as behind, client.subscribe(now=True) as live:
        receive_until(live, "caught_up")
        seen_behind: list[int] = []
        seen_live: list[int] = []
        head = 0
        for _ in range(3):
            client.append(scheduled(n) for n in range(head + 1, head + 41))
            head += 40
            seen_behind += take(behind, choose.randint(1, 30))
            seen_live += take(live, choose.randint(1, 40))
            getattr(services, how)()
            services.start()
        client.append([scheduled(head + 1)])
        head += 1
        seen_behind += take(behind, head - len(seen_behind))
        seen_live += take(live, head - len(seen_live))
        for seen in (seen_behind, seen_live):
            promises.check_told(seen, list(range(1, head + 1)), promises.RESUMABLE)
        assert behind.opened_again > 0 and live.opened_again > 0


def test_silence_is_told_to_who_asks(services: running.Services, client: Client) -> None:
    with client.subscribe(patience_s=0.5) as subscription:
        receive_until(subscription, "caught_up")
        services.kill()
        with pytest.raises(Exception, match="UNREACHABLE"):
            subscription.receive(None)


def test_idle_subscriptions_stay_open(client: Client) -> None:
    """A lease of one second, and nothing to tell for longer: the signs of life hold it."""
    with client.subscribe(lease_s=1) as subscription:
        receive_until(subscription, "caught_up")
        for _ in range(6):
            receive_until(subscription, "heartbeat")
        assert subscription.opened_again == 0


def test_who_was_away_can_tell_that_the_views_were_rebuilt(client: Client) -> None:
    """As docs/protocol.md has it: by the generation that was kept beside the place."""
    client.append(scheduled(n) for n in range(1, 6))
    with client.subscribe() as subscription:
        assert take(subscription, 3) == [1, 2, 3]
        place, kept = subscription.covered_to, client.status("query").generation
    with client.subscribe(after=place) as subscription:
        assert take(subscription, 1) == [4]
        assert client.status("query").generation == kept
    client.rebuild()
    deadline = time.monotonic() + running.DEADLINE_S
    while client.status("query").generation == kept:
        assert time.monotonic() < deadline, "nothing took over"
    with client.subscribe(after=place) as subscription:
        assert take(subscription, 2) == [4, 5]
        anew = client.changes(since_position=0)
        assert anew.answered.generation == client.status("query").generation != kept
        assert len(anew.changes) == 5


def test_a_program_killed_again_and_again_misses_nothing(
        services: running.Services, client: Client, tmp_path: pathlib.Path) -> None:
    """What it told and had no time to note is told again, and nothing else is."""
    choose = random.Random(11)
    bookmark = tmp_path / "place"
    head = 0
    told: list[int] = []
    for round_ in range(12):
        client.append(scheduled(n) for n in range(head + 1, head + 101))
        head += 100
        noted = Bookmark(bookmark).read() or Cursor(0)
        at = choose.randint(1, min(100, head - noted.position))
        by_itself = round_ % 2 == 0
        with following(services, bookmark, fatal=at if by_itself else 0) as process:
            came = lines(process, at)
            if not by_itself:
                process.kill()
            came += lines(process)
        expected = list(range(noted.position + 1, noted.position + 1 + len(came)))
        promises.check_told(came, expected, promises.RESUMABLE)
        told += came
    noted = Bookmark(bookmark).read() or Cursor(0)
    with following(services, bookmark) as process:
        told += lines(process, head - noted.position)
    assert set(told) == set(range(1, head + 1)), promises.GAP_FREE
    assert len(told) >= head + 6, "nothing was told again"


def test_a_program_that_stands_still_is_forgotten_and_goes_on(
        services: running.Services, client: Client, tmp_path: pathlib.Path) -> None:
    """Stopped, as with a shut lid: its connection stands, and nobody answers on it."""

    def await_subscriptions(count: int) -> None:
        deadline = time.monotonic() + running.DEADLINE_S
        while client.status("query").subscriptions != count:
            assert time.monotonic() < deadline, f"never {count} subscriptions"

    client.append(scheduled(n) for n in range(1, 4))
    with following(services, tmp_path / "place", lease_s=1) as process:
        assert lines(process, 3) == [1, 2, 3]
        process.send_signal(signal.SIGSTOP)
        await_subscriptions(0)
        client.append(scheduled(n) for n in range(4, 7))
        process.send_signal(signal.SIGCONT)
        assert lines(process, 3) == [4, 5, 6]
        await_subscriptions(1)
