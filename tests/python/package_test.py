"""The package installs from the tree without a network, with its types."""

from __future__ import annotations

import importlib.util
import os
import pathlib
import subprocess
import sys

import pytest
import services as running


@pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("pip", "setuptools", "wheel")),
    reason="needs python3-pip")
def test_pip_install(tmp_path: pathlib.Path) -> None:
    where = tmp_path / "site"
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps",
         "--no-cache-dir", "--disable-pip-version-check", "--target", where,
         running.TREE / "python"], env=environment, check=True, timeout=running.DEADLINE_S)
    assert (where / "entente" / "py.typed").is_file()
    assert (where / "entente" / "v1" / "query_pb2.pyi").is_file()
    said = subprocess.run(
        [sys.executable, "-c", "import entente; print(entente.__file__, entente.Cursor(3))"],
        env=environment | {"PYTHONPATH": str(where)}, cwd=tmp_path, check=True,
        capture_output=True, text=True).stdout
    assert said == f"{where}/entente/__init__.py Cursor(position=3, ordinal=0)\n"


def test_types() -> None:
    if importlib.util.find_spec("mypy") is None:
        pytest.skip("needs mypy")
    # Without a cache of its own: other tests look at what lies in the tree meanwhile.
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-incremental", "--cache-dir", os.devnull,
         "--config-file", "pyproject.toml"],
        cwd=running.TREE / "python", capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
