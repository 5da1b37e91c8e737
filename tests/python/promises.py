"""What subscribers are promised, in the words of docs/protocol.md, section 7: a test that sees one
broken prints them first. tests/house holds the words together."""

from __future__ import annotations

ORDERED = "ordered per meeting"
UNIQUE = "unique"
GAP_FREE = "gap-free"
RESUMABLE = "resumable"
COVERED = "covered_to honest"
FILTERED = "filtered exactly"
SHARED_BY_MEETING = "shared by meeting"
DURABLE = "durable"
RETRIED = "retried as asked"


def check_told(told: list[int], expected: list[int], promise: str = GAP_FREE) -> None:
    """Positions: none is missing, none too many, in their order."""
    missing = sorted(set(expected) - set(told))
    assert not missing, f"{promise}: {missing} never came"
    twice = sorted({position for position in told if told.count(position) > 1})
    assert not twice, f"{UNIQUE}: {twice} came again"
    foreign = sorted(set(told) - set(expected))
    assert not foreign, f"{FILTERED}: {foreign} came"
    assert told == expected, f"{ORDERED}: {told}"
