"""Runs the tests of the Python client with pytest; leaves with 77 (skipped) where a package that
they need is missing."""

import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parents[1]
NEEDED = {"zmq": "python3-zmq", "google.protobuf": "python3-protobuf", "pytest": "python3-pytest"}


def is_missing(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is None
    except ModuleNotFoundError:
        return True


missing = [package for module, package in NEEDED.items() if is_missing(module)]
if shutil.which("protoc") is None:
    missing.append("protobuf-compiler")
if missing:
    print(f"skipped: the Python client needs {' '.join(missing)}")
    sys.exit(77)

subprocess.run([sys.executable, TREE / "python/build_hook/generate.py"], check=True)
sys.exit(subprocess.call(
    [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", HERE / "pytest.ini",
     "--rootdir", HERE, HERE, *sys.argv[1:]],
    env=os.environ | {"PYTHONPATH": str(TREE / "python"), "PYTHONDONTWRITEBYTECODE": "1"}))
