"""A bookmark is the place saved last, whole, or nothing."""

from __future__ import annotations

import pathlib
import subprocess
import sys
import textwrap

import pytest

from entente import Bookmark, Cursor


def test_gives_what_was_saved_last(tmp_path: pathlib.Path) -> None:
    bookmark = Bookmark(tmp_path / "alerts.cursor")
    assert bookmark.read() is None
    for cursor in (Cursor(812004, 1), Cursor(7)):
        bookmark.save(cursor)
        assert Bookmark(tmp_path / "alerts.cursor").read() == cursor
    assert [path.name for path in tmp_path.iterdir()] == ["alerts.cursor"]


@pytest.mark.parametrize("text", ["", "12", "12 x", "-1 0", "1 2 3"])
def test_names_a_file_that_is_no_bookmark(tmp_path: pathlib.Path, text: str) -> None:
    path = tmp_path / "alerts.cursor"
    path.write_text(text)
    with pytest.raises(ValueError, match="alerts.cursor: not a bookmark"):
        Bookmark(path).read()


def test_is_whole_whenever_its_writer_is_killed(tmp_path: pathlib.Path) -> None:
    program = textwrap.dedent("""
        import entente, itertools
        bookmark = entente.Bookmark("cursor")
        for n in itertools.count(1):
            bookmark.save(entente.Cursor(n, n % 7))
            if n == 1: print(flush=True)
        """)
    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", program], cwd=tmp_path, text=True,
                              stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            while (read := Bookmark(tmp_path / "cursor").read()) is None or read.position < 200:
                assert writer.poll() is None
            writer.kill()
        place = Bookmark(tmp_path / "cursor").read()
        assert place is not None and place.position >= 200 and place.ordinal == place.position % 7
        (tmp_path / "cursor").unlink()
