"""What a member prefers everywhere: one document for each area (design, "profile picture, preferences")."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts import preferences_store as store
from homemedia.accounts.events import MemberChanged
from homemedia.accounts.models import Member
from homemedia.core.db import Database
from homemedia.core.http.wire import Wire
from homemedia.core.kept import kept

AREA = "playback"
_Language = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
SubtitleMode = Literal["none", "forced", "auto", "always"]


class PlaybackPreferences(Wire, frozen=True, kw_only=True):
    """Languages as their codes, null for none; when subtitles are wanted."""

    audio_language: str | None = None
    subtitle_language: str | None = None
    subtitle_mode: SubtitleMode = "forced"


class PreferencesBody(Wire, frozen=True, kw_only=True):
    """What to change; a field that is left out stays."""

    audio_language: _Language | UnsetType | None = UNSET
    subtitle_language: _Language | UnsetType | None = UNSET
    subtitle_mode: SubtitleMode | UnsetType = UNSET


NO_PREFERENCES = PlaybackPreferences()


class PreferenceService:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def of(self, user_id: str) -> PlaybackPreferences:
        """A member's preferences of playback."""
        return kept(await store.document(self._db.read, user_id, AREA), PlaybackPreferences, NO_PREFERENCES)

    async def change(self, actor: Member, body: PreferencesBody) -> PlaybackPreferences:
        """Merge into the caller's own."""
        return await self.change_of(actor.user_id, body)

    async def change_of(self, user_id: str, body: PreferencesBody) -> PlaybackPreferences:
        """Merge into somebody's."""
        given = {
            name: value.lower() if isinstance(value, str) else value
            for name in PlaybackPreferences.__struct_fields__
            if not isinstance(value := getattr(body, name), UnsetType)
        }
        async with self._db.write() as tx:
            before = kept(await store.document(tx.rows, user_id, AREA), PlaybackPreferences, NO_PREFERENCES)
            after = msgspec.structs.replace(before, **given)
            await store.keep(tx, user_id, AREA, msgspec.json.encode(after).decode())
            tx.announce(MemberChanged(user_id))
        return after
