"""The rules of the house, held against the tree. Each failure says what to do instead."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Which of our folders a folder may include, beside itself and the generated proto headers.
MAY_INCLUDE = {
    "values": set(),
    "domain": {"values"},
    "bus": {"values"},
    "log": {"domain", "values"},
    "views": {"log", "domain", "values"},
    "formats": {"domain", "values"},
    "client": {"bus", "domain", "values"},
    "services": {"values", "domain", "bus", "log", "views", "formats", "client"},
    # `log` and `views` for what it does to a directory: docs/adr/0005.
    "cli": {"services", "log", "views", "client", "formats", "domain", "values"},
}
# Libraries that stay behind one door: header prefix -> folders that may include it.
BEHIND_A_DOOR = {
    "zmq": {"bus", "client", "services", "cli"},
    "rocksdb/": {"log", "views", "services"},
    "CLI/": {"services", "cli"},
    "thread": {"bus", "log", "views", "client", "services", "cli"},
    "mutex": {"log", "views", "services", "client"},
}
# The folders of a package of protobuf, which `proto/README.md` speaks of, and the files of a store.
WITHOUT_README = ("proto/entente", "tests/golden/log-format-1",
                  "tests/golden/log-format-1-every-payload")
# They hold the words that the others must not.
OF_THE_HOUSE = ("house_test.py", "house_self_test.py")
# A field of a message: its comment stands on its line, or right above it and as far in.
FIELD = re.compile(r"(\s*)(?:repeated |optional )?[\w.]+ (\w+) = \d+(?: \[[^]]*\])?;\s*(//\s*\S)?")
EMPTY_NAMES = {"util", "utils", "common", "helper", "helpers", "misc", "manager", "managers"}
CODE = {".h", ".cpp"}


def tracked():
    """Every file git knows or would know, so that the test also works before a commit."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\n")
    return sorted({pathlib.Path(f) for f in listed if f and (ROOT / f).is_file()})


FILES = tracked()


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def room(path):
    """The part of the include table a file belongs to; None for tests, bench and examples."""
    parts = path.parts
    if parts[0] == "lib":
        return parts[1]
    return parts[0] if parts[0] in ("services", "cli") else None


def nearest(path, name):
    """The files called `name` in a folder of `path` or above, nearest first."""
    return [p / name for p in path.parents if p / name in FILES]


def is_named(path, listing):
    return re.search(rf"(?<![\w/.-]){re.escape(str(path))}(?![\w.-])", listing) is not None


def resolved(path, ours, header):
    """The file of the tree that an include names; None if it is none of ours."""
    # An installed client is included as <entente/…>.
    header = header.removeprefix("entente/") if not ours else header
    for place in ([path.parent] if ours else []) + [pathlib.Path("lib"), pathlib.Path()]:
        named = pathlib.Path(os.path.normpath(place / header))
        if (ROOT / named).is_file():
            return named
    return None


def libraries():
    """Of each library and program of CMake: its target, its room, its listing and what it uses."""
    for listing in FILES:
        if listing.name != "CMakeLists.txt" or room(listing) not in MAY_INCLUDE:
            continue
        for kind, name, words in re.findall(r"entente_(library|program)\(([\w-]+)([^)]*)\)",
                                            text(listing)):
            target = f"entente_{name}" if kind == "library" else name
            yield target, room(listing), listing, re.findall(r"\bentente_\w+", words)
        for target, words in re.findall(r"target_link_libraries\(([\w-]+)([^)]*)\)", text(listing)):
            yield target, room(listing), listing, re.findall(r"\bentente_\w+", words)


def includes(path):
    for number, line in enumerate(text(path).splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if found:
            yield number, found[1] == '"', found[2]


class House(unittest.TestCase):
    def fail_with(self, sentences):
        if sentences:
            self.fail("\n" + "\n".join(sorted(sentences)))

    def test_includes_go_downwards(self):
        wrong = []
        for path in FILES:
            here = room(path)
            if path.suffix not in CODE or here not in MAY_INCLUDE:
                continue
            for number, ours, header in includes(path):
                named = resolved(path, ours, header)
                there = room(named) if named else header.split("/")[0] if ours else None
                if there in MAY_INCLUDE and there != here and there not in MAY_INCLUDE[here]:
                    wrong.append(f"{path}:{number}: {here} includes {header}. {here} may include "
                                 f"{sorted(MAY_INCLUDE[here]) or 'nothing of ours'}: move what you "
                                 f"need down, or pass it in.")
                for door, folders in BEHIND_A_DOOR.items():
                    if not ours and header.startswith(door) and here not in folders:
                        wrong.append(f"{path}:{number}: <{header}> belongs to {sorted(folders)}. "
                                     f"Ask them for what you need through their headers.")
        self.fail_with(wrong)

    def test_libraries_link_downwards(self):
        rooms = {target: here for target, here, _, _ in libraries()}
        self.fail_with([
            f"{listing}: {target} uses {used}, which is in {rooms[used]}. {here} may use "
            f"{sorted(MAY_INCLUDE[here]) or 'nothing of ours'}: move what you need down."
            for target, here, listing, uses in libraries() for used in uses
            if rooms.get(used, here) not in {here} | MAY_INCLUDE[here]])

    def test_every_source_is_built(self):
        wrong = []
        included = {resolved(path, ours, header) for path in FILES if path.suffix in CODE
                    for _, ours, header in includes(path)}
        for path in FILES:
            if path.suffix == ".cpp":
                if not any(is_named(path.relative_to(listing.parent), text(listing))
                           for listing in nearest(path, "CMakeLists.txt")):
                    wrong.append(f"{path}: nobody builds it. List it in the CMakeLists.txt of its "
                                 f"folder, or delete it.")
            elif path.suffix == ".h" and path not in included:
                wrong.append(f"{path}: nobody includes it. Use it, or delete it.")
        self.fail_with(wrong)

    def test_every_test_in_python_is_run(self):
        def is_run(path):
            if any("*_test.py" in text(settings) for settings in nearest(path, "pytest.ini")):
                return True
            # By its name, or as one word of a list that `_test.py` is put behind.
            listing = "".join(map(text, nearest(path, "CMakeLists.txt")[:1]))
            return is_named(path.name, listing.replace("/", " ")) or (
                "}_test.py" in listing and is_named(path.name.removesuffix("_test.py"), listing))
        self.fail_with([
            f"{path}: nobody runs it. Add it to the CMakeLists.txt of its folder as a test, or put "
            f"it where a pytest.ini collects it."
            for path in FILES if path.name.endswith("_test.py") and not is_run(path)])

    def test_every_vocabulary_is_generated_from(self):
        generators = "\n".join(text(p) for p in FILES if re.match(r"scripts/generate-", str(p)))
        self.fail_with([
            f"{path}: no generator reads it. Name \"{path.stem}\" in one of scripts/generate-*, "
            f"or delete it."
            for path in FILES if path.parts[0] == "data" and path.suffix == ".toml"
            and f'"{path.stem}"' not in generators])

    def test_every_page_is_linked(self):
        links = {(page, pathlib.Path(os.path.normpath(page.parent / target)))
                 for page in FILES if page.suffix == ".md"
                 for target in re.findall(r"\]\(([^)#\s]+)", text(page))}
        linked = {target for page, target in links if target != page}
        self.fail_with([
            f"{path}: no page links to it. Link it from {path.parent}/README.md, or delete it."
            for path in FILES if path.parts[0] == "docs" and path.suffix == ".md"
            and path.name != "README.md" and path not in linked])

    def test_every_field_is_documented(self):
        wrong = []
        for path in FILES:
            if path.suffix != ".proto":
                continue
            above = ""
            for number, line in enumerate(text(path).splitlines(), 1):
                field = FIELD.match(line)
                if field and not field[3] and not above.startswith(field[1] + "//"):
                    wrong.append(f"{path}:{number}: {field[2]} has no comment of its own. Say what "
                                 f"it means, its unit, who sets it and what empty means, on its "
                                 f"line or right above.")
                above = line
        self.fail_with(wrong)

    def test_names_say_something(self):
        self.fail_with([
            f"{path}: \"{part}\" does not say what is inside. Name the idea; if it needs an "
            f"\"and\", make two."
            for path in FILES for part in path.parts
            if {word for word in re.split(r"[_.\-]", part.lower())} & EMPTY_NAMES])

    def test_every_folder_says_what_it_is(self):
        wrong = []
        folders = {folder for path in FILES for folder in path.parents if folder.parts}
        for folder in sorted(folders):
            if folder.parts[0].startswith(".") or any(
                    folder.is_relative_to(whole) for whole in WITHOUT_README):
                continue
            readme = folder / "README.md"
            if readme not in FILES:
                wrong.append(f"{folder}: has no README.md. Write a few lines: the idea, what it "
                             f"may include, what it never knows.")
                continue
            words = text(readme)
            lines = words.count("\n")
            if not re.match(r"# \S.*\n+[^\s#|]", words):
                wrong.append(f"{readme}: does not begin with its name and the idea. Write "
                             f"`# {folder}` and, below, what lives here.")
            holds_code = any(p.is_relative_to(folder) and p.suffix in CODE for p in FILES)
            if folder.parts[0] in ("lib", "services", "cli") and holds_code:
                for phrase in ("may include", "never knows"):
                    if not re.search(rf"\b{phrase}[:*]*\s+\S", words, re.I):
                        wrong.append(f"{readme}: does not say what the folder \"{phrase}\". Add it.")
                if lines > 60:
                    wrong.append(f"{readme}: {lines} lines. A few are enough; move the rest to "
                                 f"docs/.")
        self.fail_with(wrong)

    def test_every_folder_is_on_the_map(self):
        map_of_folders = re.search(r"^## The folders\n(.*?)^## ",
                                   text(pathlib.Path("docs/architecture.md")), re.M | re.S)[1]
        folders = {path.parts[0] for path in FILES if len(path.parts) > 1
                   and not path.parts[0].startswith(".")}
        folders |= {f"lib/{path.parts[1]}" for path in FILES
                    if path.parts[0] == "lib" and len(path.parts) > 2}
        self.fail_with([
            f"docs/architecture.md: {folder}/ is not on the map of the folders. Say there what lives "
            f"in it, as **`{folder}/`**."
            for folder in folders - {"lib"} if f"**`{folder}/`**" not in map_of_folders])

    def test_promises_are_those_that_tests_print(self):
        table = re.search(r"^### What is promised\n(.*?)^### ", text(pathlib.Path("docs/protocol.md")),
                          re.M | re.S)[1]
        promised = [row for row in re.findall(r"^\| ([^|]+?) \| [^|\n]+ \|$", table, re.M)
                    if row not in ("promise", "---")]
        header = pathlib.Path("tests/services/query/promises.h")
        printed = re.findall(r'std::string_view k\w+ = "([^"]+)";', text(header))
        names = re.findall(r"std::string_view (k\w+) =", text(header))
        tests = "\n".join(text(p) for p in FILES if p.suffix == ".cpp" and p.parts[0] == "tests")
        of_python = pathlib.Path("tests/python/promises.py")
        named = dict(re.findall(r'^([A-Z_]+) = "([^"]+)"$', text(of_python), re.M))
        python_tests = "\n".join(text(p) for p in FILES if p.suffix == ".py")
        self.fail_with(
            [f"docs/protocol.md, section 7, promises \"{one}\", and no test can print it. Add it to "
             f"{header}, and check it." for one in set(promised) - set(printed)]
            + [f"{header}: \"{one}\" is promised nowhere. Add it to docs/protocol.md, section 7."
               for one in set(printed) - set(promised)]
            + [f"{header}: {one} is printed by no test. Check that promise, or take it out."
               for one in names if f"promise::{one}" not in tests]
            + [f"{of_python}: \"{word}\" is promised nowhere. Write it as docs/protocol.md does."
               for word in named.values() if word not in promised]
            + [f"{of_python}: {name} is printed by no test. Check that promise, or take it out."
               for name in named if len(re.findall(rf"\b{name}\b", python_tests)) < 2]
            + ([] if named else [f"{of_python}: the promises are gone."])
            + ([] if len(promised) > 5 else ["docs/protocol.md: the table of promises is gone."]))

    def test_every_invariant_names_a_test_that_exists(self):
        architecture = text(pathlib.Path("docs/architecture.md"))
        tests = "\n".join(text(p) for p in FILES if p.parts[0] == "tests"
                          and p.suffix in (".cpp", ".py", ".h"))
        numbered = re.findall(r"^(\d+)\. \*\*(.+?)\*\*(.*?)(?=^\d+\. \*\*|^#|\Z)", architecture,
                              re.M | re.S)
        wrong = []
        if [int(n) for n, _, _ in numbered] != list(range(1, len(numbered) + 1)) or not numbered:
            wrong.append("docs/architecture.md: number the invariants 1, 2, 3 … as `1. **…**`.")
        for number, name, rest in numbered:
            named = re.findall(r"`([A-Za-z]\w*\.\w+|tests/[\w./-]+)`", rest)
            if not named:
                wrong.append(f"docs/architecture.md: invariant {number} ({name}) names no test. "
                             f"Name one as `Suite.Test` or `tests/path`.")
            for test in named:
                if test.startswith("tests/"):
                    exists = (ROOT / test).exists()
                else:
                    suite, case = test.split(".", 1)
                    exists = re.search(rf"^TEST(_F|_P)?\(\s*{suite},\s*{case}\s*\)"
                                       rf"|^RC_GTEST_PROP\(\s*{suite},\s*{case}\s*,"
                                       rf"|^class {suite}\b(?:(?!^class )[\s\S])*?def {case}\b",
                                       tests, re.M)
                if not exists:
                    wrong.append(f"docs/architecture.md: invariant {number} names `{test}`, which "
                                 f"does not exist. Write that test, or name the one that holds it.")
        self.fail_with(wrong)

    def test_generated_files_are_current(self):
        wrong = []
        for what, kept in (("proto", "proto/entente/v1/error_reason.proto"),
                           ("doc", "docs/errors.md")):
            with tempfile.NamedTemporaryFile("r", suffix=f".{what}") as made:
                subprocess.run([ROOT / "scripts/generate-errors", what, made.name], check=True)
                if made.read() != text(pathlib.Path(kept)):
                    wrong.append(f"{kept}: is not what lib/values/errors.toml says. Run "
                                 f"`scripts/generate-errors {what} {kept}`.")
        self.fail_with(wrong)

    def test_tests_await_conditions(self):
        self.fail_with([
            f"{path}:{number}: waits by the clock. Await a condition with a deadline."
            for path in FILES if path.parts[0] == "tests" and path.suffix in (".cpp", ".h", ".py")
            and path.name not in OF_THE_HOUSE
            for number, line in enumerate(text(path).splitlines(), 1)
            if re.search(r"sleep_for|sleep_until|\busleep\(|time\.sleep\(", line)])

    def test_no_notes_to_self(self):
        self.fail_with([
            f"{path}:{number}: a note to self. Do it now, or describe the limit in the docs."
            for path in FILES if path.suffix in (".cpp", ".h", ".py", ".proto", ".cmake", ".toml")
            and path.name not in OF_THE_HOUSE
            for number, line in enumerate(text(path).splitlines(), 1)
            if re.search(r"\b(TODO|FIXME|HACK)\b", line)])

    def test_mains_are_short(self):
        self.fail_with([
            f"{path}: {lines} lines. A main under 100 only wires parts together: move the rest."
            for path in FILES if path.name == "main.cpp"
            if (lines := text(path).count("\n")) >= 100])


def longest_files():
    """The five longest, so that the trend is seen: `house_test.py --longest`, as scripts/test does."""
    return sorted(((text(path).count("\n"), str(path)) for path in FILES
                   if path.suffix in (".h", ".cpp", ".py", ".proto")), reverse=True)[:5]


if __name__ == "__main__":
    if "--longest" in sys.argv[1:]:
        print("The longest files:")
        for lines, path in longest_files():
            print(f"{lines:6} {path}")
    else:
        unittest.main()
