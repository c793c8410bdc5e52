"""What would happen with a file for a player: everything `decide` needs, gathered, and its answer."""

import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec

from homemedia.accounts import Member
from homemedia.accounts.preferences import PlaybackPreferences
from homemedia.core.db import Database
from homemedia.library.files import FileService, PlayableFile, subtitles_of
from homemedia.library.files_wire import SubtitleTrack
from homemedia.library.presence import Presence
from homemedia.media import MediaTools, ProbeRequest
from homemedia.media.commands.plan import INDEXED
from homemedia.media.hls.index import WIDEST_GAP_US, KeyframeIndex
from homemedia.playback import store
from homemedia.playback.decide import Decision, Source, Wish, decide
from homemedia.playback.means import Means, MeansSource
from homemedia.playback.profiles import Profile
from homemedia.playback.tracks import NO_PREFERENCES, Preferences, Remembered, Subtitle

log = logging.getLogger(__name__)

FIRST_PROBE_S = 8.0


class Keyframes(Protocol):
    async def of(self, file: PlayableFile) -> KeyframeIndex | None:
        """Where a film can be cut; None when that cannot be had soon."""


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """A file, what is known of it, and what would happen. `keyframes` only where somebody needed them."""

    file: PlayableFile
    profile: Profile
    wish: Wish
    subtitles: tuple[SubtitleTrack, ...]
    decision: Decision
    means: Means
    keyframes: KeyframeIndex | None = None


class Adviser:
    """Gathers and decides.

    Args:
        db: the library's.
        files: what is known of files.
        tools: who looks into files that were never looked into.
        keyframes: where films can be cut.
        means: what there is to convert with.
        presence: whether a file still lies on its disk.
    """

    def __init__(
        self,
        db: Database,
        files: FileService,
        tools: MediaTools,
        keyframes: Keyframes,
        means: MeansSource,
        presence: Presence,
    ) -> None:
        self._db = db
        self._files = files
        self._tools = tools
        self._keyframes = keyframes
        self.means = means
        self._presence = presence
        # Asked before anything is decided; may refuse.
        self.may_play: Callable[[Member], None] = lambda _member: None
        # What a member prefers everywhere, by his id.
        self.preferences_of: Callable[[str], Awaitable[PlaybackPreferences]] | None = None

    async def advise(self, actor: Member, file_id: int, profile: Profile, wish: Wish, *, needs_stream: bool) -> Advice:
        """Decide for a member's player.

        Args:
            actor: who asks.
            file_id: of what.
            profile: what the player takes.
            wish: what was asked for.
            needs_stream: a stream of segments is wanted even where the file could be played as it is.

        Raises:
            NotFound: `not_found`, `file_missing`.
            Unavailable: `storage_unavailable`.
            Forbidden: `outside_schedule`.
        """
        known = await self._files.playable(actor, file_id)
        self.may_play(actor)
        if not needs_stream:  # who opens one looks again, at the last moment
            await self._presence.see(known.place)
        file = await self._looked_into(known)
        means = await self.means.means()
        tracks = () if file.probe is None else tuple(await subtitles_of(self._db.read, file_id, file.probe))
        source = Source(
            probe=file.probe,
            subtitles=tuple(_subtitle(track) for track in tracks),
            remembered=await self._remembered(actor, file.rating_key),
        )
        preferences, may_transcode = await self._preferences(actor), actor.restrictions.allow_transcode
        most = [rate for rate in (wish.max_bitrate, actor.restrictions.max_bitrate) if rate is not None]
        wish = msgspec.structs.replace(wish, max_bitrate=min(most, default=None))

        def decided(source: Source, wish: Wish) -> Decision:
            return decide(source, profile, wish, means.machine, preferences=preferences, may_transcode=may_transcode)

        found = decided(source, wish)
        if needs_stream and found.method == "directPlay":
            wish = msgspec.structs.replace(wish, force="remux")
            found = decided(source, wish)
        keyframes = None
        if found.method == "remux" and found.video is not None:
            keyframes = await self._keyframes.of(file)
            if keyframes is None or not keyframes.can_cut or keyframes.max_gap_us > WIDEST_GAP_US:
                found = decided(msgspec.structs.replace(source, can_cut=False), wish)
        elif needs_stream and found.method == "transcode" and file.probe is not None:
            # Only to know where the last picture ends: not worth reading the whole file for.
            keyframes = await self._keyframes.of(file) if file.probe.container in INDEXED else None
        return Advice(
            file=file, profile=profile, wish=wish, subtitles=tracks, decision=found, means=means, keyframes=keyframes
        )

    async def _looked_into(self, file: PlayableFile) -> PlayableFile:
        """The file with a probe, where one is to be had soon; the scan keeps its own."""
        if file.probe is not None or file.is_unreadable:
            return file
        (result,) = await self._tools.probe([ProbeRequest(str(file.path), FIRST_PROBE_S, needs_video=False)])
        if result.probe is None:
            log.info("file %d could not be looked into: %s", file.file_id, result.code)
            return file
        duration_ms = file.duration_ms or result.probe.duration_ms
        return msgspec.structs.replace(file, probe=result.probe, duration_ms=duration_ms)

    async def _remembered(self, actor: Member, key: str) -> Remembered | None:
        text = await store.tracks(self._db.read, actor.user_id, key)
        if text is None:
            return None
        try:
            kept = msgspec.json.decode(text, type=_Kept)
        except msgspec.DecodeError:
            return None
        return Remembered(
            audio=kept.audio,
            audio_title=kept.audio_title,
            has_subtitle=kept.subtitle is not None,
            subtitle=None if kept.subtitle == "none" else kept.subtitle,
            subtitle_title=kept.subtitle_title,
            forced_only=kept.forced_only,
            sdh=kept.sdh,
        )

    async def _preferences(self, actor: Member) -> Preferences:
        if self.preferences_of is None:
            return NO_PREFERENCES
        found = await self.preferences_of(actor.user_id)
        return Preferences(
            audio_languages=(found.audio_language,) if found.audio_language else (),
            subtitle_languages=(found.subtitle_language,) if found.subtitle_language else (),
            subtitle_mode=found.subtitle_mode,
        )


class _Kept(msgspec.Struct, frozen=True, rename="camel"):
    audio: str | None = None
    subtitle: str | None = None
    forced_only: bool = False
    audio_title: str | None = None
    subtitle_title: str | None = None
    sdh: bool = False


def _subtitle(track: SubtitleTrack) -> Subtitle:
    return Subtitle(
        index=track.index,
        format=track.format,
        is_text=track.text,
        track=track.track,
        language=track.language,
        title=track.title,
        is_forced=track.forced,
        is_sdh=track.hearing_impaired,
        is_default=track.default,
    )
