"""Durable subscriptions at real services: settled, tried again, parked, and across kills."""

from __future__ import annotations

import random

import promises
import pytest
import services as running
from histories import scheduled

from entente import Client, Consumer, Cursor, Delivery, EntenteError


def next_of(consumer: Consumer) -> Delivery:
    delivery = consumer.next_delivery(running.DEADLINE_S)
    assert delivery is not None, "no change came"
    return delivery


def test_the_service_keeps_the_place(client: Client) -> None:
    client.append(scheduled(n) for n in range(1, 6))
    client.timeline(at_least=5)
    assert client.create_group("desk").created
    assert not client.create_group("desk").created
    with client.consume("desk") as consumer:
        for position in (1, 2, 3):
            delivery = next_of(consumer)
            assert delivery.cursor.position == position
            delivery.ack()
    with client.consume("desk") as consumer:
        assert next_of(consumer).cursor.position == 4, promises.RESUMABLE
    (standing,) = client.groups("desk").groups
    assert standing.ack_floor.position == 3 and standing.out == 0, promises.DURABLE


def test_retried_parked_and_replayed(client: Client) -> None:
    client.append([scheduled(1), scheduled(2)])
    client.timeline(at_least=2)
    client.create_group("desk", max_deliveries=2)
    with client.consume("desk") as consumer:
        first, second = next_of(consumer), next_of(consumer)
        second.ack()
        first.retry("printer on fire", later=False)
        again = next_of(consumer)
        assert (again.cursor, again.delivery) == (first.cursor, 2), promises.RETRIED
        again.retry("still", later=False)
        consumer.flush()
        (parked,) = client.parked("desk").parked
        assert parked.why == "failed 2 times: still", promises.RETRIED
        assert client.replay_parked("desk").replayed == 1
        next_of(consumer).ack()
        consumer.flush()
        assert not client.parked("desk").parked
    client.delete_group("desk")
    with pytest.raises(EntenteError) as refused:
        client.groups("desk")
    assert refused.value.reason == "GROUP_UNKNOWN"


def test_two_share(client: Client) -> None:
    client.append(scheduled(n) for n in range(1, 21))
    client.timeline(at_least=20)
    client.create_group("desk")
    taken: list[int] = []
    with client.consume("desk", credit=3) as one, client.consume("desk", credit=3) as other:
        while len(taken) < 20:
            for consumer in (one, other):
                while (delivery := consumer.next_delivery(0.05)) is not None:
                    taken.append(delivery.cursor.position)
                    delivery.ack()
    promises.check_told(sorted(taken), list(range(1, 21)))


def test_what_was_settled_and_not_held_is_settled_when_it_comes(client: Client) -> None:
    of_one_meeting = [scheduled(n, f"2021-04-{n:02}", stream="meeting/one") for n in (1, 2, 3)]
    client.append(of_one_meeting)
    client.timeline(at_least=3)
    client.create_group("desk")
    with client.consume("desk") as consumer:
        first = next_of(consumer)
        assert first.cursor == Cursor(1)
        consumer.settle(Cursor(2), "skip")  # not out before the first is settled
        consumer.flush(running.DEADLINE_S)
        first.ack()
        second = next_of(consumer)
        assert second.cursor == Cursor(3), promises.SHARED_BY_MEETING
        second.ack()
        consumer.flush(running.DEADLINE_S)
    (standing,) = client.groups("desk").groups
    assert standing.in_flight == 0 and standing.ack_floor.position == 3


def test_a_kill_loses_nothing_and_repeats_only_what_was_not_acked(
        services: running.Services, client: Client) -> None:
    """The consumer lives through it: what it settled is never handed out twice."""
    random.seed(6)
    client.append(scheduled(n) for n in range(1, 61))
    client.timeline(at_least=60)
    client.create_group("desk", max_deliveries=1000)
    taken: list[int] = []
    with client.consume("desk", credit=5) as consumer:
        while len(taken) < 60:
            if random.random() < 0.05:
                services.kill()
                services.start()
            delivery = next_of(consumer)
            assert delivery.cursor.position not in taken, promises.UNIQUE
            taken.append(delivery.cursor.position)
            delivery.ack()
        consumer.flush(running.DEADLINE_S)
    promises.check_told(taken, list(range(1, 61)), promises.RESUMABLE)
    (standing,) = client.groups("desk").groups
    assert standing.in_flight == 0 and standing.parked == 0, promises.DURABLE
