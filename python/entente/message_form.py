"""Messages of the schema, from what is easy to write in Python."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from google.protobuf import json_format

from entente import errors

M = TypeVar("M")


def message_of(kind: type[M], given: M | Mapping[str, Any] | None, field: str) -> M:
    """A message as it is, or one made of its JSON form: `{"countries": ["JP"]}`. The schema has
    fields named `class` and `from`, which Python's keyword arguments cannot be."""
    if isinstance(given, kind):
        return given
    try:
        made: Any = json_format.ParseDict(given or {}, kind())
    except json_format.ParseError as error:
        raise errors.of("JSON_MALFORMED", str(error), field=field) from error
    return made  # type: ignore[no-any-return]


def day_of(given: datetime.date | str | None, as_of: Any) -> str:
    """The day for "lapsed" and "year unfinished", which services leave to who asks: the one
    given, else the day of the state asked about, else today."""
    if given is not None:
        return given if isinstance(given, str) else given.isoformat()
    for asked in (as_of.reported, as_of.recorded):
        if day := re.match(r"\d{4}-\d{2}-\d{2}", asked):
            return day[0]
    return datetime.date.today().isoformat()
