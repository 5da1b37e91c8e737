"""Each question, on the history of examples/."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterator

import pytest

import services as running
from entente import Client, EntenteError

EXAMPLES = running.TREE / "examples" / "two-plus-two-2021.jsonl"
EVENTS = [json.loads(line) for line in EXAMPLES.read_text().splitlines()]
HEAD = len(EVENTS)
TODAY = "2021-05-06"
JAPAN = {"countries": ["Japan"], "kinds": ["two-plus-two"]}


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    directory: pathlib.Path = tmp_path_factory.mktemp("questions")
    process = running.Services(directory / "data")
    process.start()
    with Client(data=process.directory, timeout_s=running.DEADLINE_S) as client:
        client.append(EVENTS)
        client.timeline(at_least=HEAD)
        yield client
    process.kill()


def test_timeline(asking: Client) -> None:
    reply = asking.timeline(JAPAN, today=TODAY)
    assert [(e.meeting.id, e.meeting.date.fact.value) for e in reply.entries] == [
        ("meeting/jp-gb-two-plus-two-2021-02", "2021-02-03"),
        ("meeting/jp-id-two-plus-two-2021-03", "2021-03"),
        ("meeting/jp-us-two-plus-two-2021-03", "2021-03"),
        ("meeting/jp-de-two-plus-two-2021-04", "2021-04"),
        ("meeting/jp-in-two-plus-two-2021-04", "2021-04-24"),
        ("meeting/jp-us-two-plus-two-2021-again", "2021-05-05/2021")]
    assert reply.answered.position == HEAD
    assert asking.timeline(JAPAN, newest_first=True, page_size=1).entries[0].meeting.id \
        == "meeting/jp-us-two-plus-two-2021-again"


def test_pages_are_joined(asking: Client) -> None:
    whole = [e.meeting.id for e in asking.timeline(today=TODAY).entries]
    assert [e.meeting.id for e in asking.timeline_entries(today=TODAY, page_size=2)] == whole
    assert len(asking.timeline(page_size=2).entries) == 2


def test_as_of(asking: Client) -> None:
    assert not asking.timeline(JAPAN, as_of={"reported": "2021-05-04"}).entries
    assert len(asking.timeline(JAPAN, as_of={"position": 3}).entries) == 2


def test_meeting(asking: Client) -> None:
    meeting = asking.meeting("jp-in-two-plus-two-2021-04", today=TODAY).meeting
    assert meeting.Status.Name(meeting.status) == "status_postponed"
    assert meeting.reason.value == "epidemic"
    assert [report.source.locator for report in meeting.reports].count("p. 14") == 2


def test_subject(asking: Client) -> None:
    subject = asking.subject("kind/two-plus-two").subject
    assert subject.id == "kind/two-plus-two" and len(subject.statements) == 5


def test_stats(asking: Client) -> None:
    counts = asking.stats("partner", JAPAN, today=TODAY).counts
    assert [(c.key, c.certain) for c in counts] == [
        ("GB", 1), ("ID", 1), ("US", 1), ("DE", 1), ("IN", 0)]
    (year,) = asking.stats("year", JAPAN, today=TODAY).counts
    assert (year.key, year.certain, year.unfinished) == ("2021", 4, True)


def test_diff(asking: Client) -> None:
    reply = asking.diff({"position": 0}, filter={"countries": ["IN"]}, today=TODAY)
    assert (reply.from_position, reply.to_position) == (0, HEAD)
    (added,) = reply.meetings
    assert (added.id, added.What.Name(added.what)) == (
        "meeting/jp-in-two-plus-two-2021-04", "added")
    (change,) = asking.changes({"countries": ["IN"], "change_types": ["postponed"]}).changes
    position = change.change.position
    (diff,) = asking.diff({"position": position - 1}, {"position": position}, today=TODAY).meetings
    assert ("reason", "", "epidemic") in [(f.fact, f.before, f.after) for f in diff.facts]
    with pytest.raises(EntenteError) as refused:
        asking.diff({"position": 5}, {"position": 4}, today=TODAY)
    assert refused.value.faults[0].field == "to"


def test_pending(asking: Client) -> None:
    entries = asking.pending(JAPAN, today=TODAY).entries
    assert [(e.meeting.id, e.Why.Name(e.why)) for e in entries][0] \
        == ("meeting/jp-in-two-plus-two-2021-04", "postponed")


def test_changes(asking: Client) -> None:
    reply = asking.changes({"countries": ["IN"]}, since_position=19)
    assert [change.change.position for change in reply.changes] == [20, 21, 22]
    assert reply.covered_to == HEAD
    assert reply.changes[0].text.startswith("Japan-India two-plus-two of 24 April 2021 postponed")


def test_vocabulary(asking: Client) -> None:
    words = asking.vocabulary("countries").words
    assert {word.id: word.meetings for word in words} == {
        "DE": 1, "GB": 1, "ID": 1, "IN": 1, "JP": 6, "US": 2}


def test_status(asking: Client) -> None:
    for service in ("ingest", "projector", "query"):
        status = asking.status(service)  # type: ignore[arg-type]
        assert (status.service, status.durable_position) == (service, HEAD)
        assert status.Health.Name(status.health) == "green"


@pytest.mark.parametrize("ask, reason, field", [
    (lambda c: c.timeline({"countries": ["Japn"]}), "PARTY_UNKNOWN", "filter.countries[0]"),
    (lambda c: c.timeline({"countrys": ["JP"]}), "JSON_MALFORMED", "filter"),
    (lambda c: c.timeline(page_token=b"none"), "PAGE_TOKEN_INVALID", "page_token"),
    (lambda c: c.meeting("never-heard-of"), "NOT_FOUND", "id"),
    (lambda c: c.stats("partner"), "QUERY_INVALID", "filter.countries"),
    (lambda c: c.parked("a-group"), "GROUP_UNKNOWN", "group"),
    (lambda c: c.replay_parked("a-group"), "GROUP_UNKNOWN", "group"),
    (lambda c: c.consume("a-group").receive(60), "GROUP_UNKNOWN", "group"),
    (lambda c: c.subscribe(credit=10_001).receive(60), "FIELD_INVALID", "credit"),
])
def test_faults(asking: Client, ask: object, reason: str, field: str) -> None:
    with pytest.raises(EntenteError) as caught:
        ask(asking)  # type: ignore[operator]
    assert (caught.value.reason, caught.value.faults[0].field) == (reason, field)
    assert caught.value.faults[0].message


def test_a_position_that_does_not_come(asking: Client) -> None:
    with Client(asking.endpoints, timeout_s=0.2) as hasty:
        with pytest.raises(EntenteError) as caught:
            hasty.timeline(at_least=HEAD + 1)
    assert caught.value.reason == "POSITION_AHEAD" and caught.value.may_retry


def test_nobody_there() -> None:
    with Client(timeout_s=0.1, data=None) as client:
        client._connections["query"].endpoint = "ipc:///nonexistent/socket"
        with pytest.raises(EntenteError) as caught:
            client.timeline()
    assert caught.value.reason == "UNREACHABLE"
