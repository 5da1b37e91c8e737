"""What is known of a meeting beside its life: who takes part, on what, with what result. Values as
they are compared: tuples and sorted lists, with the ids of the reports that say so at the end, the
highest-ranked first."""

from reports import settle, word


def who_takes_part(reports):
    """Codes of those who take part, of those who once did, of those about whom that is disputed,
    and who says so of each of the first two."""
    words = {}
    for r in reports:
        if len(r.said.get("about", [])) > 1 and r.type == "statement_made":
            named = []
        else:
            named = r.identity.get("parties", [])
        changed = r.said if r.type == "parties_changed" else {}
        out = changed.get("removed", [])
        # A report that tells of a removal may still list the party it was planned with.
        for code in {p["name"] for p in named + changed.get("added", [])} - set(out):
            words.setdefault(code, []).append(word(r, True))
        for code in out:
            words.setdefault(code, []).append(word(r, False))
    present = {code for code, said in words.items() if settle(said).value}
    known = {code for code, said in words.items() if any(w.value for w in said)}
    return (sorted(present), sorted(known - present),
            sorted(code for code in known if settle(words[code]).disputed),
            {code: settle(words[code]).said_by for code in known})


def attendees(reports):
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
    settled = {seat: settle(words) for seat, words in seats.items()}

    def said_by(seat, value):
        """Those who name the person, and then those who name the seat alone."""
        naming = [w.report for w in seats[seat] if w.value == value]
        alone = [r for r in nameless.get(seat, []) if r not in naming]
        return tuple(r.cited for said in (naming, alone)
                     for r in sorted(said, key=lambda r: r.rank, reverse=True))

    return sorted((*seat, who.value or "", who.disputed, who.unconfirmed, said_by(seat, who.value))
                  for seat, who in settled.items())


def topics(reports):
    """(topic, relation, whether disputed), and topics that only one side of a dispute gives it."""
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
    settled = {tag: settle(words) for tag, words in tags.items()}
    return (sorted((*tag, fact.disputed, fact.said_by) for tag, fact in settled.items()
                   if fact.value),
            sorted({tag[0] for tag, fact in settled.items() if not fact.value and fact.disputed}))


def each(reports, kind, of):
    """What reports of a kind say, once each."""
    said = {}
    for r in sorted((r for r in reports if r.type == kind), key=lambda r: r.rank, reverse=True):
        said.setdefault(of(r.said), []).append(r.cited)
    return sorted((*value, tuple(by)) for value, by in said.items())


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
    """(relation, the meeting that answers for the other one today)."""
    said = each(reports, "meeting_linked", lambda said: (
        said["relation"], survivors.get(said["other"], said["other"])))
    return [link for link in said if link[1] != name]


def reason_and_until(off):
    """`off`: the reports by which it is off. Who does not know the reason contradicts nobody."""
    reasons = [word(r, r.said["reason"]) for r in off
               if r.said.get("reason", "unknown") != "unknown"]
    return settle(reasons), settle([word(r, r.said["until"]) for r in off if r.said.get("until")])
