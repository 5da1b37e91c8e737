#!/usr/bin/env python3
"""Holds what `entente serve` answers against the reference, on invented histories in one log.

    compare_services.py [--histories 500] [--seeds FIRST LAST]

The histories are appended shuffled into each other and into what is said of kinds, series,
countries and pairs, in two parts. Then timeline, pending and stats by everything are asked through several
filters, and meetings, as of several days on both axes, and compared with their totals and horizons:
all meetings there are for the first question, a sample for the others. With --processes ingest,
projector and query are three, the query on a replica of its own. ENTENTE_BIN_DIR says where they
are. README.md says what is left out, and why.
"""

import argparse
import datetime
import json
import pathlib
import random
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))

import questions  # noqa: E402
from claims import Log  # noqa: E402
from compare_fold import (claim_of_json, first_difference, said_by, shape,  # noqa: E402
                          shape_of_json)
from dates import day_of  # noqa: E402
from histories import History, on_subjects  # noqa: E402
from reference_fold import fold  # noqa: E402
from running import PATIENCE, Server, Services  # noqa: E402

# Days on which the two parts count as recorded, for the reference.
FIRST, SECOND = "2021-06-01", "2021-06-02"
# today, as of the reported day, only the first part
QUESTIONS = [("2021-05-03", None, False), ("2021-04-23", "2021-04-23", False),
             ("2021-04-27", "2021-04-27", False), ("2022-02-01", None, True),
             ("2021-04-25", "2021-04-25", True), ("2021-04-19", "2021-04-19", False)]
# Filters, as options of the command line.
FILTERS = [{}, {"country": "JP"}, {"country": "FR", "certain": True}, {"kind": "summit"},
           {"topic": "joint-exercises"}, {"from": "2021-04-24", "to": "2021-05"},
           {"kind": "two-plus-two", "to": "2021-04-25", "certain": True},
           {"pair": "IN-JP"}, {"series": "jp-in-two-plus-two"},
           {"country": "JP", "from": "2021-04-24"}]


class Asked:
    """Services whose log is appended to, and which are asked."""

    def __init__(self, services):
        self.services = services
        self.appended = 0

    def append(self, events):
        self.services.entente("append", "-", stdin="".join(
            json.dumps(event) + "\n" for event in events)).ok()
        self.appended += len(events)

    def ask(self, *arguments):
        """The lines of an answer; the last one of a list says how it was answered."""
        return self.services.ask("--timeout", int(PATIENCE), *arguments, "--json", "--at-least",
                                 self.appended).objects


def after_now():
    """A time after everything recorded until now, and before all that is recorded from now on."""
    def milliseconds():
        return int(datetime.datetime.now(datetime.timezone.utc).timestamp() * 1000)
    now = milliseconds()
    while milliseconds() <= now + 1:
        pass
    boundary = datetime.datetime.fromtimestamp(now / 1000, datetime.timezone.utc)
    return boundary.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def options_of(asked):
    return [part for name, value in asked.items()
            for part in ([f"--{name}"] if value is True else [f"--{name}", value])]


def difference(what, expected, got):
    """A sentence, if there is any: of two mappings with the first keys that differ."""
    if expected == got:
        return
    if isinstance(expected, dict):
        keys = sorted(key for key in expected | got if expected.get(key) != got.get(key))[:5]
        expected = {key: expected.get(key) for key in keys}
        got = {key: got.get(key) for key in keys}
    yield f"{what}: the reference has {expected},\n  the services {got}"


def horizon_of(answer):
    horizon = answer["answered"]["horizon"]
    return {name: horizon.get(name, "") for name in ("reports", "reports_from", "reports_to",
                                                     "first_meeting")}


def without_empty(value):
    """An absent field and an empty one are the same in an event, but for a payload."""
    if isinstance(value, dict):
        return {key: kept for key, kept in ((key, without_empty(part))
                                            for key, part in value.items()) if kept not in ("", [])}
    return [without_empty(part) for part in value] if isinstance(value, list) else value


def report_of_event(event):
    """As it is answered."""
    facts = {key: value for key, value in event.items()
             if key not in ("id", "stream", "reported", "source")}
    return {"event_id": event["id"], "stream": event["stream"],
            "reported": event.get("reported") or event["source"]["published"],
            "source": event["source"], "facts": without_empty(facts)}


def cited_in(value, ids):
    """The reports that anything in a shape cites."""
    if isinstance(value, str):
        return {value} & ids
    if isinstance(value, dict):
        value = value.values()
    parts = value if isinstance(value, (tuple, list, type({}.values()))) else ()
    return {name for part in parts for name in cited_in(part, ids)}


def claims_of_json(answer):
    """Of a meeting or a count: claims with verdict, our count, and who claims it."""
    return [(*claim_of_json(claim), claim.get("verdict", ""), claim.get("counted", 0),
             said_by(claim, answer)) for claim in answer.get("claims", [])]


def links_of_json(meeting):
    return [(link["relation"], link["other"], said_by(link, meeting), link.get("date", ""),
             link.get("outcome", ""), link.get("suggested", False))
            for link in meeting.get("links", [])]


def row_of_json(count):
    numbers = (count.get(name, 0) for name in (
        "certain", "possible", "certainly_planned", "planned", "certainly_pending", "pending"))
    return questions.Row(
        count["key"], *numbers, count.get("first", ""), count.get("last", ""), count["rank"],
        count.get("tied", False), claims_of_json(count), count.get("first_in_log", False),
        count.get("unfinished", False))


class Comparison:
    """One question, to the services and to the reference."""

    def __init__(self, asked, histories, subjects, question, boundary):
        today, reported, first_part = question
        self.asked = asked
        self.today = day_of(today)
        self.bounds = ["--today", today] + (["--as-of", reported] if reported else [])
        self.bounds += ["--recorded", boundary] if first_part else []
        as_of = reported and day_of(reported), FIRST if first_part else None
        self.meetings = {}
        for events in histories:
            self.meetings |= fold(events, *as_of)
        self.everything = list(self.meetings.values())
        self.log = Log(self.everything, histories, subjects, *as_of)
        self.shapes = {name: shape(m, self.today) for name, m in self.meetings.items()}
        self.seen = questions.horizon(self.everything, [*histories, subjects], *as_of)
        self.events = {event["event"]["id"]: event["event"] for events in histories
                       for event in events}

    def meeting(self, where, answer, whole, suggest):
        """Of a list a meeting has only the reports that its facts cite."""
        name = answer["id"]
        if name not in self.shapes:
            return
        m, expected = self.meetings[name], dict(self.shapes[name])
        if not whole:
            cited = cited_in({key: value for key, value in expected.items() if key != "reports"},
                             {report[0] for report in m.reports})
            expected["reports"] = [report for report in m.reports if report[0] in cited]
        found = first_difference({name: expected},
                                 {name: shape_of_json(answer, expected["pending"])})
        if found:
            yield f"{where}, {found}"
        yield from difference(f"{where}, sides of {name}", len(m.parties.sides) > 2,
                              answer.get("multi_party", False))
        yield from difference(f"{where}, links of {name}", questions.links(
            m, self.everything, self.today, suggest), links_of_json(answer))
        for report in answer.get("reports", []):
            said = {key: value for key, value in report.items()
                    if key not in ("position", "revision", "recorded", "class", "fate")}
            yield from difference(f"{where}, a report of {name}", report_of_event(
                self.events[report["event_id"]]), said)
        if whole:
            yield from difference(f"{where}, claims of {name}", self.log.of_meeting(m),
                                  claims_of_json(answer))

    def totals(self, what, entries, answer):
        """Of a list: how many match, and what the log has seen."""
        certain = sum(entry.get("certain", False) for entry in entries)
        yield from difference(f"totals of {what}", (certain, len(entries)), tuple(
            int(answer.get(name, 0)) for name in ("certain", "possible")))
        yield from difference(f"horizon of {what}", self.seen, horizon_of(answer))

    def unfinished(self, what, filtered, answer):
        yield from difference(
            f"year of {what}", questions.year_unfinished(self.today, filtered),
            answer["answered"]["horizon"].get("year_unfinished", False))

    def lists(self, filtered):
        ask = [*options_of(filtered), *self.bounds]
        *entries, answer = self.asked.ask("timeline", "--limit", 0, *ask)
        got = [(entry["meeting"]["id"], entry.get("certain", False),
                entry.get("tied_with_next", False)) for entry in entries]
        yield from difference(f"timeline {filtered}",
                              questions.timeline(self.everything, filtered), got)
        yield from self.unfinished(f"timeline {filtered}", filtered, answer)
        if "certain" not in filtered:
            yield from self.totals(f"timeline {filtered}", entries, answer)
        if not filtered:
            for entry in entries:
                yield from self.meeting("timeline", entry["meeting"], False, False)
        *entries, answer = self.asked.ask("pending", "--limit", 0, *ask)
        got = [(entry["meeting"]["id"], entry["why"], entry.get("certain", False))
               for entry in entries]
        yield from difference(f"pending {filtered}", questions.pending(
            self.everything, self.today, filtered), got)
        if "certain" not in filtered:
            yield from self.totals(f"pending {filtered}", entries, answer)
        if not filtered:
            for entry in entries:
                yield from self.meeting("pending", entry["meeting"], False, True)

    def counts(self, filtered):
        for by in ("year", "mode", "status", "topic") + (("partner",) if "country" in filtered
                                                         else ()):
            what = f"stats by {by} {filtered}"
            *counts, answer = self.asked.ask("stats", "--by", by, *options_of(filtered),
                                             *self.bounds)
            expected = questions.stats(self.log, by, self.today, filtered)
            got = [row_of_json(count) for count in counts]
            yield from difference(f"keys of {what}", [row.key for row in expected],
                                  [row.key for row in got])
            rows = {row.key: row for row in got}
            for row in expected:
                other = rows.get(row.key, row)
                for name, value in row._asdict().items():
                    yield from difference(f"{name} of {row.key}, {what}", value,
                                          getattr(other, name))
            yield from difference(f"horizon of {what}", self.seen, horizon_of(answer))
            yield from self.unfinished(what, filtered, answer)

    def whole_meetings(self, all_of_them):
        """Those by id only and those that were absorbed too."""
        named = sorted((name, m) for m in self.everything for name in [m.id, *m.absorbed]
                       if m.standing != "unspecified")
        sample = random.Random(self.today).sample(named, min(20, len(named)))
        for name, m in named if all_of_them else sample:
            answer = self.asked.ask("meeting", name, *self.bounds)[0]["meeting"]
            yield from difference(f"asked for {name}", (m.id, name if name != m.id else ""),
                                  (answer["id"], answer.get("asked_as", "")))
            yield from self.meeting("meeting", answer, True, True)

    def differences(self, every_meeting):
        """In sentences."""
        for filtered in FILTERS:
            yield from self.lists(filtered)
            yield from self.counts(filtered)
        yield from self.whole_meetings(every_meeting)


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--histories", type=int, default=500)
    options.add_argument("--seeds", type=int, nargs=2, metavar=("FIRST", "LAST"))
    options.add_argument("--processes", action="store_true")
    options.add_argument("--show", type=int, default=10, help="differences to print")
    args = options.parse_args()
    first, last = args.seeds or (1, args.histories)
    histories = [History(seed).recorded() for seed in range(first, last + 1)]
    subjects = on_subjects(first)
    arriving = [event for events in [*histories, subjects] for event in events]
    random.Random(first).shuffle(arriving)
    half = len(arriving) // 2
    for index, event in enumerate(arriving):
        event["recorded"] = FIRST if index < half else SECOND

    differences, ended = 0, []
    with tempfile.TemporaryDirectory(prefix="entente-test-") as data:
        services = Services() if args.processes else Server(data)
        asked = Asked(services)
        try:
            asked.append([event["event"] for event in arriving[:half]])
            boundary = after_now()
            asked.append([event["event"] for event in arriving[half:]])
            for question in QUESTIONS:
                comparison = Comparison(asked, histories, subjects, question, boundary)
                for found in comparison.differences(every_meeting=question is QUESTIONS[0]):
                    differences += 1
                    if differences <= args.show:
                        print(f"today {question[0]}, reported by {question[1]}, "
                              f"{'first part' if question[2] else 'all'}: {found}")
        finally:
            if args.processes:
                ended = [services.stop(name) for name in reversed(Services.NAMES)]
                services.close()
            else:
                ended = [services.stop()]
    print(f"{len(histories)} histories, {len(arriving)} events, {differences} differences")
    return 1 if differences or any(ended) else 0


if __name__ == "__main__":
    sys.exit(main())
