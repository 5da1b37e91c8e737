"""What is known of a meeting beside its life: on what, with whom at the table, with what result.
Values as they are compared: tuples, with the ids of the reports that say so at the end, the
highest-ranked first."""

from findings import findings_of
from reports import cited, settle, word


def attendees(reports):
    """Seats with who sits there, and findings."""
    seats, nameless = {}, {}
    for r in reports:
        if r.type not in ("meeting_held", "attendees_named"):
            continue
        persons = {}
        for a in r.said.get("attendees", []):
            persons.setdefault((a["party"], a["post"]), []).append(a.get("person", ""))
        for seat, names in persons.items():
            seats.setdefault(seat, [])
            # One report that names two persons for one seat means both.
            if any(names):
                seats[seat].append(word(r, ", ".join(filter(None, names))))
            if "" in names:
                nameless.setdefault(seat, []).append(r)

    def said_by(seat, value):
        """Those who name the person, and then those who name the seat alone."""
        naming = [w.report for w in seats[seat] if w.value == value]
        return cited(naming) + cited(r for r in nameless.get(seat, []) if r not in naming)

    told, findings = [], []
    for seat in sorted(seats):
        who = settle(seats[seat])
        by = said_by(seat, who.value)
        told.append((*seat, who.value or "", who.disputed, who.unconfirmed, by, who.beaten))
        findings += findings_of("attendees", by, who.beaten)
    return told, findings


def topics(reports):
    """(topic, relation, whether disputed, by whom), topics that only one side of a dispute gives
    it, and findings."""
    tags = {}
    for r in reports:
        if r.type == "topics_tagged":
            tags.setdefault((r.said["topic"], r.said["relation"]), []).append(
                word(r, not r.said.get("remove")))
        if r.type in ("statement_made", "outcome_recorded"):
            statement = r.type == "statement_made" or r.said["kind"] == "joint_statement"
            for topic in set(r.said.get("topics", [])):
                tags.setdefault((topic, "statement" if statement else "discussed"), []).append(
                    word(r, True))
    settled = {tag: settle(words) for tag, words in sorted(tags.items())}
    return ([(*tag, fact.disputed, fact.said_by) for tag, fact in settled.items() if fact.value],
            sorted({tag[0] for tag, fact in settled.items() if not fact.value and fact.disputed}),
            [found for fact in settled.values()
             for found in findings_of("topics", fact.said_by, fact.beaten)])


def each(reports, kind, of):
    """What reports of a kind say, once each, the first told first."""
    said = {}
    for r in sorted((r for r in reports if r.type == kind), key=lambda r: r.rank):
        said.setdefault(of(r.said), []).append(r)
    return [(*value, cited(by)) for value, by in said.items()]


def results(reports):
    def when_of(said):
        return said.get("date", said.get("next_meeting", {})).get("edtf", "")
    return each(reports, "outcome_recorded", lambda said: (
        said["kind"], said["summary"], tuple(sorted(set(said.get("topics", [])))), when_of(said)))


def statements(reports):
    return each(reports, "statement_made", lambda said: (
        said["who"], said.get("post", ""), said.get("said_on", ""), said["summary"],
        tuple(sorted(set(said.get("topics", [])))), tuple(sorted(said.get("about", [])))))


def claims(reports):
    def of(said):
        scope = said.get("scope", {})
        return (said["claim"], said.get("value", 0), scope.get("kind", ""), scope.get("party", ""),
                scope.get("window", ""))
    return each(reports, "claim_recorded", of)


def links(reports, name, survivors):
    """(relation, the meeting that answers for the other one today, by whom)."""
    said = each(reports, "meeting_linked", lambda said: (
        said["relation"], survivors.get(said["other"], said["other"])))
    return sorted(link for link in said if link[1] != name)


def reason_and_until(off):
    """`off`: the reports by which it is off. Who does not know the reason contradicts nobody."""
    reasons = [word(r, r.said["reason"]) for r in off
               if r.said.get("reason", "unknown") != "unknown"]
    return settle(reasons), settle([word(r, r.said["until"]) for r in off if r.said.get("until")])
