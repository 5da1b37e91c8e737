"""The client: one method for each request of docs/protocol.md, section 6."""

from __future__ import annotations

import dataclasses
import datetime
import os
import weakref
from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, Literal, TypeAlias, TypeVar

import zmq

from entente import endpoints as places
from entente import errors
from entente.connection import Connection
from entente.consumer import Consumer
from entente.endpoints import Endpoints
from entente.message_form import day_of, message_of
from entente.subscription import Cursor, Subscription
from entente.tail import TailReader
from entente.v1 import event_pb2, log_pb2, query_pb2, subscription_pb2, view_pb2

# Messages may be given as they are or in their JSON form, as docs/domain.md shows events.
Form: TypeAlias = Mapping[str, Any]
Expected: TypeAlias = Literal["any", "no_stream"] | int
Day: TypeAlias = datetime.date | str
R = TypeVar("R")

# A log reader is held for up to this long where it asks for no time.
_AT_ONCE_S = 0.05


@dataclasses.dataclass(frozen=True, slots=True)
class LogPage:
    """A piece of the log: commits as they are stored, or the events of one stream."""

    durable_position: int
    next_position: int
    commits: tuple[bytes, ...]
    events: tuple[event_pb2.RecordedEvent, ...]


class Client:
    """Talks to ingest, projector and query; connects to each when it is first needed. For one
    thread at a time; its subscriptions may each be used by another one.

    Every method raises EntenteError with all faults of the request, or UNREACHABLE when no answer
    came within `timeout_s`: an append may then have been carried out, and is safe to repeat.
    """

    def __init__(self, endpoints: Endpoints | None = None, *,
                 data: str | os.PathLike[str] | None = None, timeout_s: float = 10.0) -> None:
        """`data`: the data directory of running services, which says where they listen. Neither
        given: as the environment says, else the default endpoints."""
        if endpoints is None:
            endpoints = places.of_environment() if data is None else places.of_data_directory(data)
        self.endpoints = endpoints
        self.timeout_s = timeout_s
        self._context: zmq.Context[Any] = zmq.Context()
        self._connections = {
            service: Connection(endpoint, self._context)
            for service, endpoint in dataclasses.asdict(endpoints).items() if service != "tail"}
        self._subscriptions: weakref.WeakSet[Subscription] = weakref.WeakSet()
        self._tails: weakref.WeakSet[TailReader] = weakref.WeakSet()

    def close(self) -> None:
        """Ends all subscriptions and connections."""
        for subscription in list(self._subscriptions):
            subscription.close()
        for tail in list(self._tails):
            tail.close()
        for connection in self._connections.values():
            connection.close()
        self._context.term()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    # ---- ingest ----

    def append(self, events: Iterable[event_pb2.NewEvent | Form], *,
               expected: Mapping[str, Expected] | None = None,
               dry_run: bool = False) -> log_pb2.AppendReply:
        """Appends a batch, all or nothing, and returns when it is on disk. `expected` says what
        revision a stream must have before: a number, `no_stream` or `any`."""
        request = log_pb2.AppendRequest(dry_run=dry_run)
        for index, event in enumerate(events):
            request.events.append(message_of(event_pb2.NewEvent, event, f"events[{index}]"))
        for stream, revision in (expected or {}).items():
            expectation = request.expected.add(stream=stream)
            if isinstance(revision, int):
                expectation.exact = revision
            else:
                setattr(expectation, revision, True)
        return self._ask("ingest", request, log_pb2.AppendReply)

    def read_log(self, from_position: int = 1, *, stream: str = "", max_bytes: int = 0,
                 known: log_pb2.ChainPoint | None = None, wait_s: float = 0.0) -> LogPage:
        """A piece of the log from a position on; go on with `next_position`. Where there is
        nothing yet it waits up to `wait_s` (at most 30) and returns an empty page. `known` is
        what the reader already holds: LOG_DIVERGED if this log goes another way."""
        request = log_pb2.ReadLogRequest(
            from_position=from_position, max_bytes=max_bytes, stream=stream, known=known)
        reply = self._connections["ingest"].request(
            request, max(wait_s, _AT_ONCE_S), grace_s=self.timeout_s)
        page = self._expect(reply.body, log_pb2.ReadLogReply)
        return LogPage(page.durable_position, page.next_position, reply.more, tuple(page.events))

    def stream(self, stream: str) -> Iterator[event_pb2.RecordedEvent]:
        """All events of one stream that are durable now."""
        page = self.read_log(stream=stream)
        while page.events:
            yield from page.events
            if page.next_position > page.durable_position:
                return
            page = self.read_log(page.next_position, stream=stream)

    def status(self, service: Literal["ingest", "projector", "query"]) -> log_pb2.StatusReply:
        return self._ask(service, log_pb2.StatusRequest(), log_pb2.StatusReply)

    # ---- questions to query ----
    #
    # `today` is the day for "lapsed" and "year unfinished" (None: that of `as_of`, or the
    # clock's), `as_of` the state to answer from (None: now), `at_least` a position that the
    # answer must have seen, such as that of an append. A page ends with `next_page_token`.

    def timeline(self, filter: query_pb2.Filter | Form | None = None, *,
                 today: Day | None = None, as_of: query_pb2.AsOf | Form | None = None,
                 at_least: int = 0, newest_first: bool = False, page_size: int = 0,
                 page_token: bytes = b"") -> query_pb2.TimelineReply:
        """Meetings by their days."""
        return self._ask("query", query_pb2.TimelineRequest(
            context=_context(today, as_of, at_least), filter=_filter(filter),
            newest_first=newest_first, page_size=page_size, page_token=page_token),
            query_pb2.TimelineReply)

    def timeline_entries(self, filter: query_pb2.Filter | Form | None = None, *,
                         today: Day | None = None, as_of: query_pb2.AsOf | Form | None = None,
                         at_least: int = 0, newest_first: bool = False,
                         page_size: int = 0) -> Iterator[query_pb2.TimelineEntry]:
        """The timeline on all pages, each as it is when it is asked for; give `as_of` a position to
        have all of one state."""
        token = b""
        while True:
            reply = self.timeline(filter, today=today, as_of=as_of, at_least=at_least,
                                  newest_first=newest_first, page_size=page_size, page_token=token)
            yield from reply.entries
            if not (token := reply.next_page_token):
                return

    def meeting(self, id: str, *, today: Day | None = None,
                as_of: query_pb2.AsOf | Form | None = None,
                at_least: int = 0) -> query_pb2.MeetingReply:
        """One meeting whole, with all its reports."""
        return self._ask("query", query_pb2.MeetingRequest(
            context=_context(today, as_of, at_least), id=id), query_pb2.MeetingReply)

    def subject(self, id: str, *, today: Day | None = None,
                as_of: query_pb2.AsOf | Form | None = None,
                at_least: int = 0) -> query_pb2.SubjectReply:
        """What is said of a series, kind, country or pair, by its stream's name."""
        return self._ask("query", query_pb2.SubjectRequest(
            context=_context(today, as_of, at_least), id=id), query_pb2.SubjectReply)

    def stats(self, by: Literal["year", "partner", "mode", "status", "topic"],
              filter: query_pb2.Filter | Form | None = None, *, today: Day | None = None,
              as_of: query_pb2.AsOf | Form | None = None,
              at_least: int = 0) -> query_pb2.StatsReply:
        """Counts of held meetings."""
        return self._ask("query", query_pb2.StatsRequest(
            context=_context(today, as_of, at_least), filter=_filter(filter),
            by=query_pb2.StatsRequest.By.Value(by)), query_pb2.StatsReply)

    def pending(self, filter: query_pb2.Filter | Form | None = None, *,
                today: Day | None = None, as_of: query_pb2.AsOf | Form | None = None,
                at_least: int = 0, page_size: int = 0, page_token: bytes = b"",
                with_counts: bool = False) -> query_pb2.PendingReply:
        """Meetings that are postponed, called off, lapsed or without a day; with `with_counts` also
        how many there are on all pages."""
        return self._ask("query", query_pb2.PendingRequest(
            context=_context(today, as_of, at_least), filter=_filter(filter),
            page_size=page_size, page_token=page_token, with_counts=with_counts),
            query_pb2.PendingReply)

    def changes(self, filter: query_pb2.Filter | Form | None = None, *, since_position: int = 0,
                since_day: str = "", today: Day | None = None,
                as_of: query_pb2.AsOf | Form | None = None, at_least: int = 0,
                page_size: int = 0, page_token: bytes = b"") -> query_pb2.ChangesReply:
        """What changed after a position, or from the start of a recorded day, as it stands now;
        `subscribe` goes on from there."""
        return self._ask("query", query_pb2.ChangesRequest(
            context=_context(today, as_of, at_least), filter=_filter(filter),
            since_position=since_position, since_day=since_day, page_size=page_size,
            page_token=page_token), query_pb2.ChangesReply)

    def vocabulary(self, what: Literal["countries", "topics", "kinds", "series"], *,
                   today: Day | None = None, as_of: query_pb2.AsOf | Form | None = None,
                   at_least: int = 0) -> query_pb2.VocabularyReply:
        """The words the log holds something of, and how much."""
        return self._ask("query", query_pb2.VocabularyRequest(
            context=_context(today, as_of, at_least),
            what=query_pb2.VocabularyRequest.What.Value(what)), query_pb2.VocabularyReply)

    def diff(self, from_: query_pb2.AsOf | Form, to: query_pb2.AsOf | Form | None = None,
             filter: query_pb2.Filter | Form | None = None, *, today: Day | None = None,
             as_of: query_pb2.AsOf | Form | None = None, at_least: int = 0, page_size: int = 0,
             page_token: bytes = b"") -> query_pb2.DiffReply:
        """What two states of the log say differently: after `from_` (position 0: nothing) and
        after `to` (None: now), each by position or by when it was recorded."""
        request = query_pb2.DiffRequest(
            context=_context(today, as_of, at_least), filter=_filter(filter),
            to=None if to is None else message_of(query_pb2.AsOf, to, "to"),
            page_size=page_size, page_token=page_token)
        # A field named as Python's keyword is reached by its name only.
        getattr(request, "from").CopyFrom(message_of(query_pb2.AsOf, from_, "from"))
        getattr(request, "from").SetInParent()
        return self._ask("query", request, query_pb2.DiffReply)

    # ---- generations of the views, of the projector ----

    def generations(self) -> view_pb2.GenerationsReply:
        """The generations on its disk, the oldest first, and the one being built."""
        return self._ask("projector", view_pb2.GenerationsRequest(), view_pb2.GenerationsReply)

    def rebuild(self, *, hold: bool = False,
                stop_at_poison: bool = False) -> view_pb2.GenerationsReply:
        """Begins to build another generation from the log, beside the one that answers. It takes
        over when it has caught up; with `hold` it waits for `swap`. STORE_BUSY while another one
        is being built."""
        return self._change_generations(rebuild=view_pb2.ChangeGenerationsRequest.Rebuild(
            hold=hold, stop_at_poison=stop_at_poison))

    def swap(self) -> view_pb2.GenerationsReply:
        """Lets the generation that is held take over."""
        return self._change_generations(swap=True)

    def cancel_rebuild(self) -> view_pb2.GenerationsReply:
        """Gives up the generation that is being built."""
        return self._change_generations(cancel=True)

    def rollback(self, generation: str = "") -> view_pb2.GenerationsReply:
        """Folds a kept generation (empty: the newest) forward to the head, then lets it take
        over."""
        return self._change_generations(rollback=generation)

    def drop(self, generation: str) -> view_pb2.GenerationsReply:
        """Removes a kept generation."""
        return self._change_generations(drop=generation)

    def parked_events(self, *, after_position: int = 0, page_size: int = 0,
                      generation: str = "") -> view_pb2.ParkedEventsReply:
        """The events that the projector put aside since it could not fold them."""
        return self._ask("projector", view_pb2.ParkedEventsRequest(
            after_position=after_position, page_size=page_size,
            generation=generation), view_pb2.ParkedEventsReply)

    def _change_generations(self, **change: Any) -> view_pb2.GenerationsReply:
        return self._ask("projector", view_pb2.ChangeGenerationsRequest(**change),
                         view_pb2.GenerationsReply)

    # ---- subscriptions ----

    def subscribe(self, filter: query_pb2.Filter | Form | None = None, *,
                  after: Cursor | tuple[int, int] | None = None, now: bool = False,
                  recorded: str = "", credit: int = 0, lease_s: int = 0,
                  with_confirmations: bool = False, with_backfill: bool = False,
                  with_meeting: bool = False,
                  patience_s: float | None = None) -> Subscription:
        """Changes from a place on, and then as they come. It begins after the cursor `after`
        (what `covered_to` said before), with what comes from now on (`now`), from the start of a
        UTC day or an RFC 3339 time (`recorded`), or else with the first change of all. `credit`
        is how many changes the service may be ahead of the reader, and `lease_s` how long it waits
        for a sign of life; 0 leaves both to the service."""
        if (after is not None) + now + bool(recorded) > 1:
            raise ValueError("give at most one of after, now and recorded")
        request = subscription_pb2.SubscribeRequest(
            filter=_filter(filter), credit=credit, lease_s=lease_s,
            with_confirmations=with_confirmations, with_backfill=with_backfill,
            with_meeting=with_meeting)
        if after is not None:
            request.after.CopyFrom(
                subscription_pb2.Cursor(position=after[0], ordinal=after[1]))
        elif now:
            request.now = True
        elif recorded:
            request.recorded = recorded
        subscription = Subscription(
            Connection(self.endpoints.query, self._context), request, patience_s)
        self._subscriptions.add(subscription)
        return subscription

    def tail(self, countries: Iterable[str], *, after: Cursor | tuple[int, int] | None = None,
             queue: int = 0) -> TailReader:
        """Changes of these countries (codes) as they are published, from `after` on or from now.
        Cheaper than a subscription for the service; `queue` bounds what may wait unread."""
        place = None if after is None else Cursor(*after)
        reader = TailReader(self.endpoints.tail, self._context, list(countries), self.subscribe,
                            place, queue)
        self._tails.add(reader)
        return reader

    # ---- durable subscriptions ----

    def create_group(self, name: str, filter: query_pb2.Filter | Form | None = None, *,
                     after: Cursor | tuple[int, int] | None = None, now: bool = False,
                     recorded: str = "", with_confirmations: bool = False,
                     with_backfill: bool = False, with_meeting: bool = False,
                     max_in_flight: int = 0, max_deliveries: int = 0, retry_first_ms: int = 0,
                     retry_longest_ms: int = 0) -> subscription_pb2.CreateGroupReply:
        """Makes a durable subscription that begins as `subscribe` does. One of this name and the
        same definition is left as it is; of another: GROUP_EXISTS."""
        if (after is not None) + now + bool(recorded) > 1:
            raise ValueError("give at most one of after, now and recorded")
        request = subscription_pb2.CreateGroupRequest(group=subscription_pb2.Group(
            name=name, filter=_filter(filter), with_confirmations=with_confirmations,
            with_backfill=with_backfill, with_meeting=with_meeting, max_in_flight=max_in_flight,
            max_deliveries=max_deliveries, retry_first_ms=retry_first_ms,
            retry_longest_ms=retry_longest_ms))
        if after is not None:
            request.after.CopyFrom(
                subscription_pb2.Cursor(position=after[0], ordinal=after[1]))
        elif now:
            request.now = True
        elif recorded:
            request.recorded = recorded
        return self._ask("query", request, subscription_pb2.CreateGroupReply)

    def groups(self, name: str = "") -> subscription_pb2.ListGroupsReply:
        """All durable subscriptions and how they stand, or one of them."""
        return self._ask("query", subscription_pb2.ListGroupsRequest(name=name),
                         subscription_pb2.ListGroupsReply)

    def delete_group(self, name: str) -> None:
        """Forgets a durable subscription with its place and all it has parked."""
        self._ask("query", subscription_pb2.DeleteGroupRequest(name=name),
                  subscription_pb2.DeleteGroupReply)

    def consume(self, group: str, *, consumer: str = "", credit: int = 0, lease_s: int = 0,
                patience_s: float | None = None) -> Consumer:
        """Consumes a durable subscription from where it stands, beside its other consumers.
        `consumer` names this one: who subscribes under the same name takes over what it held."""
        request = subscription_pb2.SubscribeRequest(
            group=group, resume=True, consumer=consumer, credit=credit, lease_s=lease_s)
        consuming = Consumer(Connection(self.endpoints.query, self._context), request, patience_s)
        self._subscriptions.add(consuming)
        return consuming

    def parked(self, group: str, *, page_size: int = 0,
               page_token: bytes = b"") -> subscription_pb2.ParkedReply:
        """Changes that a group's consumers gave up."""
        return self._ask("query", subscription_pb2.ParkedRequest(
            group=group, page_size=page_size, page_token=page_token),
            subscription_pb2.ParkedReply)

    def replay_parked(self, group: str, cursors: Iterable[tuple[int, int]] = ()
                      ) -> subscription_pb2.ReplayParkedReply:
        """Delivers parked changes again; none given: all."""
        return self._ask("query", subscription_pb2.ReplayParkedRequest(
            group=group, cursors=[subscription_pb2.Cursor(position=position, ordinal=ordinal)
                                  for position, ordinal in cursors]),
            subscription_pb2.ReplayParkedReply)

    def _ask(self, service: str, request: Any, kind: type[R]) -> R:
        reply = self._connections[service].request(request, self.timeout_s)
        return self._expect(reply.body, kind)

    @staticmethod
    def _expect(body: Any, kind: type[R]) -> R:
        if not isinstance(body, kind):
            raise errors.of("INTERNAL", f"the service answered with {type(body).__name__}")
        return body


def _filter(given: query_pb2.Filter | Form | None) -> query_pb2.Filter:
    return message_of(query_pb2.Filter, given, "filter")


def _context(today: Day | None, as_of: query_pb2.AsOf | Form | None,
             at_least: int) -> query_pb2.QueryContext:
    state = None if as_of is None else message_of(query_pb2.AsOf, as_of, "context.as_of")
    return query_pb2.QueryContext(
        as_of=state, today=day_of(today, state or query_pb2.AsOf()), at_least_position=at_least)
