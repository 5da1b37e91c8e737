"""What does not fit together: (kind, facet, ids of the reports concerned, sorted)."""

from dates import day_of, nest
from date_facts import date_words
from reports import cited


def finding(kind, facet, reports):
    return kind, facet, tuple(sorted({*cited(reports)}))


def findings_of(facet, said_by, beaten):
    """Of a fact, by who says so and the values it beat: one on what disputes it, and one for each
    unconfirmed change."""
    doubts = [("unconfirmed_change", by) for _, why, by in beaten if why == "unconfirmed_change"]
    if disputing := [name for _, why, by in beaten if why == "disputed" for name in by]:
        doubts.append(("disputed", disputing))
    return [(kind, facet, tuple(sorted({*said_by, *by}))) for kind, by in doubts]


def old_dates_astray(reports):
    """Who says that it had been set for another day than was known."""
    words = sorted((w for r in reports for w in date_words(r)), key=lambda w: w.rank)
    for index, w in enumerate(words):
        new, old = (None, w.date) if w.kind == "postponed" else (w.date, w.left)
        known = [v.date for v in words[:index] if v.firm and v.kind in ("date", "new")
                 and not (new and nest(v.date, new))]  # the change may have been told before
        if old and known and not nest(known[-1], old):
            yield finding("inconsistent", "date", [w.report])


def planned_afterwards(report, date, held):
    """Whether a plan was made after it was told as held, for a day behind that one."""
    return report.rank > held.finest_by.rank and date.earliest > held.finest.latest


def plans_afterwards(reports, held):
    for w in (w for r in reports for w in date_words(r)):
        if w.firm and w.kind in ("date", "new") and planned_afterwards(w.report, w.date, held):
            yield finding("inconsistent", "date", [w.report, held.finest_by])


def reported_too_late(report):
    """With one day of slack for the zone."""
    if report.time.first > day_of(report.recorded[:10]) + 1:
        yield "inconsistent", "reports", (report.id,)
