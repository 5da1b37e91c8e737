"""Makes the modules of the schema (`entente/v1`) with protoc, and `entente/catalogue.py` from the
error catalogue.

    python3 python/build_hook/generate.py

They are made at build time and not kept in the tree: what protoc writes belongs to the version of
protobuf's runtime beside it, and Debian has both in one version. Files are replaced whole and only
when they change, so that several processes may do this at once.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile
import tomllib

PYTHON = pathlib.Path(__file__).resolve().parents[1]
PACKAGE = PYTHON / "entente"
TREE = PYTHON.parent
SCHEMA = TREE / "proto"
CATALOGUE = TREE / "lib" / "values" / "errors.toml"


def replace(path: pathlib.Path, content: bytes) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(name, 0o644)
    os.replace(name, path)


def generate_schema() -> None:
    protoc = shutil.which("protoc")
    if protoc is None:
        raise SystemExit("protoc is missing: install protobuf-compiler, then try again")
    sources = sorted(SCHEMA.glob("entente/v1/*.proto"))
    with tempfile.TemporaryDirectory() as made:
        subprocess.run(
            [protoc, f"--proto_path={SCHEMA}", f"--python_out={made}", f"--pyi_out={made}",
             *map(str, sources)], check=True)
        for path in sorted(pathlib.Path(made, "entente", "v1").iterdir()):
            replace(PACKAGE / "v1" / path.name, path.read_bytes())
    replace(PACKAGE / "v1" / "__init__.py",
            b'"""The messages of `proto/entente/v1`, made by protoc."""\n')


def generate_catalogue() -> None:
    lines = ['"""Made from lib/values/errors.toml by build_hook/generate.py; change that."""', "",
             "from typing import NamedTuple", "", "",
             "class Entry(NamedTuple):", "    reason: str", "    code: str", "    retry: str",
             "    next: str", "", "",
             "CATALOGUE: dict[int, Entry] = {"]
    for entry in tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))["error"]:
        lines.append(f"    {entry['number']}: Entry({entry['reason']!r}, {entry['code']!r}, "
                     f"{entry['retry']!r},\n        {entry['next']!r}),")
    lines += ["}", ""]
    replace(PACKAGE / "catalogue.py", "\n".join(lines).encode())


def generate() -> None:
    # An archive of the package holds the modules and not the tree they were made from.
    if SCHEMA.is_dir():
        generate_schema()
        generate_catalogue()


if __name__ == "__main__":
    generate()
