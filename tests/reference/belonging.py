"""Which reports there are, what they say today, and to which meetings they belong."""

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
    """Applies corrections; gives the ids of retracted reports."""
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

    acts = [r for r in known.values() if is_act(r) and effective(r)]

    def retracted(report):
        return any(a.type == "report_retracted" and target(a) is report and not retracted(a)
                   for a in acts)

    gone = {r.id for r in known.values() if retracted(r)}
    replacements = {}
    for act in sorted(acts, key=lambda a: a.rank):
        if act.type == "report_corrected" and act.id not in gone:
            replacements[root(act).id] = act.said["replacement"]
    for name, facts in replacements.items():
        known[name].facts = facts
    return gone


def belonging(live, everything):
    """Stream of each report, and the map absorbed -> survivor, followed to the end."""
    home = {r.id: r.stream for r in everything}
    for split in sorted((r for r in live if r.type == "meeting_split"), key=lambda r: r.rank):
        for name in split.said["event_ids"]:
            if any(r.id == name and r.stream == split.said["from"] for r in everything):
                home[name] = split.said["to"]
    merges = {}
    for merge in sorted((r for r in live if r.type == "meetings_merged"), key=lambda r: r.rank):
        merges[merge.said["absorbed"]] = merge.said["survivor"]

    def follow(name):
        path = []
        while name in merges and name not in path:
            path.append(name)
            name = merges[name]
        return name, path

    circles = {name for name in merges for end, path in [follow(name)]
               if end == name and path}
    merges = {name: survivor for name, survivor in merges.items() if name not in circles}
    return home, {name: follow(name)[0] for name in merges}
