"""Requests and answers about how a file is played."""

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import Meta, field

from homemedia.core.http.wire import Query, Wire
from homemedia.library.files_wire import SubtitleTrack
from homemedia.media import AudioStream
from homemedia.media.plans import AudioPlan, SubtitlePlan, VideoPlan
from homemedia.playback.decide import Decision
from homemedia.playback.profiles import Profile
from homemedia.playback.wire import Milliseconds

Track = Annotated[int, Meta(ge=0, le=2**31)]
Bitrate = Annotated[int, Meta(ge=200_000, le=2**40)]
Height = Annotated[int, Meta(ge=144, le=4320)]


class InfoQuery(Query, frozen=True, kw_only=True):
    """`profile` is a name or a description as JSON in base64url; rates in bits/s."""

    profile: str = "web"
    audio_track: Track | None = None
    subtitle_track: Track | Literal["none"] | None = None
    max_bitrate: Bitrate | None = None
    max_height: Height | None = None


class TranscodeBody(Wire, frozen=True, kw_only=True):
    """What a player wishes for; what is left out is chosen for it. `startOffset` in ms, rates in bits/s."""

    profile: Annotated[str, Meta(max_length=4096)] | Profile | None = None
    audio_track: Track | None = None
    subtitle_track: Track | Literal["none"] | None = None
    subtitle_mode: Literal["auto", "external", "burn", "none"] = "auto"
    max_bitrate: Bitrate | None = None
    max_height: Height | None = None
    start_offset: Milliseconds = 0
    force: Literal["remux", "transcode"] | None = None
    segment_format: Literal["fmp4", "ts"] | None = None
    client_name: Annotated[str, Meta(max_length=64)] = ""


class PlayedVideo(Wire, frozen=True, kw_only=True):
    """`action` is copy or transcode; codecs of the file and of what the player gets."""

    action: str
    codec_from: str = field(name="from")
    to: str
    width: int
    height: int
    bitrate: int | None
    hdr: str
    tone_map: bool


class PlayedAudio(Wire, frozen=True, kw_only=True):
    action: str
    track: int
    codec: str
    channels: int
    language: str | None
    bitrate: int | None


class PlayedSubtitle(Wire, frozen=True, kw_only=True):
    """`action` is none, external or burn; `track` counts as in a file's info."""

    action: str
    track: int | None
    url: str | None


class AudioChoice(Wire, frozen=True, kw_only=True):
    track: int
    codec: str
    channels: int
    language: str | None
    title: str | None
    default: bool
    selected: bool


class SubtitleChoice(Wire, frozen=True, kw_only=True):
    track: int
    format: str
    language: str | None
    title: str | None
    forced: bool
    hearing_impaired: bool
    external: bool
    text: bool
    selected: bool


class PlaybackInfo(Wire, frozen=True, kw_only=True):
    """How a file would be played, and what there is to choose from. Lengths in ms, `expectedSpeed` 1.0 is real time."""

    file_id: int
    rating_key: str
    method: str
    direct_play: bool
    remux: bool
    needs_transcode: bool
    reasons: list[str]
    profile: str
    duration: int | None
    stream_url: str
    transcode_url: str
    video: PlayedVideo | None
    audio: PlayedAudio | None
    subtitle: PlayedSubtitle
    audio_tracks: list[AudioChoice]
    subtitle_tracks: list[SubtitleChoice]
    encoder: str | None
    expected_speed: float | None
    resume_offset: int
    next: str | None


class Opened(Wire, frozen=True, kw_only=True):
    """A session: where its playlists are, and what its player gets. `segmentDuration` in seconds, all else in ms."""

    session_id: str
    playlist_url: str
    master_url: str
    stream_token: str
    method: str
    reasons: list[str]
    video: PlayedVideo | None
    audio: PlayedAudio | None
    subtitle: PlayedSubtitle
    duration: int
    segment_duration: float
    segment_count: int
    start_offset: int
    segment_format: str
    encoder: str | None
    expected_speed: float | None


class LinkBody(Wire, frozen=True, kw_only=True):
    file_id: Annotated[int, Meta(ge=0, le=2**62)]


class Link(Wire, frozen=True, kw_only=True):
    """An address that opens a file without a sign-in; `expiresIn` in seconds."""

    url: str
    expires_in: int


class Stopped(Wire, frozen=True, kw_only=True):
    stopped: bool = True


def video_wire(plan: VideoPlan | None) -> PlayedVideo | None:
    if plan is None:
        return None
    return PlayedVideo(
        action=plan.action,
        codec_from=plan.codec_from,
        to=plan.codec,
        width=plan.width,
        height=plan.height,
        bitrate=plan.bitrate,
        hdr=plan.hdr,
        tone_map=plan.tone_map,
    )


def audio_wire(plan: AudioPlan | None) -> PlayedAudio | None:
    if plan is None:
        return None
    return PlayedAudio(
        action=plan.action,
        track=plan.track,
        codec=plan.codec,
        channels=plan.channels,
        language=plan.language,
        bitrate=plan.bitrate,
    )


def subtitle_wire(plan: SubtitlePlan, tracks: Sequence[SubtitleTrack]) -> PlayedSubtitle:
    url = next((track.url for track in tracks if plan.action == "external" and track.index == plan.index), None)
    return PlayedSubtitle(action=plan.action, track=plan.index, url=url)


def audio_choices(streams: Sequence[AudioStream], decision: Decision) -> list[AudioChoice]:
    chosen = decision.audio.track if decision.audio else None
    return [
        AudioChoice(
            track=stream.track,
            codec=stream.codec,
            channels=stream.channels,
            language=stream.language,
            title=stream.title,
            default=stream.default,
            selected=stream.track == chosen,
        )
        for stream in streams
    ]


def subtitle_choices(tracks: Sequence[SubtitleTrack], decision: Decision) -> list[SubtitleChoice]:
    chosen = decision.subtitle.index if decision.subtitle.action != "none" else None
    return [
        SubtitleChoice(
            track=track.index,
            format=track.format,
            language=track.language,
            title=track.title,
            forced=track.forced,
            hearing_impaired=track.hearing_impaired,
            external=track.external,
            text=track.text,
            selected=track.index == chosen,
        )
        for track in tracks
    ]
