"""Versions of the program in order, and what an index of packages says of the newest. Pure."""

import re

import msgspec

from homemedia.core.problems import Unavailable

_RELEASE = re.compile(r"v?(\d{1,9}(?:\.\d{1,9}){0,5})")
_LONGEST = 1000
_NAMES = ("changelog", "changes", "release notes", "what's new")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The newest version there is. `notes` is a page about it, where one is named."""

    version: str
    notes: str | None = None


class _Info(msgspec.Struct, frozen=True):
    version: str
    yanked: bool = False
    release_url: str | None = None
    project_urls: dict[str, str] | None = None


class _Index(msgspec.Struct, frozen=True):
    info: _Info


def release(version: str) -> tuple[int, ...] | None:
    """The numbers of a version, without zeros at the end; None of one that is not for everybody (`1.0rc1`, `2.dev`)."""
    found = _RELEASE.fullmatch(version.strip())
    if found is None:
        return None
    numbers = [int(part) for part in found[1].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def is_newer(version: str, than: str) -> bool:
    """Whether somebody with `than` would want `version`; a version of ours that is none of these wants nothing."""
    one, other = release(version), release(than)
    return one is not None and other is not None and one > other


def newest(text: bytes) -> Found:
    """What the index says.

    Raises:
        Unavailable: `update_unknown`: it says something else.

    Source:
        docs.pypi.org, "JSON API": `/pypi/<project>/json`.
    """
    try:
        info = msgspec.json.decode(text, type=_Index).info
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError):
        raise Unavailable("What was asked does not know of versions.", code="update_unknown") from None
    if release(info.version) is None or info.yanked:
        raise Unavailable("What was asked names no version that is meant for everybody.", code="update_unknown")
    return Found(version=info.version.strip(), notes=_notes(info))


def _notes(info: _Info) -> str | None:
    named = {name.lower(): url for name, url in (info.project_urls or {}).items()}
    for url in (*(named.get(name) for name in _NAMES), info.release_url):
        if url and len(url) <= _LONGEST and re.fullmatch(r"https?://[^\s\"'<>]+", url):
            return url
    return None
