"""Who takes part in a meeting, as what, and of which pairs and series that makes it one."""

import itertools
import pathlib
import tomllib
from dataclasses import dataclass, field

from findings import findings_of
from reports import Settled, settle, word

SIDES = ("participant", "host")
DATA = pathlib.Path(__file__).resolve().parents[2] / "data"
SERIES = tomllib.loads((DATA / "series.toml").read_text())["series"]


@dataclass
class Parties:
    """Codes in the order in which they are printed."""
    present: list = field(default_factory=list)
    removed: list = field(default_factory=list)  # who once did
    disputed: list = field(default_factory=list)  # of both
    said_by: dict = field(default_factory=dict)  # code: who says that it does, or no longer
    roles: dict = field(default_factory=dict)
    pairs: list = field(default_factory=list)  # sorted; it was at some time one of these two
    doubtful_pairs: list = field(default_factory=list)  # only one side of a dispute makes them
    findings: list = field(default_factory=list)

    @property
    def known(self):
        return self.present + self.removed

    @property
    def sides(self):
        return sorted(code for code in self.present if self.roles[code] in SIDES)

    @property
    def possible_sides(self):
        return sorted(code for code in {*self.present, *self.disputed}
                      if self.roles[code] in SIDES)


def lists(report):
    """The parties that a report names: as its own list, as others added; and those removed."""
    several = report.type == "statement_made" and len(report.said.get("about", [])) > 1
    named = [] if several else report.identity.get("parties", [])
    changed = report.said if report.type == "parties_changed" else {}
    out = changed.get("removed", [])
    # A report that tells of a removal may still list the party it was planned with.
    return ([p for p in named if p["name"] not in out],
            [p for p in changed.get("added", []) if p["name"] not in out], out)


def who_takes_part(reports):
    told = [(r, *lists(r)) for r in reports]
    told = [each for each in told if any(each[1:])]
    words, roles = {}, {}
    for r, named, added, out in told:
        seen = set()
        for p in named + added:
            if p["name"] in seen:
                continue
            seen.add(p["name"])
            words.setdefault(p["name"], []).append(word(r, True))
            if "role" in p:
                roles.setdefault(p["name"], []).append(word(r, p["role"]))
        for code in out:
            words.setdefault(code, []).append(word(r, False))
    settled = {code: settle(said) for code, said in sorted(words.items())}
    known = [code for code in settled if any(w.value for w in words[code])]
    present = [code for code in known if settled[code].value]

    # The order of the highest-ranked report that names two of them.
    firm = any(r.firm for r, *_ in told)
    deciding = [each for each in told if each[0].firm == firm]
    for _, named, _, _ in reversed(deciding):
        order = [p["name"] for p in named if p["name"] in present]
        if len(set(order)) > 1:
            present.sort(key=lambda code: order.index(code) if code in order else len(order))
            break
    parties = Parties(
        present, [code for code in known if code not in present],
        [code for code in known if settled[code].disputed],
        {code: settled[code].said_by for code in known},
        {code: settle(roles.get(code, [])).value or "participant" for code in words})
    for fact in settled.values():
        parties.findings += findings_of("parties", fact.said_by, fact.beaten)
    parties.pairs = sorted(pairs_made(deciding, parties.roles, {}))
    # Whoever is disputed takes part, or does not.
    disputed = [code for code in settled if settled[code].disputed]
    made = [pairs_made(deciding, parties.roles, dict(zip(disputed, reading)))
            for reading in itertools.product((True, False), repeat=len(disputed))]
    parties.doubtful_pairs = sorted(set.union(*made) - set.intersection(*made))
    return parties


def pairs_made(told, roles, reading):
    """Every two that it was one of after some report. `reading`: of whom only this is heard."""
    sides, pairs = set(), set()
    for _, named, added, out in told:
        sides |= {p["name"] for p in named + added
                  if roles[p["name"]] in SIDES and reading.get(p["name"], True)}
        sides -= {code for code in out if not reading.get(code, False)}
        if len(sides) == 2:
            pairs.add("-".join(sorted(sides)))
    return pairs


def series_of(kind, sides):
    return next((s["id"] for s in SERIES if s["kind"] == kind and s["parties"] == sides), "")


def derived_series(kind, parties):
    """Where no report names it: that of kind and sides, as doubtful as these."""
    value = series_of(kind.value, parties.sides)
    beaten = tuple((series_of(other, parties.sides), why, by) for other, why, by in kind.beaten
                   if why == "disputed" and series_of(other, parties.sides))
    rivals = frozenset(other for other, _, _ in beaten)
    return Settled(value, bool(rivals or value and (kind.disputed or parties.disputed)), False,
                   None, rivals, kind.said_by if value else (), beaten)
