"""Answers about who plays what. Lengths and positions in ms, rates in bits/s, times in Unix seconds."""

import os
from typing import Literal

from homemedia.accounts.models import Device
from homemedia.core.http.addresses import is_outside
from homemedia.core.http.wire import Query, Wire
from homemedia.library.browse_wire import ItemCard
from homemedia.library.files import PlayableFile
from homemedia.playback.activity import Watching
from homemedia.playback.decide import Decision
from homemedia.playback.plays import Shown
from homemedia.playback.session import SOFTWARE_NAMES, Session

LINES = 8
# What our own client calls its windows, one apart from the other; it says nothing to a person.
OWN_CLIENT = "browser "
Method = Literal["directPlay", "remux", "transcode"]


class Watcher(Wire, frozen=True, kw_only=True):
    id: str
    name: str
    username: str


class PlayingDevice(Wire, frozen=True, kw_only=True):
    """`client` is what the player calls itself, "" where it says nothing; type and system are those of the sign-in."""

    client: str
    type: str
    os: str


class PlayingVideo(Wire, frozen=True, kw_only=True):
    """Codec and size in the file and as they are sent; `burns` subtitles are drawn into it."""

    action: str
    codec_from: str
    codec: str
    width_from: int
    height_from: int
    width: int
    height: int
    tone_map: bool = False
    burns: bool = False


class PlayingAudio(Wire, frozen=True, kw_only=True):
    action: str
    codec_from: str
    codec: str
    channels_from: int
    channels: int
    language: str | None


class Conversion(Wire, frozen=True, kw_only=True):
    """How a stream is made just now.

    `speed` 1.0 is as fast as it is watched; `ahead` is how much is made beyond what was asked for; `isHeld` while that
    is enough. `state` is starting, running, ahead or idle.
    """

    state: str
    encoder: str | None
    is_hardware: bool
    speed: float | None
    ahead: int | None
    is_held: bool


class PlayTrouble(Wire, frozen=True, kw_only=True):
    """What the converting program said last; `message` when nothing more comes."""

    message: str | None
    lines: list[str]


class PlayCard(Wire, frozen=True, kw_only=True):
    """One player.

    Attributes:
        id: of the play; that of the session where there is one.
        is_here: it is the very sign-in that asks.
        item: None when it is gone.
        position: within the whole item.
        reasons: why it is not played as it is, as playback-info names them.
        container_from: of the file; `container` of what is sent.
        bitrate: what it takes when it plays on evenly; None when unknown.
        bandwidth: what left over the last half minute.
        is_home: the player is in the house.
    """

    id: str
    session_id: str | None
    is_here: bool
    user: Watcher
    device: PlayingDevice
    is_home: bool
    address: str | None
    item: ItemCard | None
    file_id: int | None
    state: Shown
    position: int
    duration: int | None
    method: Method
    reasons: list[str]
    container_from: str | None
    container: str | None
    video: PlayingVideo | None
    audio: PlayingAudio | None
    bitrate: int | None
    bandwidth: int
    sent: int
    conversion: Conversion | None
    trouble: PlayTrouble | None
    started_at: int
    last_seen_at: int


class Plays(Wire, frozen=True, kw_only=True):
    """The newest first."""

    playing: list[PlayCard]


class Processor(Wire, frozen=True, kw_only=True):
    """`load` of the last minute, 1.0 when all cores are busy."""

    load: float
    cores: int


class ActivityAnswer(Wire, frozen=True, kw_only=True):
    """The newest play first. `processor` is None where the system does not tell."""

    playing: list[PlayCard]
    processor: Processor | None


class StopQuery(Query, frozen=True, kw_only=True):
    """`elsewhere=1`: it goes on on another device, and its player is told so."""

    elsewhere: bool = False


def play_card(
    one: Watching,
    *,
    actor_sign_in: str,
    sees_addresses: bool,
    device: Device | None,
    item: ItemCard | None,
    file: PlayableFile | None,
) -> PlayCard:
    """A player with what is known of its device, its item and its file."""
    session = one.session
    decision = session.film.decision if session else None
    known = session.film.file if session else file
    client = "" if one.client_name.startswith(OWN_CLIENT) else one.client_name
    address = one.address or (device.address if device else "")
    probe = known.probe if known else None
    return PlayCard(
        id=one.play_id,
        session_id=session.session_id if session else None,
        is_here=one.member.session_id == actor_sign_in,
        user=Watcher(id=one.member.user_id, name=one.member.display_name, username=one.member.username),
        device=PlayingDevice(
            client=client, type=device.device_type if device else "", os=device.device_os if device else ""
        ),
        is_home=not is_outside(address),
        address=address or None if sees_addresses else None,
        item=item,
        file_id=one.thing.file_id,
        state=one.state,
        position=one.position_ms,
        duration=one.duration_ms or (known.duration_ms if known else None),
        method=_method(decision),
        reasons=list(decision.reasons) if decision else [],
        container_from=probe.container if probe else None,
        container=session.film.form if session else probe.container if probe else None,
        video=_video(decision, known),
        audio=_audio(decision, known),
        bitrate=_bitrate(decision, known),
        bandwidth=one.rate,
        sent=one.sent_bytes,
        conversion=_conversion(session) if session else None,
        trouble=_trouble(session) if session and sees_addresses else None,
        started_at=one.started_at // 1000,
        last_seen_at=one.heard_at // 1000,
    )


def processor() -> Processor | None:
    """How busy this machine is."""
    cores = os.cpu_count() or 1
    try:
        return Processor(load=round(min(1.0, os.getloadavg()[0] / cores), 3), cores=cores)
    except (AttributeError, OSError):  # Windows knows no such number
        return None


def _method(decision: Decision | None) -> Method:
    if decision is None:
        return "directPlay"
    return "transcode" if decision.method == "transcode" else "remux"


def _video(decision: Decision | None, file: PlayableFile | None) -> PlayingVideo | None:
    video = file.probe.main_video if file and file.probe else None
    plan = decision.video if decision else None
    if plan is not None:
        return PlayingVideo(
            action=plan.action,
            codec_from=plan.codec_from,
            codec=plan.codec,
            width_from=video.width if video else plan.width,
            height_from=video.height if video else plan.height,
            width=plan.width,
            height=plan.height,
            tone_map=plan.tone_map,
            burns=plan.burns_text or plan.burn is not None,
        )
    if video is None or decision is not None:
        return None
    return PlayingVideo(
        action="copy",
        codec_from=video.codec,
        codec=video.codec,
        width_from=video.width,
        height_from=video.height,
        width=video.width,
        height=video.height,
    )


def _audio(decision: Decision | None, file: PlayableFile | None) -> PlayingAudio | None:
    plan = decision.audio if decision else None
    streams = file.probe.audio if file and file.probe else ()
    if plan is not None:
        source = next((stream for stream in streams if stream.track == plan.track), None)
        return PlayingAudio(
            action=plan.action,
            codec_from=plan.codec_from,
            codec=plan.codec,
            channels_from=source.channels if source else plan.channels,
            channels=plan.channels,
            language=plan.language,
        )
    main = file.probe.main_audio if file and file.probe else None
    if main is None or decision is not None:
        return None
    return PlayingAudio(
        action="copy",
        codec_from=main.codec,
        codec=main.codec,
        channels_from=main.channels,
        channels=main.channels,
        language=main.language,
    )


def _bitrate(decision: Decision | None, file: PlayableFile | None) -> int | None:
    """What is sent in a second of film: as planned where it is made anew, else as the file has it."""
    if decision is not None and decision.video is not None and decision.video.bitrate is not None:
        return decision.video.bitrate + (decision.audio.bitrate or 0 if decision.audio else 0)
    if file is None:
        return None
    if file.probe is not None and file.probe.bitrate:
        return file.probe.bitrate
    return file.size_bytes * 8000 // file.duration_ms if file.duration_ms else None


def _conversion(session: Session) -> Conversion:
    encoder = session.film.decision.encoder if session.film.is_encoding else None
    return Conversion(
        state=session.state,
        encoder=encoder,
        is_hardware=encoder is not None and encoder not in SOFTWARE_NAMES,
        speed=None if session.speed is None else round(session.speed, 2),
        ahead=session.ahead_ms,
        is_held=session.state == "ahead",
    )


def _trouble(session: Session) -> PlayTrouble | None:
    if session.failure is None and not session.said:
        return None
    return PlayTrouble(message=session.failure.message if session.failure else None, lines=list(session.said)[-LINES:])
