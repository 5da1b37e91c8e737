"""What is asked of all meetings together, with what certainly and what possibly matches."""

from dataclasses import replace
from typing import NamedTuple

from dates import BEGINNING, END, day_of, iso, when
from reports import Settled, report_of

NO, POSSIBLY, CERTAINLY = 0, 1, 2


def fit(m, asked):
    """How a meeting matches a filter: {country, pair, kind, series, topic, from, to}."""
    if not m.listed:
        return NO
    fits = [CERTAINLY]
    if country := asked.get("country"):
        fits.append(NO if m.parties.roles.get(country) == "venue" else
                    POSSIBLY if country in m.parties.disputed else
                    CERTAINLY if country in m.parties.present else NO)
    if pair := asked.get("pair"):
        fits.append(POSSIBLY if pair in m.parties.doubtful_pairs else
                    CERTAINLY if pair in m.parties.pairs else NO)
    for name in ("kind", "series"):
        if name in asked:
            fact = m.facts[name]
            fits.append(NO if asked[name] not in {fact.value, *fact.rivals} else
                        POSSIBLY if fact.disputed else CERTAINLY)
    if topic := asked.get("topic"):
        tags = [disputed for name, _, disputed, _ in m.lists["topics"] if name == topic]
        fits.append(CERTAINLY if False in tags else
                    POSSIBLY if tags or topic in m.lists["doubtful topics"] else NO)
    if "from" in asked or "to" in asked:
        first = when(asked["from"]).earliest if "from" in asked else BEGINNING
        last = when(asked["to"]).latest if "to" in asked else END
        inside = first <= m.date.earliest and m.date.latest <= last
        fits.append(POSSIBLY if not m.date.value else
                    NO if m.date.latest < first or last < m.date.earliest else
                    CERTAINLY if inside and m.date.state == "dated" else POSSIBLY)
    return min(fits)


def matches(meetings, asked):
    """The meetings that match, each with how; with `certain` only those that certainly do."""
    found = [(m, fit(m, asked)) for m in meetings]
    return [(m, how) for m, how in found if how >= (CERTAINLY if "certain" in asked else POSSIBLY)]


def order_of(m):
    """The undated last."""
    return m.date.value == "", m.date.earliest, m.date.latest, m.date.value, m.id


def timeline(meetings, asked):
    """(id, whether it certainly matches, whether the order to the next is not known)"""
    def tied(a, b):
        return (a.date.state == b.date.state == "dated"
                and max(a.date.earliest, b.date.earliest) <= min(a.date.latest, b.date.latest))

    found = sorted(matches(meetings, asked), key=lambda match: order_of(match[0]))
    return [(m.id, how == CERTAINLY, bool(after) and tied(m, after[0][0]))
            for (m, how), after in ((match, found[i + 1:i + 2]) for i, match in enumerate(found))]


def readings(m):
    """The meeting as it holds, and as each rival of its outcome has it."""
    on = ("dated" if m.date.value else "undated") if m.date.state == "postponed" else m.date.state
    for rival in (None, *sorted(m.outcome.rivals)):
        if rival is None:
            yield m
        elif rival == "postponed":
            yield replace(m, outcome=Settled("open"), date=replace(m.date, state="postponed"))
        else:
            yield replace(m, outcome=Settled(rival), date=replace(m.date, state=on))


def place(m, today):
    """Where a reading counts: held, planned, pending or nowhere."""
    if m.outcome.value in ("held", "cancelled"):
        return {"held": "held"}.get(m.outcome.value)
    why = m.pending(today)
    if why == "lapsed":
        return None
    if why in ("postponed", "called_off") or why == "undated" and m.date.state != "dated":
        return "pending"
    return "planned"


def keys_of(m, by, today, country):
    """Keys under which it counts, each with how certainly."""
    if by == "year":
        first, last = iso(m.date.earliest)[:4], iso(m.date.latest)[:4]
        if not first and not last:
            return {"undated": CERTAINLY}
        # Open on one side it overlaps every year there; only that of the other end can be listed.
        years = range(int(first or last), int(last or first) + 1)
        return {f"{year:04}": CERTAINLY if first == last else POSSIBLY for year in years}
    if by == "mode":
        modes = {m.facts["mode"].value or "unknown", *m.facts["mode"].rivals}
        return {mode: CERTAINLY if len(modes) == 1 else POSSIBLY for mode in modes}
    if by == "topic":
        topics = dict.fromkeys(m.lists["doubtful topics"], POSSIBLY)
        for topic, _, disputed, _ in m.lists["topics"]:
            topics[topic] = max(topics.get(topic, NO), POSSIBLY if disputed else CERTAINLY)
        return topics
    if by == "status":
        statuses = {reading.status(today) for reading in readings(m)}
        return {status: CERTAINLY if len(statuses) == 1 and not m.possible_only else POSSIBLY
                for status in statuses}
    return {side: POSSIBLY if side in m.parties.disputed else CERTAINLY  # by partner
            for side in m.parties.possible_sides if side != country}


def of_two(m):
    """Whether it is a meeting of two, or of less as far as is known."""
    sides = m.parties.possible_sides
    certain = [side for side in sides if side not in m.parties.disputed]
    return NO if len(certain) > 2 else POSSIBLY if len(sides) > 2 else CERTAINLY


def stats(log, by, today, asked):
    """Rows in their order, as `Row` has them."""
    counts, days, claims = tallies(log, by, today, asked)
    ever = days
    if by == "partner":
        everywhen = {name: value for name, value in asked.items() if name not in ("from", "to")}
        _, ever, _ = tallies(log, by, today, everywhen)
    first = {key: min(day for day, _ in days[key]) if key in days else END for key in counts}
    certain = [row[0] for row in counts.values()]
    this_year = iso(today)[:4] if year_unfinished(today, asked) else ""
    rows = [Row(key, *row, iso(first[key]), iso(max((day for _, day in days.get(key, [])),
                                                    default=END)),
                1 + sum(other > row[0] for other in certain), certain.count(row[0]) > 1,
                claims.get(key, []),
                by == "partner" and key in days and first[key] == min(ever[key])[0],
                by == "year" and key == this_year)
            for key, row in sorted(counts.items())]
    return sorted(rows, key=lambda row: first[row.key]) if by == "partner" else rows


class Row(NamedTuple):
    key: str
    certain: int
    possible: int
    certainly_planned: int
    planned: int
    certainly_pending: int
    pending: int
    first: str  # first and last day that those certainly held may have begun
    last: str
    rank: int
    tied: bool
    claims: list
    first_in_log: bool
    unfinished: bool


def tallies(log, by, today, asked):
    """By key: counts, days of those certainly held, and what is claimed of those possibly held."""
    counts, days, claims = {}, {}, {}
    for m, how in sorted(matches(log.meetings, asked), key=lambda match: order_of(match[0])):
        if by == "partner" or "pair" in asked:  # a summit of thirty is no meeting with each of them
            how = min(how, of_two(m))
        places = {place(reading, today) for reading in readings(m)} - {None}
        sure = not m.outcome.rivals and not m.possible_only
        if by == "status":
            places, sure = {"held"}, True
        if how == NO or not places:
            continue
        for key, under in keys_of(m, by, today, asked.get("country")).items():
            certain = sure and min(how, under) == CERTAINLY
            row = counts.setdefault(key, [0] * 6)
            for index, name in enumerate(("held", "planned", "pending")):
                if name in places:
                    row[2 * index] += certain
                    row[2 * index + 1] += 1
            if "held" not in places:
                continue
            if certain:
                days.setdefault(key, []).append((m.date.earliest, m.date.latest))
            if by in ("year", "partner"):
                claims.setdefault(key, []).extend(map(highest_cited, log.of_meeting(m)))
    if by == "year":  # those about what is asked for, under the year they were made in
        for name in ("country", "pair", "kind", "series"):
            for claim in log.of_subject(f"{name}/{asked[name]}") if name in asked else ():
                claims.setdefault(iso(log.said_first(claim))[:4], []).append(highest_cited(claim))
    return counts, days, claims


def highest_cited(claim):
    """A count cites of those who claim something the highest-ranked only."""
    *told, by = claim
    return (*told, by[:1])


def year_unfinished(today, asked):
    """Whether the year of `today` has not ended and is one of those asked for."""
    year = iso(today)[:4]
    return (today < day_of(f"{year}-12-31")
            and ("from" not in asked or when(asked["from"]).earliest <= day_of(f"{year}-12-31"))
            and ("to" not in asked or when(asked["to"]).latest >= day_of(f"{year}-01-01")))


def successor(m, meetings, today):
    """What may have come of it, if no source says so: the next meeting of that kind and those
    sides, behind the report of its postponement or the plan that lapsed."""
    told = any(relation == "successor" for relation, _, _ in m.lists["links"])
    why = m.pending(today)
    kind, sides = m.facts["kind"].value, m.parties.sides
    if told or why not in ("postponed", "lapsed") or not kind or len(sides) < 2:
        return None
    after = day_of(m.postponed_since) if why == "postponed" else m.date.latest
    following = [n for n in meetings if n is not m and n.listed and n.facts["kind"].value == kind
                 and n.parties.sides == sides and n.outcome.value in (None, "open", "held")
                 and n.date.state == "dated" and n.date.earliest > after]
    return min(following, key=order_of, default=None)


def links(m, meetings, today, suggest):
    """(relation, other, by whom, date and outcome of a successor, whether only suggested)"""
    by_id = {n.id: n for n in meetings}

    def told(relation, other, by, suggested):
        n = by_id.get(other) if relation == "successor" else None
        date = n.date.value if n and n.date.state == "dated" else ""
        return relation, other, by, date, n and (n.outcome.value or "open") or "", suggested

    links = [told(*link, False) for link in m.lists["links"]]
    if suggest and (n := successor(m, meetings, today)):
        links.append(told("successor", n.id, (), True))
    return links


def pending(meetings, today, asked):
    """(id, why it waits, whether certainly), those that have lapsed last. Nobody waits for what a
    source says has been held since as another meeting."""
    held = {m.id for m in meetings if m.outcome.value == "held"}

    def followed(m):
        return any(relation == "successor" and other in held
                   for relation, other, _ in m.lists["links"])
    waiting = [(m, how) for m, how in matches(meetings, asked)
               if m.pending(today) and not followed(m)]
    waiting.sort(key=lambda match: (match[0].pending(today) == "lapsed", order_of(match[0])))
    return [(m.id, m.pending(today), how == CERTAINLY and not m.outcome.rivals)
            for m, how in waiting]


def horizon(meetings, histories, reported, recorded):
    """What an answer can know of: how many reports said by then, from when to when, and the first
    meeting that is or may be held or planned. Here acts of ours count from when they were made."""
    seen = [r for events in histories for r in map(report_of, events)
            if (not recorded or r.recorded[:10] <= recorded)
            and (not reported or r.time.last <= reported)]
    days = [m.date.earliest for m in meetings if m.listed and m.date.earliest != BEGINNING
            and any(reading.outcome.value != "cancelled" for reading in readings(m))]
    return {"reports": str(len(seen)),
            "reports_from": iso(min(r.time.first for r in seen)),
            "reports_to": iso(max(r.time.last for r in seen)),
            "first_meeting": iso(min(days))}
