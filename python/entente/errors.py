"""What can go wrong, as the services say it (docs/errors.md)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from entente.catalogue import CATALOGUE, Entry
from entente.v1 import error_reason_pb2

_INTERNAL = CATALOGUE[error_reason_pb2.Reason.INTERNAL]


def _entry(number: int) -> Entry:
    """A reason that this version does not know is read as INTERNAL: nothing is retried."""
    return CATALOGUE.get(number, _INTERNAL)


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `field` is the path of what is wrong in the request and `value`
    what was found there; both may be empty. `position` is the one it clashes with, else 0."""

    number: int
    field: str = ""
    value: str = ""
    message: str = ""
    position: int = 0
    suggestions: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Public and stable, such as DATE_INVALID."""
        return _entry(self.number).reason

    @property
    def code(self) -> str:
        """The canonical code of the reason, such as INVALID_ARGUMENT."""
        return _entry(self.number).code

    @property
    def retry(self) -> str:
        """Whether a retry can help: `later` (the same request), `changed` (another), `never`."""
        return _entry(self.number).retry

    @property
    def next(self) -> str:
        """What to do about it."""
        return _entry(self.number).next

    def __str__(self) -> str:
        known = "" if self.number in CATALOGUE else f" (error {self.number} of a newer version)"
        where = f" {self.field}" if self.field else ""
        found = f" ({self.value!r})" if self.value else ""
        return f"{self.reason}{known}{where}{found}: {self.message or self.next}"


class EntenteError(Exception):
    """A request was refused, or not answered. All that is wrong with it is in `faults`, the first
    of which gives the error its `reason`."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults) or (Fault(error_reason_pb2.Reason.INTERNAL),)
        super().__init__("\n".join(map(str, self.faults)))

    @property
    def reason(self) -> str:
        return self.faults[0].reason

    @property
    def code(self) -> str:
        return self.faults[0].code

    @property
    def may_retry(self) -> bool:
        """The same request may succeed later."""
        return all(fault.retry == "later" for fault in self.faults)


def from_reply(reply: Any) -> EntenteError:
    """The error that an ErrorReply tells."""
    return EntenteError(
        Fault(error.reason, error.field, error.value, error.message, error.position,
              tuple(error.suggestions))
        for error in reply.errors)


def of(reason: str, message: str, field: str = "", value: str = "") -> EntenteError:
    """An error of our own, in the words of the catalogue."""
    number = error_reason_pb2.Reason.Value.Value(reason)
    return EntenteError([Fault(number, field, value, message)])
