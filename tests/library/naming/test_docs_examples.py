"""The page for users shows what the code does."""

import re
from pathlib import Path

from homemedia.library.naming import parse_episode, parse_title, split_name
from homemedia.library.naming.extras import FOLDERS, SUFFIXES
from homemedia.library.naming.ignore import IGNORED_SUFFIXES, PATTERN_FILES

PAGE = (Path(__file__).parents[3] / "docs" / "naming.md").read_text(encoding="utf-8")


def test_film_examples_are_read_as_shown() -> None:
    rows = re.findall(r"^\| `([^`]*\.mkv)` \| (.*) \| (\d{4}) \|$", PAGE, re.MULTILINE)

    assert len(rows) >= 5
    for name, title, year in rows:
        parts = parse_title(split_name(name)[0])
        assert (parts.title, parts.year) == (title, int(year))


def test_episode_examples_are_read_as_shown() -> None:
    rows = re.findall(r"^\| `([^`]*/[^`]*)` \| (S.*|\d{4}-.*|episode \d+) \|$", PAGE, re.MULTILINE)

    assert len(rows) >= 9
    for path, shown in rows:
        name = parse_episode(path)
        if name.air_date:
            said = name.air_date
        elif name.is_absolute:
            said = f"episode {name.index}"
        else:
            said = f"S{name.season:02}E{name.index:02}" + (f"-E{name.index_end:02}" if name.index_end else "")
        assert said == shown


def test_all_words_for_extras_and_ignored_names_are_told() -> None:
    for word in [name for name in FOLDERS if "sample" not in name and name != "extra"]:
        assert f"`{word}`" in PAGE
    for word in set(SUFFIXES) - {"deletedscene"}:
        assert f"-{word}" in PAGE
    for word in PATTERN_FILES:
        assert f"`{word}`" in PAGE
    for word in IGNORED_SUFFIXES:
        assert f"`{word}`".lower() in PAGE.lower()
