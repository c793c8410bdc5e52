"""How a file would be played."""

from collections.abc import Awaitable, Callable

from homemedia.accounts import Caller, Member
from homemedia.core.http.routes import Routes
from homemedia.playback.advice import Advice, Adviser
from homemedia.playback.decide import Wish
from homemedia.playback.profiles import parse
from homemedia.playback.progress import ProgressService
from homemedia.playback.session_wire import (
    InfoQuery,
    PlaybackInfo,
    audio_choices,
    audio_wire,
    subtitle_choices,
    subtitle_wire,
    video_wire,
)
from homemedia.playback.subtitles import Subtitles

# The rating key of what comes after an item of a show, for a member; None after the last.
Following = Callable[[Member, str], Awaitable[str | None]]


class InfoRoutes:
    routes = Routes("playback", prefix="/api")

    def __init__(self, adviser: Adviser, progress: ProgressService, following: Following, subtitles: Subtitles) -> None:
        self._adviser = adviser
        self._progress = progress
        self._following = following
        self._subtitles = subtitles

    @routes.get("/media/{file_id}/playback-info")
    async def info(self, actor: Caller, file_id: int, query: InfoQuery) -> PlaybackInfo:
        """Tell how a file would be played, why, and what there is to choose from."""
        wish = Wish(
            audio_track=query.audio_track,
            subtitle_track=query.subtitle_track,
            max_bitrate=query.max_bitrate,
            max_height=query.max_height,
        )
        advice = await self._adviser.advise(actor, file_id, parse(query.profile), wish, needs_stream=False)
        chosen = advice.decision.subtitle
        if chosen.track is not None and chosen.is_text:
            await self._subtitles.expect(advice.file)
        key = advice.file.rating_key
        states = await self._progress.states(actor, [key])
        offset = states[key].offset if key in states else 0
        return _info(advice, offset, await self._following(actor, key))


def _info(advice: Advice, offset: int, following: str | None) -> PlaybackInfo:
    file, decision = advice.file, advice.decision
    return PlaybackInfo(
        file_id=file.file_id,
        rating_key=file.rating_key,
        method=decision.method,
        direct_play=decision.method == "directPlay",
        remux=decision.method == "remux",
        needs_transcode=decision.method == "transcode",
        reasons=list(decision.reasons),
        profile=advice.profile.name,
        duration=file.duration_ms,
        stream_url=f"/api/stream/{file.file_id}",
        transcode_url=f"/api/transcode/{file.file_id}",
        video=video_wire(decision.video),
        audio=audio_wire(decision.audio),
        subtitle=subtitle_wire(decision.subtitle, advice.subtitles),
        audio_tracks=audio_choices(file.probe.audio if file.probe else (), decision),
        subtitle_tracks=subtitle_choices(advice.subtitles, decision),
        encoder=decision.encoder,
        expected_speed=decision.expected_speed,
        resume_offset=offset,
        next=following,
    )
