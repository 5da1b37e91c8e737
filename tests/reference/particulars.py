"""What is known of a meeting beside its life: who takes part, on what, with what result. Values as
they are compared: tuples and sorted lists."""

from reports import settle, word


def who_takes_part(reports):
    """Codes of those who take part, of those who once did, and of those about whom that is
    disputed."""
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
            sorted(code for code in known if settle(words[code]).disputed))


def attendees(reports):
    seats = {}
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
    settled = {seat: settle(words) for seat, words in seats.items()}
    return sorted((*seat, who.value or "", who.disputed, who.unconfirmed)
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
    return (sorted((*tag, fact.disputed) for tag, fact in settled.items() if fact.value),
            sorted({tag[0] for tag, fact in settled.items() if not fact.value and fact.disputed}))


def results(reports):
    def when_of(said):
        return said.get("date", said.get("next_meeting", {})).get("edtf", "")
    return sorted({(r.said["kind"], r.said["summary"], tuple(sorted(set(r.said.get("topics", [])))),
                    when_of(r.said)) for r in reports if r.type == "outcome_recorded"})


def statements(reports):
    return sorted({(r.said["who"], r.said.get("post", ""), r.said.get("said_on", ""),
                    r.said["summary"], tuple(sorted(set(r.said.get("topics", [])))),
                    tuple(sorted(r.said.get("about", []))))
                   for r in reports if r.type == "statement_made"})


def claims(reports):
    def of(said):
        scope = said.get("scope", {})
        return (said["claim"], said.get("value", 0), scope.get("kind", ""), scope.get("party", ""),
                scope.get("window", ""))
    return sorted({of(r.said) for r in reports if r.type == "claim_recorded"})


def links(reports, name, survivors):
    """(relation, the meeting that answers for the other one today)."""
    said = {(r.said["relation"], survivors.get(r.said["other"], r.said["other"]))
            for r in reports if r.type == "meeting_linked"}
    return sorted(link for link in said if link[1] != name)


def reason_and_until(off):
    """`off`: the reports by which it is off. Who does not know the reason contradicts nobody."""
    reasons = [word(r, r.said["reason"]) for r in off
               if r.said.get("reason", "unknown") != "unknown"]
    return settle(reasons), settle([word(r, r.said["until"]) for r in off if r.said.get("until")])
