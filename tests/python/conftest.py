from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pytest

import services as running
from entente import Client


@pytest.fixture
def services(tmp_path: pathlib.Path) -> Iterator[running.Services]:
    """Services with an empty log."""
    process = running.Services(tmp_path / "data")
    process.start()
    yield process
    process.kill()


@pytest.fixture
def client(services: running.Services) -> Iterator[Client]:
    with Client(services.endpoints, timeout_s=running.DEADLINE_S) as made:
        yield made
