"""What the server tells its icon, and what the icon says of it: which picture, which words.

Standard library only, Python 3.9 and newer: on Linux this runs under the system's Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

STATES = ("starting", "ready", "scanning", "streaming", "attention")
STEPS = 8
DASH = "\N{EN DASH}"
LONGEST_NAME = 60
# Windows keeps 127 characters of it.
LONGEST_TOOLTIP = 120


@dataclass(frozen=True)
class Watched:
    who: str
    what: str
    device: str


@dataclass(frozen=True)
class Scanned:
    library: str
    percent: int | None


@dataclass(frozen=True)
class Trouble:
    message: str
    address: str


@dataclass(frozen=True)
class Note:
    id: str
    title: str
    body: str
    address: str


@dataclass(frozen=True)
class Facts:
    """One answer of the server. `url` is the page a person opens, without a slash at its end; "" before any answer."""

    revision: str = ""
    name: str = ""
    url: str = ""
    is_claimed: bool = True
    state: str = "starting"
    percent: int | None = None
    streams: int = 0
    watching: tuple[Watched, ...] = ()
    scans: tuple[Scanned, ...] = ()
    is_scanning_paused: bool = False
    attention: tuple[Trouble, ...] = ()
    notices: tuple[Note, ...] = ()
    update: str | None = None


STARTING = Facts()


def facts_of(told: Mapping[str, Any]) -> Facts:
    """Read an answer. What a newer or older server leaves out is empty; an unknown state counts as ready."""
    state = _text(told, "state")
    update = told.get("update")
    return Facts(
        revision=_text(told, "revision"),
        name=shortened(_text(told, "name"), LONGEST_NAME),
        url=_text(told, "url").rstrip("/"),
        is_claimed=told.get("isClaimed") is not False,
        state=state if state in STATES else "ready",
        percent=_percent(told),
        streams=_count(told, "streams"),
        watching=tuple(
            Watched(who=_text(one, "who"), what=_text(one, "what"), device=_text(one, "device"))
            for one in _list(told, "watching")
        ),
        scans=tuple(Scanned(library=_text(one, "library"), percent=_percent(one)) for one in _list(told, "scans")),
        is_scanning_paused=told.get("isScanningPaused") is True,
        attention=tuple(
            Trouble(message=_text(one, "message"), address=_address(one)) for one in _list(told, "attention")
        ),
        notices=tuple(
            Note(id=_text(one, "id"), title=_text(one, "title"), body=_text(one, "body"), address=_address(one))
            for one in _list(told, "notices")
        ),
        update=_text(update, "version") or None if isinstance(update, Mapping) else None,
    )


def picture_name(facts: Facts) -> str:
    """Which picture shows it: a state, or while scanning how many eighths are done."""
    if facts.state == "scanning" and facts.percent is not None:
        return f"scanning-{facts.percent * STEPS // 100}"
    return facts.state


def tooltip(facts: Facts) -> str:
    """One line beside the icon: the name, and what goes on, such as "scanning Films, 42 %"."""
    return shortened(f"HomeMedia {DASH} {_saying(facts)}", LONGEST_TOOLTIP)


def _saying(facts: Facts) -> str:
    if facts.state == "attention" and facts.attention:
        more = len(facts.attention) - 1
        return facts.attention[0].message + (f" (and {more} more)" if more else "")
    if facts.state == "streaming":
        return watching_words(facts)
    if facts.state == "scanning":
        done = "" if facts.percent is None else f", {facts.percent} %"
        many = facts.scans[0].library if len(facts.scans) == 1 else f"{len(facts.scans)} libraries"
        return f"scanning {many}{done}" if facts.scans else f"scanning{done}"
    if facts.state != "ready":
        return {"starting": "starting", "attention": "needs attention"}[facts.state]
    if not facts.is_claimed:
        return "waits to be set up"
    return "ready, scanning is paused" if facts.is_scanning_paused else "ready"


def watching_words(facts: Facts) -> str:
    """Who watches, in a few words; somebody alone by name."""
    if facts.streams > 1:
        return f"{facts.streams} are watching"
    if len(facts.watching) == 1:
        return f"{facts.watching[0].who} is watching {facts.watching[0].what}"
    return "somebody is watching"


def shortened(text: str, longest: int) -> str:
    """The text in one line of at most `longest` characters."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _text(told: Mapping[str, Any], key: str) -> str:
    value = told.get(key)
    return value if isinstance(value, str) else ""


def _count(told: Mapping[str, Any], key: str) -> int:
    value = told.get(key)
    return value if isinstance(value, int) and value > 0 else 0


def _percent(told: Mapping[str, Any]) -> int | None:
    value = told.get("percent")
    return min(max(int(value), 0), 100) if isinstance(value, (int, float)) else None


def _address(told: Mapping[str, Any]) -> str:
    """A page of ours; never an address elsewhere, whatever is told."""
    address = _text(told, "address")
    return address if address.startswith("/") and not address.startswith("//") else "/"


def _list(told: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = told.get(key)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
