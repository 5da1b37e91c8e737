"""Reads the files of docs/protocol-vectors (README.md there)."""

from __future__ import annotations

import dataclasses
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "docs" / "protocol-vectors"


@dataclasses.dataclass(frozen=True)
class Vector:
    keys: dict[str, str]
    frames: list[bytes]
    more: list[bytes]

    @property
    def name(self) -> str:
        return self.keys["name"]


def read(path: pathlib.Path) -> Vector:
    keys: dict[str, str] = {}
    frames: list[bytes] = []
    more: list[bytes] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        value = value.strip()
        if key == "frame":
            frames.append(bytes.fromhex(value))
        elif key == "bytes":
            more.append(bytes.fromhex(value))
        elif key != "more":
            keys[key] = value
    return Vector(keys, frames, more)


ALL = [read(path) for path in sorted(FOLDER.glob("*.vector"))]
