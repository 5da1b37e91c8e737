#!/usr/bin/env python3
"""Holds what `entente serve` answers against the reference, on invented histories in one log.

    compare_services.py [--histories 500] [--seeds FIRST LAST]

The histories are appended shuffled into each other, in two parts. Then timeline, pending and stats
by everything are asked through several filters, and single meetings, as of several days on both
axes, and compared, but for positions, recorded times and what only a reader needs. ENTENTE_BIN_DIR
says where `entente` is.
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
from questions import matches, pending, stats, timeline  # noqa: E402
from reference_fold import fold  # noqa: E402
from running import BIN, PATIENCE, Program, entente  # noqa: E402

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


class Served:
    """`entente serve` on a directory of its own."""

    def __init__(self, data):
        self.data = data
        free = [f"--{name}=tcp://127.0.0.1:*" for name in
                ("ingest-listen", "projector-listen", "query-listen", "query-tail")]
        self.program = Program(BIN / "entente", "serve", "--data", data, *free)
        self.program.await_line("^Ready")
        self.appended = 0

    def append(self, events):
        entente("--data", self.data, "append", "-",
                stdin="".join(json.dumps(event) + "\n" for event in events)).ok()
        self.appended += len(events)

    def ask(self, *arguments):
        """The lines of an answer without the last, which says how it was answered."""
        answer = entente("--data", self.data, "--timeout", int(PATIENCE), *arguments, "--json",
                         "--at-least", self.appended)
        return [line for line in answer.ok().objects if "answered" not in line or "meeting" in line]


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


def compare(served, histories, question, boundary):
    """Differences, in sentences."""
    today, reported, first_part = question
    bounds = ["--today", today] + (["--as-of", reported] if reported else [])
    bounds += ["--recorded", boundary] if first_part else []
    meetings = {}
    for events in histories:
        meetings |= fold(events, reported and day_of(reported), FIRST if first_part else None)
    everything = list(meetings.values())
    expected = {name: shape(m, day_of(today)) for name, m in meetings.items()}

    def compare_meeting(where, answer):
        name = answer["id"]
        if name in expected:
            found = first_difference({name: expected[name]},
                                     {name: shape_of_json(answer, expected[name]["pending"])})
            if found:
                yield f"{where}, {found}"

    for asked in FILTERS:
        ask = [*options_of(asked), *bounds]
        entries = served.ask("timeline", "--limit", 0, *ask)
        got = [(entry["meeting"]["id"], entry.get("certain", False),
                entry.get("tied_with_next", False)) for entry in entries]
        yield from difference(f"timeline {asked}", timeline(everything, asked), got)
        if not asked:
            for entry in entries:
                yield from compare_meeting("timeline", entry["meeting"])
        got = {entry["meeting"]["id"]: (entry["why"], entry.get("certain", False))
               for entry in served.ask("pending", "--limit", 0, *ask)}
        yield from difference(f"pending {asked}", pending(everything, day_of(today), asked), got)
        for by in ("year", "mode", "status", "topic") + (("partner",) if "country" in asked else ()):
            got = {count["key"]: [count.get(name, 0) for name in (
                "certain", "possible", "certainly_planned", "planned", "certainly_pending",
                "pending")] for count in served.ask("stats", "--by", by, *ask)}
            yield from difference(f"stats by {by} {asked}",
                                  stats(everything, by, day_of(today), asked), got)
    listed = [m.id for m, _ in matches(everything, {})]
    for name in random.Random(today).sample(sorted(listed), min(40, len(listed))):
        yield from compare_meeting("meeting", served.ask("meeting", name, *bounds)[0]["meeting"])


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--histories", type=int, default=500)
    options.add_argument("--seeds", type=int, nargs=2, metavar=("FIRST", "LAST"))
    args = options.parse_args()
    first, last = args.seeds or (1, args.histories)
    histories = [History(seed).recorded() for seed in range(first, last + 1)]
    arriving = [event for events in histories for event in events]
    random.Random(first).shuffle(arriving)
    half = len(arriving) // 2
    for index, event in enumerate(arriving):
        event["recorded"] = FIRST if index < half else SECOND

    differences = 0
    with tempfile.TemporaryDirectory(prefix="entente-test-") as data:
        served = Served(data)
        try:
            served.append([event["event"] for event in arriving[:half]])
            boundary = after_now()
            served.append([event["event"] for event in arriving[half:]])
            for question in QUESTIONS:
                for difference in compare(served, histories, question, boundary):
                    differences += 1
                    if differences <= 10:
                        print(f"today {question[0]}, reported by {question[1]}, "
                              f"{'first part' if question[2] else 'all'}: {difference}")
        finally:
            ended = served.program.stop()
    print(f"{len(histories)} histories, {len(arriving)} events, {differences} differences")
    return 1 if differences or ended else 0


if __name__ == "__main__":
    sys.exit(main())
