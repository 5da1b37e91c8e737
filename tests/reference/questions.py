"""What is asked of all meetings together."""

from dates import iso


def timeline(meetings):
    """(id, whether the order to the next one is not known), the undated last."""
    def key(m):
        undated = m.date.value == ""
        return undated, m.date.earliest, m.date.latest, m.date.value, m.id

    def tied(a, b):
        return (a.date.state == b.date.state == "dated"
                and max(a.date.earliest, b.date.earliest) <= min(a.date.latest, b.date.latest))

    listed = sorted((m for m in meetings if m.listed), key=key)
    return [(m.id, bool(after) and tied(m, after[0]))
            for m, after in ((m, listed[i + 1:i + 2]) for i, m in enumerate(listed))]


def held_by_year(meetings):
    """Year: (certainly, possibly) held."""
    counts = {}
    for m in meetings:
        if not m.listed or m.outcome.value != "held" or m.date.state != "dated":
            continue
        # Open on one side it overlaps every year there; only that of the other end can be listed.
        first, last = iso(m.date.earliest), iso(m.date.latest)
        first, last = first or last, last or first
        for year in map(str, range(int(first[:4]), int(last[:4]) + 1)):
            certain, possible = counts.get(year, (0, 0))
            sure = not m.possible_only and (iso(m.date.earliest)[:4] == year
                                            == iso(m.date.latest)[:4])
            counts[year] = certain + sure, possible + 1
    return counts


def pending(meetings, today):
    """Nobody waits for what a source says has been held since as another meeting."""
    held = {m.id for m in meetings if m.outcome.value == "held"}

    def followed(m):
        return any(relation == "successor" and other in held
                   for relation, other in m.lists["links"])
    return {m.id: m.pending(today) for m in meetings
            if m.listed and m.pending(today) and not followed(m)}
