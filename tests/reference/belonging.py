"""Which reports there are, what they say today, and to which meetings they belong."""

from typing import NamedTuple

from reports import OURS, payload_of


def is_act(report):
    return report.type in ("report_corrected", "report_retracted")


def visible(reports, reported, recorded):
    """As of a day on either axis. Acts of ours are visible on the reported axis always."""
    known = {r.id: r for r in reports if not recorded or r.recorded[:10] <= recorded}

    def said(report, seen=()):
        if reported is None or report.type in OURS:
            return True
        if is_act(report) and report.said["basis"] == "encoding":
            target = known.get(report.said["target"])
            return target is None or report.id in seen or said(target, (*seen, report.id))
        return report.time.last <= reported

    return known, {r.id for r in known.values() if said(r)}


def judge(known, said):
    """Applies corrections; gives the ids of retracted reports, and what became of each report that
    does not count as it was said: (corrected, retracted or no_effect, the act that did it); and the
    findings on acts without effect."""
    def target(act):
        return known.get(act.said["target"])

    def root(report):
        """What an act acts on in the end; nothing if it has no effect."""
        seen = []
        while is_act(report):
            aim = target(report)
            if report.id in seen or aim is None or before(report, aim):
                return None
            seen.append(report.id)
            report = aim
        return report

    def before(act, aim):
        if act.said["basis"] == "encoding":
            return False
        if act.time.moment is not None and aim.time.moment is not None:
            return act.time.moment < aim.time.moment
        return act.time.last < aim.time.first

    def effective(act):
        if act.id not in said or root(act) is None:
            return False
        if act.type == "report_retracted":
            return True
        # What corrects a correction without effect has none; a retraction is not corrected.
        aim = target(act)
        return (payload_of(act.said["replacement"])[0] == root(act).type and aim.id in said
                and aim.type != "report_retracted"
                and (aim.type != "report_corrected" or effective(aim)))

    def in_circle(act):
        """Whether it acts, by way of others, on itself."""
        aim, seen = target(act), []
        while aim is not None and is_act(aim) and aim not in seen:
            seen.append(aim)
            aim = target(aim)
        return act in seen

    def in_vain(act):
        """A retraction of a retraction in vain has something to withdraw all the same."""
        aim = target(act)
        return (aim is None or aim.id not in said or before(act, aim) or in_circle(act)
                or act.type == "report_corrected" and not effective(act))

    def amiss(act):
        """In vain for a reason of its own: what corrects a correction in vain has none."""
        aim = target(act)
        corrects = act.type == "report_corrected"
        if aim is None or in_circle(act):
            return True
        if aim.id not in said or corrects and is_act(aim) and in_vain(aim):
            return False
        return before(act, aim) or corrects and not effective(act)

    acts = [r for r in known.values() if is_act(r) and effective(r)]

    def retracting(report):
        """The act that withdraws it, the highest of several."""
        live = [a for a in acts if a.type == "report_retracted" and target(a) is report
                and not retracting(a)]
        return max(live, key=lambda a: a.rank, default=None)

    withdrawn = {r.id: retracting(r) for r in known.values()}
    gone = {name for name, act in withdrawn.items() if act}
    vain = {r.id: ("no_effect", "") for r in known.values() if is_act(r) and in_vain(r)}
    fates = {}
    replacements = {}
    for act in sorted(acts, key=lambda a: a.rank):
        if act.type == "report_corrected" and act.id not in gone:
            replacements.setdefault(root(act).id, []).append(act)
    for name, (*beaten, act) in replacements.items():
        known[name].facts, known[name].corrected_by = act.said["replacement"], act.id
        fates |= {one: ("corrected", act.id) for one in (name, *(b.id for b in beaten))}
    fates |= {name: ("retracted", act.id) for name, act in withdrawn.items() if act}
    return gone, fates | vain, [("inconsistent", "reports", (r.id,)) for r in known.values()
                                if r.id in said and is_act(r) and amiss(r)]


def named_in(report):
    """The meetings that a report says something of, beside the one it lies under."""
    named = [report.said[field] for field in ("other", "survivor", "absorbed", "from", "to")
             if field in report.said]
    return {*named, *report.said.get("about", [])}


class Belonging(NamedTuple):
    home: dict  # id -> stream
    moved_by: dict  # id -> the split that put it there
    acted_on: dict  # id of a correction or retraction -> the report that it is about in the end
    survivors: dict  # absorbed -> survivor, followed to the end
    circle: set  # ids of merges in a circle, which are none
    amiss: list  # findings


def belonging(live, everything):
    """To which meetings reports belong."""
    home, moved_by, acted_on, amiss = {r.id: r.stream for r in everything}, {}, {}, []
    by_id = {r.id: r for r in everything}
    splits = sorted((r for r in live if r.type == "meeting_split"), key=lambda r: r.rank)
    for index, split in enumerate(splits):
        for name in split.said["event_ids"]:
            if name not in by_id or by_id[name].stream != split.said["from"]:
                amiss.append(("inconsistent", "identity", (split.id,)))
                continue
            home[name], moved_by[name] = split.said["to"], split.id
            if is_act(by_id[name]):
                continue  # it goes where its report goes
            amiss += [("disputed", "identity", tuple(sorted((split.id, lower.id))))
                      for lower in splits[:index] if name in lower.said["event_ids"]
                      and lower.said["from"] == split.said["from"]
                      and lower.said["to"] != split.said["to"]]
    for act in filter(is_act, everything):  # goes where the report goes that it acts on
        path = [act]
        while is_act(path[-1]) and (aim := by_id.get(path[-1].said["target"])) not in (None, *path):
            path.append(aim)
        if not is_act(path[-1]):
            acted_on[act.id], end = path[-1], path[-1].id
            home[act.id] = home[end]
            moved_by.pop(act.id, None)
            moved_by |= {act.id: moved_by[end]} if end in moved_by else {}
    merges = {}
    made = sorted((r for r in live if r.type == "meetings_merged"), key=lambda r: r.rank)
    for merge in made:
        merges[merge.said["absorbed"]] = merge.said["survivor"]
    holding = {merge.said["absorbed"]: merge.id for merge in made}
    amiss += [("disputed", "identity", tuple(sorted((merge.id, holding[merge.said["absorbed"]]))))
              for merge in made if merge.said["survivor"] != merges[merge.said["absorbed"]]]

    def follow(name):
        path = []
        while name in merges and name not in path:
            path.append(name)
            name = merges[name]
        return name, path

    circles = {name for name in merges for end, path in [follow(name)]
               if end == name and path}
    amiss += {("inconsistent", "identity", tuple(sorted(holding[at] for at in follow(name)[1])))
              for name in circles}
    merges = {name: survivor for name, survivor in merges.items() if name not in circles}
    return Belonging(home, moved_by, acted_on, {name: follow(name)[0] for name in merges},
                     {merge.id for merge in live if merge.type == "meetings_merged"
                      and merge.said["absorbed"] in circles}, amiss)
