"""The examples of python/README.md do what they say."""

from __future__ import annotations

import os
import pathlib
import re
import select
import subprocess
import sys

import services as running
from histories import scheduled

from entente import Client

README = (running.TREE / "python" / "README.md").read_text(encoding="utf-8")
APPEND, ASK, BE_TOLD, SHARE, LISTEN = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def run(services: running.Services, program: str, directory: pathlib.Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=directory, capture_output=True, text=True,
        env=os.environ | {"ENTENTE_DATA": str(services.directory)}, timeout=running.DEADLINE_S)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def lines_until(services: running.Services, program: str, directory: pathlib.Path,
                count: int) -> list[str]:
    """The first lines of a program that does not end."""
    with subprocess.Popen(
            [sys.executable, "-c", program], cwd=directory, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"ENTENTE_DATA": str(services.directory)}) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(count)]
        process.kill()
    return lines


def test_each_has_about_twenty_lines() -> None:
    assert all(len(example.splitlines()) <= 21 for example in (APPEND, ASK, BE_TOLD, SHARE, LISTEN))


def test_append_and_ask(services: running.Services, client: Client,
                        tmp_path: pathlib.Path) -> None:
    assert run(services, APPEND, tmp_path) == ["position 1 new"]
    assert run(services, APPEND, tmp_path) == ["position 1 known before"]
    (fault,) = run(services, APPEND.replace('"India"', '"Indai"').replace("-p3", "-p4"), tmp_path)
    assert fault.startswith("events[0].meeting.parties[1].name PARTY_UNKNOWN")
    client.timeline(at_least=1)
    assert run(services, ASK, tmp_path) == [
        "2021-04-24 meeting/jp-in-two-plus-two-2021-04",
        "1 IN 0",
        "waiting: meeting/jp-in-two-plus-two-2021-04",
        "0 known on the day before",
        "says The Example Gazette paragraph 3",
            "since then added Japan-India two-plus-two"]


def test_be_told(services: running.Services, client: Client, tmp_path: pathlib.Path) -> None:
    client.append([scheduled(1), scheduled(2, parties=("FR", "DE")), scheduled(3)])
    first, second = lines_until(services, BE_TOLD, tmp_path, 2)
    assert first.startswith("Japan-India two-plus-two") and second.startswith("Japan-India")
    client.append([scheduled(4, parties=("JP", "US"))])
    (third, *_) = lines_until(services, BE_TOLD, tmp_path, 1)
    assert "US" in third or "India" in third


def test_share_the_work(services: running.Services, client: Client,
                        tmp_path: pathlib.Path) -> None:
    client.append([scheduled(1), scheduled(2)])
    client.timeline(at_least=2)
    lines = lines_until(services, SHARE.replace("now=True", "after=(0, 0)"), tmp_path, 2)
    assert all(line.startswith("Japan-India") for line in lines)


def test_listen(services: running.Services, client: Client, tmp_path: pathlib.Path) -> None:
    """Told of what comes while it listens: the first may still be published to nobody."""
    with subprocess.Popen(
            [sys.executable, "-c", LISTEN], cwd=tmp_path, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"ENTENTE_DATA": str(services.directory)}) as process:
        assert process.stdout is not None
        ready: list[object] = []
        for number in range(1, 2 * int(running.DEADLINE_S)):
            client.append([scheduled(number)])
            ready, _, _ = select.select([process.stdout], [], [], 0.5)
            if ready:
                break
        told = process.stdout.readline() if ready else ""
        process.kill()
    assert "Japan" in told
