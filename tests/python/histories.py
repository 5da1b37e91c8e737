"""Reports to append."""

from __future__ import annotations

from typing import Any


def scheduled(number: int, day: str = "2021-04-24", *, parties: tuple[str, str] = ("JP", "IN"),
              **other: Any) -> dict[str, Any]:
    """The report number `number`, which dates a meeting of its own."""
    return {
        "stream": f"meeting/example-{number}", "id": f"example-{number}-scheduled",
        "reported": "2021-04-01",
        "source": {"publisher": "The Example Gazette", "locator": "p. 1", "class": "media"},
        "meeting": {"kind": "two-plus-two", "parties": [{"name": name} for name in parties]},
        "meeting_scheduled": {"date": {"edtf": day}}} | other
