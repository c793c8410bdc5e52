"""What a member prefers in the photo API's clients (photos §9.1).

All keys stand in every answer: a client that misses one hides a feature, or falls over. One struct serves as the whole
document and as what to change of it; in the latter most is UNSET.
"""

from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts import preferences_store as store
from homemedia.accounts.events import MemberChanged
from homemedia.accounts.preferences import PlaybackPreferences, PreferencesBody, PreferenceService
from homemedia.core.db import Database
from homemedia.core.http.wire import Wire
from homemedia.core.kept import kept

AREA = "photos"
_Switch = bool | UnsetType
_Count = Annotated[int, msgspec.Meta(ge=1, le=(1 << 53) - 1)] | UnsetType
T = TypeVar("T", bound=msgspec.Struct)


class Albums(Wire, frozen=True, kw_only=True):
    default_asset_order: Literal["asc", "desc"] | UnsetType = UNSET


class Cast(Wire, frozen=True, kw_only=True):
    g_cast_enabled: _Switch = UNSET


class Download(Wire, frozen=True, kw_only=True):
    archive_size: _Count = UNSET
    include_embedded_videos: _Switch = UNSET


class EmailNotifications(Wire, frozen=True, kw_only=True):
    enabled: _Switch = UNSET
    album_invite: _Switch = UNSET
    album_update: _Switch = UNSET


class Feature(Wire, frozen=True, kw_only=True):
    """Something that is there or not, and stands in the side bar or not."""

    enabled: _Switch = UNSET
    sidebar_web: _Switch = UNSET


class Memories(Feature, frozen=True, kw_only=True):
    duration: _Count = UNSET


class People(Feature, frozen=True, kw_only=True):
    minimum_faces: _Count = UNSET


class Purchase(Wire, frozen=True, kw_only=True):
    show_support_badge: _Switch = UNSET
    hide_buy_button_until: Annotated[str, msgspec.Meta(max_length=40)] | UnsetType = UNSET


class Ratings(Wire, frozen=True, kw_only=True):
    enabled: _Switch = UNSET


class RecentlyAdded(Wire, frozen=True, kw_only=True):
    sidebar_web: _Switch = UNSET


class PhotoPreferences(Wire, frozen=True, kw_only=True):
    """The document; `playback` are the languages, which films have too."""

    albums: Albums | UnsetType = UNSET
    cast: Cast | UnsetType = UNSET
    download: Download | UnsetType = UNSET
    email_notifications: EmailNotifications | UnsetType = UNSET
    folders: Feature | UnsetType = UNSET
    memories: Memories | UnsetType = UNSET
    people: People | UnsetType = UNSET
    purchase: Purchase | UnsetType = UNSET
    ratings: Ratings | UnsetType = UNSET
    recently_added: RecentlyAdded | UnsetType = UNSET
    shared_links: Feature | UnsetType = UNSET
    tags: Feature | UnsetType = UNSET


class PhotoPreferencesBody(PhotoPreferences, frozen=True, kw_only=True):
    """What to change, however deep; what is left out stays."""

    playback: PreferencesBody | UnsetType = UNSET


class PhotoPreferencesAnswer(PhotoPreferences, frozen=True, kw_only=True):
    """The whole document."""

    playback: PlaybackPreferences


USUAL = PhotoPreferences(
    albums=Albums(default_asset_order="desc"),
    cast=Cast(g_cast_enabled=False),
    download=Download(archive_size=4 << 30, include_embedded_videos=False),
    email_notifications=EmailNotifications(enabled=True, album_invite=True, album_update=True),
    folders=Feature(enabled=False, sidebar_web=False),
    memories=Memories(enabled=True, duration=5, sidebar_web=True),
    people=People(enabled=True, sidebar_web=False, minimum_faces=3),
    purchase=Purchase(show_support_badge=True, hide_buy_button_until="2022-02-12T00:00:00.000Z"),
    ratings=Ratings(enabled=False),
    recently_added=RecentlyAdded(sidebar_web=False),
    shared_links=Feature(enabled=True, sidebar_web=False),
    tags=Feature(enabled=False, sidebar_web=False),
)


class PhotoPreferenceService:
    def __init__(self, db: Database, playback: PreferenceService) -> None:
        self._db = db
        self._playback = playback

    async def of(self, user_id: str) -> PhotoPreferencesAnswer:
        """A member's preferences, with the usual ones where he has none."""
        own = _read(await store.document(self._db.read, user_id, AREA))
        return _whole(own, await self._playback.of(user_id))

    async def album_order(self, user_id: str) -> Literal["asc", "desc"]:
        """How new albums of a member are sorted."""
        own = merged(USUAL, _read(await store.document(self._db.read, user_id, AREA)))
        albums = own.albums
        return "asc" if not isinstance(albums, UnsetType) and albums.default_asset_order == "asc" else "desc"

    async def least_faces(self, user_id: str) -> int:
        """On how many photos somebody without a name must be seen to be listed among a member's people."""
        own = merged(USUAL, _read(await store.document(self._db.read, user_id, AREA)))
        least = UNSET if isinstance(own.people, UnsetType) else own.people.minimum_faces
        return 1 if isinstance(least, UnsetType) else least

    async def change(self, user_id: str, body: PhotoPreferencesBody) -> PhotoPreferencesAnswer:
        """Merge into a member's own, however deep."""
        if not isinstance(body.playback, UnsetType):
            await self._playback.change_of(user_id, body.playback)
        async with self._db.write() as tx:
            after = merged(_read(await store.document(tx.rows, user_id, AREA)), body)
            await store.keep(tx, user_id, AREA, msgspec.json.encode(after).decode())
            tx.announce(MemberChanged(user_id))
        return _whole(after, await self._playback.of(user_id))


def merged(before: T, change: msgspec.Struct) -> T:
    """`before` with everything that `change` says. Pure."""
    given: dict[str, object] = {}
    for name in before.__struct_fields__:
        value, old = getattr(change, name), getattr(before, name)
        if isinstance(value, UnsetType):
            continue
        given[name] = merged(old, value) if isinstance(old, msgspec.Struct) else value
    return msgspec.structs.replace(before, **given)


def _whole(own: PhotoPreferences, playback: PlaybackPreferences) -> PhotoPreferencesAnswer:
    document = merged(USUAL, own)
    fields = {name: getattr(document, name) for name in PhotoPreferences.__struct_fields__}
    return PhotoPreferencesAnswer(playback=playback, **fields)


def _read(text: str | None) -> PhotoPreferences:
    return kept(text, PhotoPreferences, PhotoPreferences())
