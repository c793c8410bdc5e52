"""What reading about items answers, and the names of the fields that are known of an item.

A field is named like its column of `item`, where it has one; values are what JSON can hold. Lists (`genres`, `labels`,
`directors`, `writers`, `actors`) are kept whole: the source that wins gives all of it.
"""

from typing import Any, Literal

import msgspec

Source = Literal["manual", "nfo", "embedded", "tmdb", "filename"]
Facts = dict[str, Any]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A file that could not be read: absolute `path`, stable `code`, one sentence in `error`."""

    path: str
    code: str
    error: str


class RefreshResult(msgspec.Struct, frozen=True, kw_only=True):
    """How many items look different now, and which files were found broken for the first time."""

    updated: int = 0
    problems: tuple[Problem, ...] = ()
