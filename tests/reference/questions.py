"""What is asked of all meetings together, with what certainly and what possibly matches."""

from dataclasses import replace

from dates import BEGINNING, END, iso, when
from reports import Settled, report_of

NO, POSSIBLY, CERTAINLY = 0, 1, 2


def fit(m, asked):
    """How a meeting matches a filter: {country, kind, topic, from, to}."""
    if not m.listed:
        return NO
    fits = [CERTAINLY]
    if country := asked.get("country"):
        fits.append(POSSIBLY if country in m.disputed_parties else
                    CERTAINLY if country in m.parties else NO)
    if kind := asked.get("kind"):
        fact = m.facts["kind"]
        both = {fact.value, *fact.rivals}
        fits.append(NO if kind not in both else CERTAINLY if len(both) == 1 else POSSIBLY)
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


def timeline(meetings, asked):
    """(id, whether it certainly matches, whether the order to the next is not known), the undated
    last."""
    def key(m):
        undated = m.date.value == ""
        return undated, m.date.earliest, m.date.latest, m.date.value, m.id

    def tied(a, b):
        return (a.date.state == b.date.state == "dated"
                and max(a.date.earliest, b.date.earliest) <= min(a.date.latest, b.date.latest))

    found = sorted(matches(meetings, asked), key=lambda match: key(match[0]))
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
    sides = {*m.parties, *m.disputed_parties}  # by partner: of meetings of two
    certain = sides - {*m.disputed_parties}
    if len(certain) > 2:
        return {}
    of_two = POSSIBLY if len(sides) > 2 else CERTAINLY
    return {side: of_two if side in certain else POSSIBLY for side in sides - {country}}


def stats(meetings, by, today, asked):
    """Key: certainly and possibly held, certainly and possibly planned, the same of pending, and the
    first and the last day that those certainly held may have begun."""
    counts, days = {}, {}
    for m, how in matches(meetings, asked):
        places = {place(reading, today) for reading in readings(m)} - {None}
        sure = not m.outcome.rivals and not m.possible_only
        if by == "status":
            places, sure = {"held"}, True
        for key, under in keys_of(m, by, today, asked.get("country")).items():
            certain = sure and min(how, under) == CERTAINLY
            row = counts.setdefault(key, [0] * 6) if places else None
            for index, name in enumerate(("held", "planned", "pending")):
                if name in places:
                    row[2 * index] += certain
                    row[2 * index + 1] += 1
            if certain and "held" in places:
                days.setdefault(key, []).append((m.date.earliest, m.date.latest))
    return {key: [*row, iso(min((day for day, _ in days.get(key, [])), default=BEGINNING)),
                  iso(max((day for _, day in days.get(key, [])), default=END))]
            for key, row in counts.items()}


def pending(meetings, today, asked):
    """Id: why it waits, and whether certainly. Nobody waits for what a source says has been held
    since as another meeting."""
    held = {m.id for m in meetings if m.outcome.value == "held"}

    def followed(m):
        return any(relation == "successor" and other in held
                   for relation, other, _ in m.lists["links"])
    return {m.id: (m.pending(today), how == CERTAINLY and not m.outcome.rivals)
            for m, how in matches(meetings, asked) if m.pending(today) and not followed(m)}


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
