"""Answers of the server routes and the functions from models to them. Times in Unix seconds, sizes in bytes."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts import Household
from homemedia.core.http.wire import Query, Wire
from homemedia.server.browse import Entry
from homemedia.server.facts import ActiveSession
from homemedia.server.folders import Picked, Place, Suggestions
from homemedia.server.info import Activity, Disk, Health
from homemedia.server.suggest import Suggestion

API_VERSION = 1


class SignInWays(Wire, frozen=True, kw_only=True):
    password: bool
    cloud: bool
    cloud_name: str | None


class ServerCard(Wire, frozen=True, kw_only=True):
    """What anybody may know before signing in."""

    name: str
    version: str
    platform: str
    machine_id: str
    api_version: int
    setup_required: bool
    auth: SignInWays


class PartHealth(Wire, frozen=True, kw_only=True):
    status: Literal["ok", "error"]


class DatabaseHealth(msgspec.Struct, frozen=True, kw_only=True):
    """The one object that travels in snake_case: its contract's words."""

    status: Literal["ok", "error"]
    latency_ms: float | None


class Realtime(msgspec.Struct, frozen=True, kw_only=True):
    """Open live connections and what went over them: of documents, and of our own client's channel (session mode)."""

    connections: int = 0
    document_mode: int = 0
    session_mode: int = 0
    rooms: int = 0
    messages_in: int = 0
    messages_out: int = 0
    updates_received: int = 0
    updates_pending_commit: int = 0
    slow_consumers_dropped: int = 0
    compactions: int = 0


class Diagnostics(msgspec.Struct, frozen=True, kw_only=True):
    realtime: Realtime


class HealthAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The union of the contracts' health bodies, names as they write them."""

    status: Literal["ok", "error"]
    version: str
    uptime: int
    server: PartHealth
    database: DatabaseHealth
    name: str
    public_url: str | None
    public_key: str
    diagnostics: Diagnostics


class ItemTotals(Wire, frozen=True, kw_only=True):
    movies: int
    shows: int
    episodes: int
    videos: int
    artists: int
    albums: int
    tracks: int


class Transcoding(Wire, frozen=True, kw_only=True):
    active: int
    max: int


class ActiveSessionCard(Wire, frozen=True, kw_only=True):
    session_id: str
    user_id: str
    username: str
    file_id: int
    title: str
    method: str
    encoder: str | None
    position: int
    speed: float | None
    client_name: str
    address: str
    started_at: int
    last_seen_at: int


class DiskSpace(Wire, frozen=True, kw_only=True):
    free: int | None
    total: int | None


class Disks(Wire, frozen=True, kw_only=True):
    data: DiskSpace
    transcode: DiskSpace


class FfmpegVersion(Wire, frozen=True, kw_only=True):
    version: str | None


class StatusAnswer(Wire, frozen=True, kw_only=True):
    """The last three only for administrators."""

    status: Literal["ok"]
    name: str
    version: str
    platform: str
    uptime: int
    libraries: int
    users: int
    sessions: int
    items: ItemTotals
    transcoding: Transcoding
    scanning: bool
    active_sessions: list[ActiveSessionCard] | UnsetType = UNSET
    disk: Disks | UnsetType = UNSET
    ffmpeg: FfmpegVersion | UnsetType = UNSET


class AddressesAnswer(Wire, frozen=True, kw_only=True):
    """Origins, the best first."""

    addresses: list[str]


class BrowseQuery(Query, frozen=True, kw_only=True):
    """`files` and `hidden` are 1 or 0."""

    path: str = "/"
    files: bool = False
    hidden: bool = False


class FolderEntry(Wire, frozen=True, kw_only=True):
    """`size` of files only; `inLibrary` names the library the path belongs to."""

    name: str
    path: str
    type: Literal["dir", "file"]
    readable: bool
    in_library: str | None
    size: int | UnsetType = UNSET


class FolderPage(Wire, frozen=True, kw_only=True):
    """`resolved` only where links lead elsewhere than `path` says; `roots` are where browsing may begin."""

    path: str
    resolved: str | UnsetType = UNSET
    parent: str | None
    entries: list[FolderEntry]
    truncated: bool
    roots: list[str]


class SuggestQuery(Query, frozen=True, kw_only=True):
    """With `path`: what each folder in it holds, instead of a search through the machine."""

    path: Annotated[str, msgspec.Meta(max_length=4096)] | None = None


class SuggestionCard(Wire, frozen=True, kw_only=True):
    """Counts are lower bounds where `isComplete` is false; `files` are videos, or songs, `allFiles` of any kind."""

    path: str
    name: str
    kind: Literal["movie", "show", "video", "music"] | None
    files: int
    all_files: int
    bytes: int
    is_complete: bool
    in_library: str | None
    estimated_scan_seconds: int


class PlaceCard(Wire, frozen=True, kw_only=True):
    kind: str
    name: str
    path: str
    free_bytes: int | None
    total_bytes: int | None


class SuggestionsAnswer(Wire, frozen=True, kw_only=True):
    suggestions: list[SuggestionCard]
    places: list[PlaceCard]
    is_complete: bool


def server_card(
    household: Household, *, platform: str, version: str, cloud_name: str | None, has_passwords: bool
) -> ServerCard:
    return ServerCard(
        name=household.name,
        version=version,
        platform=platform,
        machine_id=household.machine_id,
        api_version=API_VERSION,
        setup_required=not household.is_claimed,
        auth=SignInWays(password=has_passwords, cloud=cloud_name is not None, cloud_name=cloud_name),
    )


def health_answer(
    health: Health, *, version: str, public_url: str | None, public_key: str, realtime: Realtime
) -> HealthAnswer:
    word: Literal["ok", "error"] = "ok" if health.is_ok else "error"
    return HealthAnswer(
        status=word,
        version=version,
        uptime=health.uptime_s,
        server=PartHealth(status="ok"),
        database=DatabaseHealth(status=word, latency_ms=health.latency_ms),
        name=health.name,
        public_url=public_url,
        public_key=public_key,
        diagnostics=Diagnostics(realtime=realtime),
    )


def status_answer(activity: Activity, *, version: str, platform: str) -> StatusAnswer:
    items = activity.items
    answer = StatusAnswer(
        status="ok",
        name=activity.name,
        version=version,
        platform=platform,
        uptime=activity.uptime_s,
        libraries=activity.libraries,
        users=activity.members,
        sessions=activity.sessions,
        items=ItemTotals(
            movies=items.movies,
            shows=items.shows,
            episodes=items.episodes,
            videos=items.videos,
            artists=items.artists,
            albums=items.albums,
            tracks=items.tracks,
        ),
        transcoding=Transcoding(active=activity.transcodes, max=activity.max_transcodes),
        scanning=activity.is_scanning,
    )
    if activity.active_sessions is None or activity.disks is None:
        return answer
    data, transcode = activity.disks
    return msgspec.structs.replace(
        answer,
        active_sessions=[_active_session(session) for session in activity.active_sessions],
        disk=Disks(data=_space(data), transcode=_space(transcode)),
        ffmpeg=FfmpegVersion(version=activity.ffmpeg_version),
    )


def folder_page(picked: Picked) -> FolderPage:
    listing = picked.listing
    return FolderPage(
        path=listing.path,
        resolved=UNSET if listing.resolved is None else listing.resolved,
        parent=listing.parent,
        entries=[_entry(entry, picked.in_library.get(entry.path)) for entry in listing.entries],
        truncated=listing.is_truncated,
        roots=picked.roots,
    )


def suggestions_answer(suggestions: Suggestions) -> SuggestionsAnswer:
    return SuggestionsAnswer(
        suggestions=[_suggestion(one, suggestions.in_library.get(one.path)) for one in suggestions.found],
        places=[_place(place) for place in suggestions.places],
        is_complete=suggestions.is_complete,
    )


def _active_session(session: ActiveSession) -> ActiveSessionCard:
    return ActiveSessionCard(
        session_id=session.session_id,
        user_id=session.user_id,
        username=session.username,
        file_id=session.file_id,
        title=session.title,
        method=session.method,
        encoder=session.encoder,
        position=session.position_ms,
        speed=session.speed,
        client_name=session.client_name,
        address=session.address,
        started_at=session.started_at // 1000,
        last_seen_at=session.last_seen_at // 1000,
    )


def _space(disk: Disk) -> DiskSpace:
    return DiskSpace(free=disk.free, total=disk.total)


def _entry(entry: Entry, library_id: str | None) -> FolderEntry:
    return FolderEntry(
        name=entry.name,
        path=entry.path,
        type="dir" if entry.is_dir else "file",
        readable=entry.is_readable,
        in_library=library_id,
        size=UNSET if entry.size_bytes is None else entry.size_bytes,
    )


def _suggestion(one: Suggestion, library_id: str | None) -> SuggestionCard:
    return SuggestionCard(
        path=one.path,
        name=one.name,
        kind=one.kind,
        files=one.files,
        all_files=one.all_files,
        bytes=one.size_bytes,
        is_complete=one.is_complete,
        in_library=library_id,
        estimated_scan_seconds=one.scan_seconds,
    )


def _place(place: Place) -> PlaceCard:
    return PlaceCard(
        kind=place.kind,
        name=place.name,
        path=place.path,
        free_bytes=place.free_bytes,
        total_bytes=place.total_bytes,
    )
