"""Appending: what is stored, what is known, what is refused, and that it can be read."""

from __future__ import annotations

import pytest
from histories import scheduled

from entente import Client, EntenteError
from entente.v1 import log_pb2


def test_events_get_positions_and_repeating_them_is_harmless(client: Client) -> None:
    first = client.append([scheduled(1), scheduled(2)])
    assert [(e.position, e.revision, e.duplicate, e.id) for e in first.events] == [
        (1, 1, False, "example-1-scheduled"), (2, 1, False, "example-2-scheduled")]
    assert first.durable_position == 2

    again = client.append([scheduled(3), scheduled(1)])
    assert [(e.position, e.duplicate) for e in again.events] == [(3, False), (1, True)]


def test_all_faults_come_together_and_nothing_is_stored(client: Client) -> None:
    with pytest.raises(EntenteError) as caught:
        client.append([
            scheduled(1),
            scheduled(2, "2021-02-30"),
            scheduled(3, parties=("JP", "Indai"))])
    faults = {fault.field: fault for fault in caught.value.faults}
    assert {field: fault.reason for field, fault in faults.items()} == {
        "events[1].meeting_scheduled.date.edtf": "DATE_INVALID",
        "events[2].meeting.parties[1].name": "PARTY_UNKNOWN"}
    assert faults["events[1].meeting_scheduled.date.edtf"].value == "2021-02-30"
    assert any("India" in s for s in faults["events[2].meeting.parties[1].name"].suggestions)
    assert caught.value.code == "INVALID_ARGUMENT" and not caught.value.may_retry
    assert client.status("ingest").durable_position == 0


def test_the_same_id_with_other_content_is_a_conflict(client: Client) -> None:
    client.append([scheduled(1)])
    with pytest.raises(EntenteError) as caught:
        client.append([scheduled(1, "2021-04-25")])
    (fault,) = caught.value.faults
    assert (fault.reason, fault.code, fault.position) == ("ID_CONFLICT", "ALREADY_EXISTS", 1)


@pytest.mark.parametrize("expected, holds", [
    ("any", True), ("no_stream", False), (1, True), (0, False), (2, False)])
def test_expected_revision(client: Client, expected: str | int, holds: bool) -> None:
    client.append([scheduled(1)])
    second = [scheduled(1, id="example-1-again", reported="2021-04-02")]
    if holds:
        reply = client.append(second, expected={"meeting/example-1": expected})  # type: ignore
        assert reply.events[0].revision == 2
    else:
        with pytest.raises(EntenteError) as caught:
            client.append(second, expected={"meeting/example-1": expected})  # type: ignore
        assert caught.value.reason == "REVISION_CONFLICT"


def test_a_dry_run_stores_nothing(client: Client) -> None:
    assert client.append([scheduled(1)], dry_run=True).events[0].position == 0
    assert client.status("ingest").durable_position == 0


def test_what_is_no_event_is_refused_before_it_is_sent(client: Client) -> None:
    with pytest.raises(EntenteError) as caught:
        client.append([scheduled(1), scheduled(2) | {"meeting_imagined": {}}])
    assert [(f.reason, f.field) for f in caught.value.faults] == [("JSON_MALFORMED", "events[1]")]


def test_the_log_is_read_as_commits_and_by_stream(client: Client) -> None:
    client.append([scheduled(1), scheduled(2)])
    client.append([scheduled(1, id="example-1-again", reported="2021-04-02")])

    page = client.read_log()
    assert page.durable_position == 3 and page.next_position == 4
    assert all(commit.startswith(b"ENTC") for commit in page.commits)
    assert not client.read_log(4).commits

    told = list(client.stream("meeting/example-1"))
    assert [(e.position, e.revision, e.event.id) for e in told] == [
        (1, 1, "example-1-scheduled"), (3, 2, "example-1-again")]
    assert list(client.stream("meeting/example-9")) == []


def test_a_reader_of_another_history_is_told(client: Client) -> None:
    client.append([scheduled(1)])
    with pytest.raises(EntenteError) as caught:
        client.read_log(2, known=log_pb2.ChainPoint(position=1, hash=bytes(32)))
    assert caught.value.reason == "LOG_DIVERGED"
