"""Whether a meeting is on, off or held."""

from typing import NamedTuple

from dates import exclude, when
from date_facts import date_words, settle_dates
from findings import finding, findings_of
from reports import MEDIA, OFFICIAL, OPEN, Settled, cited, contradict, settle, word


def outcome_said(report):
    if report.type in OPEN:
        return "open"
    if report.type == "meeting_not_held":
        instead = report.said.get("instead")
        return {"postponed": "open", "cancelled": "cancelled"}.get(instead, "called_off")
    return {"meeting_called_off": "called_off", "meeting_cancelled": "cancelled",
            "meeting_held": "held"}.get(report.type)


def otherwise(report):
    """What a report against its having been held has it as."""
    if report.type == "meeting_postponed" or report.said.get("instead") == "postponed":
        return "postponed"
    return outcome_said(report)


def rivals_of_plan(outcome, date):
    """What else a meeting that is on or off may be: open and postponed are told apart."""
    postponed = date.state == "postponed"
    rivals = {("postponed" if postponed else "open") if value == "open" else value
              for value in outcome.rivals}
    if date.state_disputed and "open" in {outcome.value or "open", *outcome.rivals}:
        rivals.add("open" if postponed else "postponed")
    return frozenset(rivals)


def on_that_day(report, held, reports):
    """Whether a denial can mean the day of a report that it was held. Without a day it means the
    one planned until then; if that is not known, any."""
    date = report.said.get("old_date" if report.type == "meeting_postponed" else "date")
    text = date["edtf"] if date else ""
    if not text:
        text = settle_dates([w for r in reports if r.type != "meeting_not_held"
                             and r.time.first <= report.time.first for w in date_words(r)]).value
    return not text or not exclude(when(text), when(held.said["date"]["edtf"]))


class Verdict(NamedTuple):
    outcome: Settled
    held: list | None  # the reports that it was held on which its date rests
    possible_only: bool
    denied: list  # the reports that it was held which do not count
    findings: list


def fold_outcome(reports, astray):
    """`astray`: denials that are not about the day planned."""
    helds = [r for r in reports if r.type == "meeting_held"]
    denials = [r for r in reports if r.type == "meeting_not_held"]
    offs = [r for r in reports
            if r.type in ("meeting_postponed", "meeting_called_off", "meeting_cancelled")]

    def premature(held):
        return when(held.said["date"]["edtf"]).earliest > held.time.last + 1

    def against(held, deniers):
        return [d for d in deniers if on_that_day(d, held, reports)
                and (d.rank > held.rank or contradict(d, held))]

    def beaten(held):
        return any(d.rank > held.rank and d.authority >= held.authority
                   for d in against(held, denials))

    denied = [h for h in helds if beaten(h)]
    standing = [h for h in helds if h not in denied]
    sure = [h for h in standing if h.firm and not premature(h)]
    findings = [finding("inconsistent", "outcome", [h]) for h in standing if premature(h)]
    if sure:
        last = max(sure, key=lambda h: h.rank)
        disputing = against(last, denials) + [o for o in against(last, offs) if o.firm]
        doubting = [o for o in against(last, offs) if not o.firm]
        officials = sorted((r for r in reports if r.authority == OFFICIAL and outcome_said(r)
                            and (r not in helds or r in sure)
                            and (r not in denials + offs or on_that_day(r, last, reports))),
                           key=lambda r: r.rank)
        if last.authority == MEDIA and officials and officials[-1] in denials + offs:
            doubting += [r for r in officials[-1:] if r.rank < last.rank]
        if disputing or doubting:
            findings.append(finding("disputed" if disputing else "unconfirmed_change", "outcome",
                                    sure + disputing + doubting))
        held = Settled("held", bool(disputing), bool(doubting), None,
                       frozenset(map(otherwise, disputing)), cited(sure))
        return Verdict(held, sure, bool(disputing), denied, findings)
    if standing and not any(outcome_said(r) for r in reports if r not in helds):
        return Verdict(Settled("held", said_by=cited(standing)), standing, True, denied, findings)
    # What is left to say that it was held is beaten, or possible at most: it only casts doubt.
    result = settle([word(r, outcome_said(r)) for r in reports
                     if outcome_said(r) and r not in helds + astray])
    if result.report:
        as_good = [h for h in denied if contradict(h, result.report)]
        if as_good:
            result = result._replace(disputed=True, rivals=result.rivals | {"held"},
                                     beaten=(*result.beaten, ("held", "disputed", cited(as_good))))
        if any(h.rank > result.report.rank for h in standing):
            result = result._replace(unconfirmed=True)
            findings.append(finding("unconfirmed_change", "outcome", standing))
    findings += findings_of("outcome", result.said_by, result.beaten)
    return Verdict(result, None, False, denied, findings)
