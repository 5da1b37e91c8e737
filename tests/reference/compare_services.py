#!/usr/bin/env python3
"""Holds what `entente serve` answers against the reference, on invented histories in one log.

    compare_services.py [--histories 500] [--seeds FIRST LAST]

The histories are appended shuffled into each other, in two parts. Then timeline, pending and stats
by everything are asked through several filters, and meetings, as of several days on both axes, and
compared with their totals and horizons: all meetings there are for the first question, a sample for
the others. With --processes ingest, projector and query are three, the query on a replica of its
own. ENTENTE_BIN_DIR says where they are.

Left out are positions, revisions, recorded times and rows_examined, and what `shape` says.
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

from compare_fold import first_difference, shape, shape_of_json  # noqa: E402
from dates import day_of  # noqa: E402
from histories import History  # noqa: E402
from questions import horizon, matches, pending, stats, timeline  # noqa: E402
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
           {"kind": "two-plus-two", "to": "2021-04-25", "certain": True}]
# A list has of a meeting only the reports that its facts cite.
CITED_ONLY = ("reports",)


class Log:
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


def compare(log, histories, question, boundary, every_meeting):
    """Differences, in sentences."""
    today, reported, first_part = question
    bounds = ["--today", today] + (["--as-of", reported] if reported else [])
    bounds += ["--recorded", boundary] if first_part else []
    as_of = reported and day_of(reported), FIRST if first_part else None
    meetings = {}
    for events in histories:
        meetings |= fold(events, *as_of)
    everything = list(meetings.values())
    expected = {name: shape(m, day_of(today)) for name, m in meetings.items()}
    seen = horizon(everything, histories, *as_of)

    def compare_meeting(where, answer, leave_out=()):
        name = answer["id"]
        if name not in expected:
            return
        whole = {key: value for key, value in expected[name].items() if key not in leave_out}
        found = first_difference({name: whole},
                                 {name: shape_of_json(answer, expected[name]["pending"])})
        if found:
            yield f"{where}, {found}"
        yield from difference(f"{where}, sides of {name}",
                              meetings[name].listed and len(meetings[name].parties) > 2,
                              answer.get("multi_party", False))

    def compare_totals(what, entries, answer):
        """Of a list: how many match, and what the log has seen."""
        certain = sum(entry.get("certain", False) for entry in entries)
        yield from difference(f"totals of {what}", (certain, len(entries)), tuple(
            int(answer.get(name, 0)) for name in ("certain", "possible")))
        yield from difference(f"horizon of {what}", seen, horizon_of(answer))

    for asked in FILTERS:
        ask = [*options_of(asked), *bounds]
        *entries, answer = log.ask("timeline", "--limit", 0, *ask)
        got = [(entry["meeting"]["id"], entry.get("certain", False),
                entry.get("tied_with_next", False)) for entry in entries]
        yield from difference(f"timeline {asked}", timeline(everything, asked), got)
        if "certain" not in asked:
            yield from compare_totals(f"timeline {asked}", entries, answer)
        if not asked:
            for entry in entries:
                yield from compare_meeting("timeline", entry["meeting"], CITED_ONLY)
        *entries, answer = log.ask("pending", "--limit", 0, *ask)
        got = {entry["meeting"]["id"]: (entry["why"], entry.get("certain", False))
               for entry in entries}
        yield from difference(f"pending {asked}", pending(everything, day_of(today), asked), got)
        if "certain" not in asked:
            yield from compare_totals(f"pending {asked}", entries, answer)
        if not asked:
            for entry in entries:
                yield from compare_meeting("pending", entry["meeting"], CITED_ONLY)
        for by in ("year", "mode", "status", "topic") + (("partner",) if "country" in asked else ()):
            *counts, answer = log.ask("stats", "--by", by, *ask)
            got = {count["key"]: [count.get(name, 0) for name in (
                "certain", "possible", "certainly_planned", "planned", "certainly_pending",
                "pending")] + [count.get("first", ""), count.get("last", "")] for count in counts}
            yield from difference(f"stats by {by} {asked}",
                                  stats(everything, by, day_of(today), asked), got)
            yield from difference(f"horizon of stats by {by} {asked}", seen, horizon_of(answer))
    listed = sorted(m.id for m, _ in matches(everything, {}))
    asked = listed if every_meeting else random.Random(today).sample(listed, min(20, len(listed)))
    for name in asked:
        yield from compare_meeting("meeting", log.ask("meeting", name, *bounds)[0]["meeting"])


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--histories", type=int, default=500)
    options.add_argument("--seeds", type=int, nargs=2, metavar=("FIRST", "LAST"))
    options.add_argument("--processes", action="store_true")
    args = options.parse_args()
    first, last = args.seeds or (1, args.histories)
    histories = [History(seed).recorded() for seed in range(first, last + 1)]
    arriving = [event for events in histories for event in events]
    random.Random(first).shuffle(arriving)
    half = len(arriving) // 2
    for index, event in enumerate(arriving):
        event["recorded"] = FIRST if index < half else SECOND

    differences, ended = 0, []
    with tempfile.TemporaryDirectory(prefix="entente-test-") as data:
        services = Services() if args.processes else Server(data)
        log = Log(services)
        try:
            log.append([event["event"] for event in arriving[:half]])
            boundary = after_now()
            log.append([event["event"] for event in arriving[half:]])
            for question in QUESTIONS:
                for found in compare(log, histories, question, boundary,
                                     every_meeting=question is QUESTIONS[0]):
                    differences += 1
                    if differences <= 10:
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
