"""Where a program stood in the change feed, kept over its own end."""

from __future__ import annotations

import os
import pathlib

from entente.subscription import Cursor


class Bookmark:
    """A file of one line, `position ordinal`. Each `save` replaces it whole, so a program that is
    killed finds the place it saved last, never half of one. It is not synced to disk: after a
    power cut an older place may come back, and the changes behind it once more.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = pathlib.Path(path)

    def read(self) -> Cursor | None:
        """The place saved last; None when there is none. ValueError names a file that is not ours."""
        try:
            text = self._path.read_text(encoding="ascii")
        except FileNotFoundError:
            return None
        match text.split():
            case [position, ordinal] if position.isdecimal() and ordinal.isdecimal():
                return Cursor(int(position), int(ordinal))
        raise ValueError(f"{self._path}: not a bookmark (a position and an ordinal): {text[:80]!r}")

    def save(self, cursor: Cursor) -> None:
        scratch = self._path.with_name(self._path.name + ".new")
        scratch.write_text(f"{cursor.position} {cursor.ordinal}\n", encoding="ascii")
        scratch.replace(self._path)
