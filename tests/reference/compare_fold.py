#!/usr/bin/env python3
"""Holds the fold against the reference on invented histories.

    compare_fold.py --fold build/dev/tests/fold_lines [--histories 500] [--seeds FIRST LAST]

A difference prints the shortest part of the history that shows it, the first field that differs,
and the seed that repeats it.
"""

import argparse
import json
import random
import subprocess
import sys

from dates import day_of, iso
from histories import History
from reference_fold import fold


FACETS = ("kind", "series", "ordinal", "title", "mode", "place", "level", "duration", "reason",
          "until")


def reference_answer(events, question):
    today, reported, recorded = question
    meetings = fold(events, reported and day_of(reported), recorded)
    return {name: shape(m, day_of(today)) for name, m in meetings.items()
            if m.standing != "unspecified"}


def shape(m, today):
    """A meeting as compared; README.md says what is left out, and why."""
    return {"standing": m.standing, "outcome": m.outcome.value or "open",
            "outcome by": m.outcome.said_by,
            "outcome disputed": m.outcome.disputed, "outcome unconfirmed": m.outcome.unconfirmed,
            "possible only": m.possible_only, "rivals": sorted(m.outcome.rivals),
            "date state": m.date.state, "date": m.date.value, "date disputed": m.date.disputed,
            "date unconfirmed": m.date.unconfirmed, "earliest": iso(m.date.earliest),
            "latest": iso(m.date.latest), "padded": (iso(m.date.padded_earliest),
                                                     iso(m.date.padded_latest)),
            "date by": m.date.said_by, "date beaten": m.date.beaten,
            "previous": m.date.previous, "last day": m.date.last_day,
            "postponed since": m.postponed_since,
            "first reported": m.first_reported, "last reported": m.last_reported,
            **{f"{name}{part}": value for name, fact in
               m.facts.items()
               for part, value in (("", str(fact.value or "")), (" disputed", fact.disputed),
                                   (" unconfirmed", fact.unconfirmed), (" by", fact.said_by),
                                   (" beaten", fact.beaten))},
            "parties": [(code, m.parties.roles[code], code in m.parties.removed,
                         code in m.parties.disputed, m.parties.said_by[code])
                        for code in m.parties.known],
            "pairs": m.parties.pairs, "doubtful pairs": m.parties.doubtful_pairs,
            **m.lists, "absorbed": m.absorbed, "reports": m.reports,
            "findings": sorted(m.findings),
            "status": m.status(today), "pending": m.pending(today) or "-"}


def lists_of_json(m):
    """The lists of a meeting, as particulars.py has them."""
    def texts(value, *names):
        return tuple(value.get(name, "") for name in names)

    def each(name, of):
        return [(*of(value), said_by(value, m)) for value in m.get(name, [])]

    def attendee(a):
        person = a.get("person", {})
        return (a["party"], a["post"], person.get("value", ""), person.get("disputed", False),
                person.get("unconfirmed", False), said_by(person, m), beaten_of_json(person, m))

    return {
        "attendees": [attendee(a) for a in m.get("attendees", [])],
        "topics": each("topics", lambda t: (t["topic"], t["relation"], t.get("disputed", False))),
        "doubtful topics": m.get("doubtful_topics", []),
        "results": each("results", lambda r: (
            *texts(r, "kind", "summary"), tuple(r.get("topics", [])),
            r.get("date", {}).get("edtf", ""))),
        "statements": each("statements", lambda s: (
            *texts(s, "who", "post", "said_on", "summary"), tuple(s.get("topics", [])),
            tuple(s.get("about", [])))),
        "claims": each("claims", claim_of_json),
        "links": [(link["relation"], link["other"], said_by(link, m))
                  for link in m.get("links", []) if not link.get("suggested")]}


def claim_of_json(claim):
    scope = claim.get("scope", {})
    return (claim["claim"], claim.get("value", 0), scope.get("kind", ""), scope.get("party", ""),
            scope.get("window", ""))


def said_by(value, m):
    return tuple(m["reports"][index]["event_id"] for index in value.get("said_by", []))


def beaten_of_json(fact, m):
    return tuple((rival["value"], rival["why"], said_by(rival, m))
                 for rival in fact.get("rivals", []))


def finding_of_json(found, m):
    return (found["kind"], found["facet"],
            tuple(sorted(m["reports"][index]["event_id"] for index in found.get("reports", []))))


def shape_of_json(m, why):
    date, outcome = m.get("date", {}), m.get("outcome", {})
    fact = date.get("fact", {})
    facets = {}
    for name in FACETS:
        facet = m.get(name, {})
        facets |= {name: facet.get("value", ""), f"{name} disputed": facet.get("disputed", False),
                   f"{name} unconfirmed": facet.get("unconfirmed", False),
                   f"{name} by": said_by(facet, m), f"{name} beaten": beaten_of_json(facet, m)}
    return {"standing": m.get("standing", "unspecified"), "outcome": outcome.get("value", "open"),
            "outcome by": said_by(outcome, m),
            "outcome disputed": outcome.get("disputed", False),
            "outcome unconfirmed": outcome.get("unconfirmed", False),
            "possible only": outcome.get("possible_only", False),
            "rivals": outcome.get("rivals", []),
            "date state": date.get("state", "undated"), "date": fact.get("value", ""),
            "date disputed": fact.get("disputed", False),
            "date unconfirmed": fact.get("unconfirmed", False),
            "earliest": date.get("earliest", ""), "latest": date.get("latest", ""),
            "padded": (date.get("padded_earliest", ""), date.get("padded_latest", "")),
            "date by": said_by(fact, m), "date beaten": tuple(sorted(beaten_of_json(fact, m))),
            "previous": date.get("previous", []), "last day": date.get("last_day", ""),
            "postponed since": date.get("postponed_since", ""),
            "first reported": m.get("first_reported", ""),
            "last reported": m.get("last_reported", ""), **facets,
            "parties": [(p["code"], p["role"], p.get("removed", False), p.get("disputed", False),
                         said_by(p, m)) for p in m.get("parties", [])],
            "pairs": m.get("pairs", []), "doubtful pairs": m.get("doubtful_pairs", []),
            **lists_of_json(m),
            "absorbed": m.get("absorbed", []),
            "reports": [(r["event_id"], r.get("fate", {}).get("value", ""),
                         r.get("fate", {}).get("by", "")) for r in m.get("reports", [])],
            "findings": sorted({finding_of_json(found, m) for found in m.get("findings", [])}),
            "status": m.get("status", "status_unspecified").removeprefix("status_"), "pending": why}


def fold_answers(program, asked):
    """For each (events, question) what the program says; nothing where it does not survive it."""
    lines = []
    for events, question in asked:
        lines += [json.dumps(event) for event in events]
        lines += ["? " + " ".join(part or "-" for part in question), "."]
    done = subprocess.run([program], input="\n".join(lines) + "\n", capture_output=True, text=True)
    if done.returncode > 0:
        sys.exit(f"{program}: {done.stderr}")
    if done.returncode < 0:  # killed: which of them was it?
        half = len(asked) // 2
        return (fold_answers(program, asked[:half]) + fold_answers(program, asked[half:])
                if half else [None])
    answers, answer = [], {}
    for line in done.stdout.splitlines():
        if line:
            why, _, text = line.partition(" ")
            meeting = shape_of_json(json.loads(text), why)
            if meeting["standing"] != "unspecified":
                answer[json.loads(text)["id"]] = meeting
        else:
            answers.append(answer)
            answer = {}
    return answers


def first_difference(expected, got):
    if got is None:
        return "killed: the fold did not survive the question"
    if expected.keys() != got.keys():
        return f"meetings: the reference has {sorted(expected)}, the fold {sorted(got)}"
    for name, meeting in expected.items():
        for key, value in meeting.items():
            if value != got[name][key]:
                return f"{key}: the reference says {value!r}, the fold {got[name][key]!r}  ({name})"
    return None


def differs(program, events, question):
    return first_difference(reference_answer(events, question),
                            fold_answers(program, [(events, question)])[0])


def shortened(program, events, question, what):
    """The events without those that the difference in the same field does not need."""
    field = what.partition(":")[0]
    again = True
    while again:
        again = False
        for index in range(len(events)):
            fewer = events[:index] + events[index + 1:]
            found = differs(program, fewer, question)
            if found and found.partition(":")[0] == field:
                events, again = fewer, True
                break
    return events


def told(recorded_event):
    event = recorded_event["event"]
    source = event["source"]
    facts = {k: v for k, v in event.items() if k not in ("stream", "reported", "source", "id")}
    return (f"  {event['id']}  {event.get('reported') or source['published']}  {source['class']}  "
            f"{source['publisher']}  {event['stream']}  {json.dumps(facts)}")


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--fold", required=True)
    options.add_argument("--histories", type=int, default=500)
    options.add_argument("--seeds", type=int, nargs=2, metavar=("FIRST", "LAST"))
    options.add_argument("--show", type=int, default=3, help="differences to print in full")
    args = options.parse_args()
    first, last = args.seeds or (1, args.histories)

    asked, seeds = [], []
    for seed in range(first, last + 1):
        history = History(seed)
        events = history.recorded()
        for question in history.questions():
            asked.append((events, question))
            seeds.append(seed)
    failed, kinds = {}, {}
    answers = fold_answers(args.fold, asked)
    for seed, (events, question), got in zip(seeds, asked, answers, strict=True):
        expected = reference_answer(events, question)
        shuffled = random.Random(seed).sample(events, len(events))
        if reference_answer(shuffled, question) != expected:
            failed.setdefault(seed, (events, question, "order: the reference depends on it"))
        found = first_difference(expected, got)
        if found:
            if seed not in failed:
                kinds[found.partition(":")[0]] = kinds.get(found.partition(":")[0], 0) + 1
            failed.setdefault(seed, (events, question, found))
    for seed, (events, question, found) in list(failed.items())[:args.show]:
        if not found.startswith("order"):
            events = shortened(args.fold, events, question, found)
            found = differs(args.fold, events, question)
        today, reported, recorded = question
        print(f"\nseed {seed}; today {today}, reported by {reported}, recorded by {recorded}")
        for event in sorted(events, key=lambda e: e["event"].get("reported", "")):
            print(told(event))
        print(f"  {found}\n  again: --seeds {seed} {seed}")
    print(f"{last - first + 1} histories, {len(asked)} questions, {len(failed)} differ", kinds or "")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
