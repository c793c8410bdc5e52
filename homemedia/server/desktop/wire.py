"""What the icon beside the clock is told, and what it asks."""

from typing import Annotated, Literal

from msgspec import Meta

from homemedia.core.http.wire import Query, Wire

LONGEST_WAIT_S = 25.0
Doing = Literal["starting", "ready", "scanning", "streaming", "attention"]


class Watched(Wire, frozen=True, kw_only=True):
    """Somebody plays something; `percent` of it, None where its length is not known."""

    who: str
    what: str
    device: str
    percent: int | None
    is_playing: bool


class Scanned(Wire, frozen=True, kw_only=True):
    """A library is looked through; `percent` of this phase, None where nobody knows how much there is."""

    library: str
    phase: str
    percent: int | None


class Trouble(Wire, frozen=True, kw_only=True):
    """Something a person must see to. `address` is a page of the client, beginning with a slash."""

    code: str
    message: str
    address: str


class Note(Wire, frozen=True, kw_only=True):
    """Something that happened. Each is told once, to whoever asks first."""

    id: str
    title: str
    body: str
    address: str


class NewVersion(Wire, frozen=True, kw_only=True):
    version: str


class DesktopState(Wire, frozen=True, kw_only=True):
    """All there is to show. `revision` is another one whenever anything but the notices is."""

    revision: str
    name: str
    version: str
    url: str
    is_claimed: bool
    state: Doing
    percent: int | None
    streams: int
    watching: list[Watched]
    scans: list[Scanned]
    is_scanning_paused: bool
    attention: list[Trouble]
    notices: list[Note]
    update: NewVersion | None


class StateQuery(Query, frozen=True, kw_only=True):
    """`seen` is the revision that is known already: the answer comes when there is another, or after `wait_s`."""

    seen: Annotated[str, Meta(max_length=64)] = ""
    wait_s: Annotated[float, Meta(ge=0, le=LONGEST_WAIT_S)] = 0.0


class ScanningBody(Wire, frozen=True, kw_only=True):
    paused: bool
