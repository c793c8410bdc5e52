"""Whether a file is played as it is, repacked or converted, and why. Pure.

Source:
    Watch contract 8.2 to 8.4, with its table.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from homemedia.media import AudioStream, Probe, VideoStream
from homemedia.media.plans import RESHAPED, AudioPlan, SubtitlePlan, VideoPlan
from homemedia.playback import sizes
from homemedia.playback.profiles import ANYTHING, Profile, VideoRule
from homemedia.playback.tracks import Preferences, Remembered, Subtitle, choose_audio, choose_subtitle

Method = Literal["directPlay", "remux", "transcode", "impossible"]
Form = Literal["fmp4", "ts"]
SubtitleMode = Literal["auto", "external", "burn", "none"]
BITRATE_SLACK = 1.05
# Files of sound alone are played by every browser that knows their codec, whatever its list of containers says.
SOUND_CONTAINERS = frozenset({"mp3", "flac", "ogg", "wav", "aac", "mp4", "m4a", "opus", "webm", "aiff"})
COPIED_CODECS = frozenset({"h264", "hevc", "vp9", "av1"})  # what fragmented MP4 carries and players read from it
IN_TS = frozenset({"aac", "mp3", "mp2", "ac3", "eac3", "dts"})  # sound that transport streams carry
# Browsers count these from zero, whenever they begin; where one was and subtitles would be that much off.
COUNTED_FROM_ZERO = frozenset({"mkv", "webm"})
LATE_MS = 200


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for; None leaves it to us. Rates in bits/s, tracks as numbers of the file.

    `format` of segments is fMP4 where nothing else is needed.
    """

    audio_track: int | None = None
    subtitle_track: int | Literal["none"] | None = None
    subtitle_mode: SubtitleMode = "auto"
    max_bitrate: int | None = None
    max_height: int | None = None
    force: Literal["remux", "transcode"] | None = None
    format: Form | None = None


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """What this machine can convert.

    Attributes:
        has_ffmpeg: whether there is one that works.
        encoder: name of the H.264 encoder in use.
        hevc_encoder: name of the HEVC encoder for players that take it; empty when none may be used.
        is_software: whether that is the processor.
        fps_1080: pictures a second it makes at 1080 lines; None until it was measured.
        max_height: settings' cap in lines, 0 for none.
        can_tone_map: HDR to SDR.
        can_map_dolby: profile 5 of Dolby Vision to SDR, which only libplacebo can.
    """

    has_ffmpeg: bool = True
    encoder: str = "libx264"
    hevc_encoder: str = ""
    is_software: bool = True
    fps_1080: float | None = None
    max_height: int = 1080
    can_tone_map: bool = True
    can_map_dolby: bool = False

    @property
    def cap(self) -> int | None:
        if self.is_software:
            return min(self.max_height or sizes.FULL_HD, sizes.FULL_HD)
        return self.max_height or None


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it is known. `can_cut` is False when no keyframes are known or they lie too far apart to copy."""

    probe: Probe | None
    subtitles: tuple[Subtitle, ...] = ()
    remembered: Remembered | None = None
    can_cut: bool = True


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What happens with a file, and why. `reasons` is empty exactly when it is played as it is.

    `form` is what segments would be.
    """

    method: Method
    reasons: tuple[str, ...] = ()
    video: VideoPlan | None = None
    audio: AudioPlan | None = None
    subtitle: SubtitlePlan = SubtitlePlan()
    encoder: str | None = None
    expected_speed: float | None = None
    form: Form = "fmp4"


NO_WISH, USUAL_MACHINE, NO_PREFERENCES = Wish(), Machine(), Preferences()


class _Objections:
    """Reasons in the order they were found, each once, by what they ask for."""

    def __init__(self) -> None:
        self.all: dict[str, None] = {}
        self.repack = self.encode_video = self.encode_audio = False

    def repacks(self, reason: str) -> None:
        self.all.setdefault(reason)
        self.repack = True

    def video(self, reason: str) -> None:
        self.all.setdefault(reason)
        self.encode_video = True

    def audio(self, reason: str) -> None:
        self.all.setdefault(reason)
        self.encode_audio = True

    @property
    def any(self) -> bool:
        return self.repack or self.encode_video or self.encode_audio


class _Case(msgspec.Struct, kw_only=True):
    """One question on its way to an answer."""

    source: Source
    probe: Probe
    profile: Profile
    wish: Wish
    machine: Machine
    video: VideoStream | None
    audio: AudioStream | None
    subtitle: Subtitle | None
    plan: SubtitlePlan
    limit: int | None
    found: _Objections
    form: Form = "fmp4"


def decide(
    source: Source,
    profile: Profile,
    wish: Wish = NO_WISH,
    machine: Machine = USUAL_MACHINE,
    *,
    preferences: Preferences = NO_PREFERENCES,
    may_transcode: bool = True,
) -> Decision:
    """Choose how a file is played.

    Args:
        source: the file.
        profile: what the player takes.
        wish: what was asked for.
        machine: what may be converted here.
        preferences: the member's languages.
        may_transcode: whether the member may have pictures converted.
    """
    probe = source.probe
    if probe is None or not (probe.video or probe.audio):
        return Decision(method="impossible", reasons=("FileUnreadable",))
    audio = choose_audio(
        probe.audio,
        wanted=wish.audio_track,
        remembered=source.remembered,
        preferences=preferences,
        can_copy=lambda stream: _audio_reason(stream, profile, probe.container) is None,
    )
    subtitle = _subtitle(source, audio, wish, preferences)
    case = _Case(
        source=source,
        probe=probe,
        profile=profile,
        wish=wish,
        machine=machine,
        video=probe.main_video,
        audio=audio,
        subtitle=subtitle,
        plan=_subtitle_plan(subtitle, profile, wish),
        limit=_least(profile.max_bitrate, wish.max_bitrate),
        found=_Objections(),
        form=wish.format or "fmp4",
    )
    for objects in (_container, _picture, _sound, _bitrate, _force):
        objects(case)
    if not case.found.any:
        return Decision(
            method="directPlay",
            video=_copied(case.video) if case.video else None,
            audio=_copied_audio(audio) if audio else None,
            subtitle=case.plan,
        )
    _segments(case)
    return _converted(case, may_transcode=may_transcode)


def _converted(case: _Case, *, may_transcode: bool) -> Decision:
    """The decision for a file that is not played as it is."""
    video, speed = _video_plan(case)
    audio = _audio_plan(case)
    refusal = _refusal(video, case.machine, may_transcode=may_transcode)
    if refusal is not None:
        case.found.all.setdefault(refusal)
    is_converted = video is not None and video.action == "transcode"
    method: Method = "impossible" if refusal else "transcode" if is_converted else "remux"
    return Decision(
        method=method,
        reasons=tuple(case.found.all),
        video=video,
        audio=audio,
        subtitle=case.plan,
        encoder=_encoder(case) if method == "transcode" else None,
        form=case.form,
        expected_speed=speed if method == "transcode" else None,
    )


# What objects


def _container(case: _Case) -> None:
    container = case.probe.container
    if case.video is None and container in SOUND_CONTAINERS:
        return
    is_late = container in COUNTED_FROM_ZERO and case.probe.start_ms > LATE_MS
    if not _lists(case.profile.containers, container) or (is_late and ANYTHING not in case.profile.containers):
        case.found.repacks("ContainerNotSupported")


def _picture(case: _Case) -> None:
    video, profile, found = case.video, case.profile, case.found
    if video is None:
        return
    rule = profile.video.get(video.codec, profile.video.get(ANYTHING))
    # A codec bound to other containers may still be copied into a stream's segments.
    if rule is None or not (found.repack or rule.containers is None or case.probe.container in rule.containers):
        found.video("VideoCodecNotSupported")
    else:
        _details(found, video, rule)
    if not _takes_hdr(video, profile):
        found.video("VideoRangeNotSupported")
    if video.interlaced and not profile.interlaced:
        found.video("InterlacedVideoNotSupported")
    if not profile.anamorphic and not sizes.is_square(video):
        found.video("AnamorphicVideoNotSupported")
    most = _least(profile.max_height, case.wish.max_height)
    if most is not None and sizes.lines(*sizes.shown(video)) > most:
        found.video("VideoResolutionNotSupported")
    if profile.max_frame_rate is not None and (video.frame_rate or 0) > profile.max_frame_rate:
        found.video("VideoFramerateNotSupported")
    if case.plan.action == "burn":
        found.video("SubtitleBurnIn")


def _details(found: _Objections, video: VideoStream, rule: VideoRule) -> None:
    """Profile, level, depth and chroma; what is unknown does not object, nor anything where nothing is bounded."""
    name = _profile_name(video.profile)
    is_other = rule.profiles is not None and bool(name) and name not in {_profile_name(one) for one in rule.profiles}
    is_deeper = rule.max_bit_depth is not None and (video.bit_depth or 0) > rule.max_bit_depth
    is_bounded = rule.profiles is not None or rule.max_bit_depth is not None
    is_finer = is_bounded and video.chroma not in {None, "", "4:2:0"}
    # A profile that is not taken says the depth and the chroma with it.
    if is_other or (is_finer and not is_deeper):
        found.video("VideoProfileNotSupported")
    elif is_deeper:
        found.video("VideoBitDepthNotSupported")
    if rule.max_level is not None and (video.level or 0) > rule.max_level:
        found.video("VideoLevelNotSupported")


def _sound(case: _Case) -> None:
    if case.audio is None:
        return
    reason = _audio_reason(case.audio, case.profile, case.probe.container)
    if reason is not None:
        case.found.audio(reason)
    if case.audio is not case.probe.main_audio and not case.profile.track_select:
        case.found.repacks("SecondaryAudioSelected")


def _audio_reason(audio: AudioStream, profile: Profile, container: str) -> str | None:
    """Why a player does not take a sound as it is; None when it does."""
    rule = profile.audio.get(audio.codec, profile.audio.get(ANYTHING))
    is_repacked = container not in SOUND_CONTAINERS and not _lists(profile.containers, container)
    if is_repacked and not _lists(profile.hls.audio_codecs, audio.codec):
        return "AudioCodecNotSupported"
    if rule is None or not (is_repacked or rule.containers is None or container in {*rule.containers, "ogg"}):
        return "AudioCodecNotSupported"
    most = min(profile.max_audio_channels, rule.max_channels or profile.max_audio_channels)
    return "AudioChannelsNotSupported" if audio.channels > most else None


def _bitrate(case: _Case) -> None:
    limit, whole = case.limit, case.probe.bitrate
    if limit is None or whole is None or whole <= limit * BITRATE_SLACK:
        return
    sound = (case.audio.bitrate if case.audio else None) or 0
    picture = case.video.bitrate if case.video is not None and case.video.bitrate else whole - sound
    if case.video is not None and picture > limit - sizes.STEREO_BITRATE:
        case.found.video("BitrateExceedsLimit")
    else:
        case.found.audio("BitrateExceedsLimit")


def _force(case: _Case) -> None:
    if case.wish.force == "transcode" and case.video is not None:
        case.found.video("ConversionRequested")
    elif case.wish.force is not None:
        case.found.repacks("RepackingRequested")


def _segments(case: _Case) -> None:
    """What stands against copying into a stream's segments, once it is clear that there will be one."""
    video, audio, hls, found = case.video, case.audio, case.profile.hls, case.found
    if video is not None and not found.encode_video:
        if not _can_copy(case, video.codec):
            found.video("VideoCodecNotSupported")
        if video.rotation:
            found.video("VideoRotationNotSupported")
        if not case.source.can_cut:
            found.video("KeyframeIndexUnavailable")
    if audio is None or found.encode_audio:
        return
    is_taken = _lists(hls.audio_codecs, audio.codec) and (case.form == "fmp4" or audio.codec in IN_TS)
    if is_taken and audio.codec in hls.only_ts and case.form == "fmp4":
        # Copied sound is worth more than the form of segments, unless the form was asked for or the picture needs it.
        is_taken = case.wish.format is None and _streamed(case) in {None, "h264"}
        case.form = "ts" if is_taken else case.form
    if not is_taken:
        found.audio("AudioCodecNotSupported")


def _streamed(case: _Case) -> str | None:
    """The codec of the picture in a stream of segments; None without a picture."""
    if case.video is None:
        return None
    return _made(case) if case.found.encode_video else case.video.codec


def _made(case: _Case) -> str:
    """The codec of a picture that is made anew."""
    takes_hevc = case.form == "fmp4" and _lists(case.profile.hls.video_codecs, "hevc")
    return "hevc" if case.machine.hevc_encoder and takes_hevc and case.profile.hls.fmp4 else "h264"


def _encoder(case: _Case) -> str:
    return case.machine.hevc_encoder if _made(case) == "hevc" else case.machine.encoder


def _can_copy(case: _Case, codec: str) -> bool:
    hls = case.profile.hls
    if not _lists(hls.video_codecs, codec):
        return False
    if case.wish.format == "ts":
        return codec == "h264"
    return hls.fmp4 and codec in COPIED_CODECS


def _takes_hdr(video: VideoStream, profile: Profile) -> bool:
    if video.hdr == "none" or _lists(profile.hdr, video.hdr):
        return True
    # Their base layer is HDR10 (contract 8.2); profile 5 has none that looks right.
    return video.hdr in {"dv7", "dv8", "hdr10plus"} and "hdr10" in profile.hdr


def _refusal(video: VideoPlan | None, machine: Machine, *, may_transcode: bool) -> str | None:
    if not machine.has_ffmpeg:
        return "ConverterMissing"
    if video is None or video.action == "copy":
        return None
    if not may_transcode:
        return "TranscodingNotAllowed"
    can_map = machine.can_map_dolby if video.needs_reshaping else machine.can_tone_map
    return "ToneMappingUnavailable" if video.tone_map and not can_map else None


# What is to be done


def _video_plan(case: _Case) -> tuple[VideoPlan | None, float | None]:
    """The picture, and the speed it will be made with; 1.0 is as fast as it is watched."""
    video = case.video
    if video is None:
        return None, None
    if not case.found.encode_video:
        return _copied(video), None
    sound = _audio_plan(case)
    spent = (sound.bitrate or sizes.STEREO_BITRATE) if sound else 0
    room = None if case.limit is None else max(case.limit - spent, sizes.LEAST_BITRATE)
    most = _least(_least(case.profile.max_height, case.wish.max_height), case.machine.cap)
    size = sizes.fit(video, most, room)
    speed = None
    if case.machine.fps_1080 is not None:
        size, speed = sizes.within_speed(video, size, case.machine.fps_1080)
    burnt = case.subtitle if case.plan.action == "burn" else None
    plan = VideoPlan(
        action="transcode",
        track=video.track,
        codec_from=video.codec,
        codec=_made(case),
        width=size[0],
        height=size[1],
        bitrate=sizes.target_bitrate(video, size, room, codec=_made(case)),
        frame_rate=video.frame_rate,
        tone_map=video.hdr != "none",
        dolby_vision=_reshaped(video),
        deinterlace=video.interlaced,
        rotation=video.rotation,
        burn=burnt.track if burnt is not None and not burnt.is_text else None,
        burns_beside=burnt is not None and not burnt.is_text and burnt.track is None,
        burns_text=burnt is not None and burnt.is_text,
    )
    return plan, speed


def _copied(video: VideoStream) -> VideoPlan:
    width, height = sizes.shown(video)
    return VideoPlan(
        action="copy",
        track=video.track,
        codec_from=video.codec,
        codec=video.codec,
        width=width,
        height=height,
        bitrate=video.bitrate,
        frame_rate=video.frame_rate,
        hdr=video.hdr,
        dolby_vision=_reshaped(video),
        rotation=video.rotation,
    )


def _reshaped(video: VideoStream) -> int | None:
    """`RESHAPED` for pictures of that profile and those of AV1 made in the same way."""
    return RESHAPED if video.hdr == "dv5" else None


def _copied_audio(audio: AudioStream) -> AudioPlan:
    return AudioPlan(
        action="copy",
        track=audio.track,
        codec_from=audio.codec,
        codec=audio.codec,
        channels=audio.channels,
        bitrate=audio.bitrate,
        language=audio.language,
    )


def _audio_plan(case: _Case) -> AudioPlan | None:
    audio = case.audio
    if audio is None or not case.found.encode_audio:
        return _copied_audio(audio) if audio else None
    channels = sizes.channels(audio.channels, case.profile.max_audio_channels)
    return AudioPlan(
        action="transcode",
        track=audio.track,
        codec_from=audio.codec,
        codec="aac",
        channels=channels,
        bitrate=sizes.AAC_BITRATES[channels],
        language=audio.language,
    )


def _subtitle(source: Source, audio: AudioStream | None, wish: Wish, preferences: Preferences) -> Subtitle | None:
    if wish.subtitle_mode == "none":
        return None
    return choose_subtitle(
        source.subtitles,
        audio.language if audio else None,
        wanted=wish.subtitle_track,
        remembered=source.remembered,
        preferences=preferences,
    )


def _subtitle_plan(subtitle: Subtitle | None, profile: Profile, wish: Wish) -> SubtitlePlan:
    if subtitle is None:
        return SubtitlePlan()
    if subtitle.is_text:
        burns = wish.subtitle_mode == "burn"
    else:
        burns = not _lists(profile.subtitles, subtitle.format)
        if burns and wish.subtitle_mode == "external":
            return SubtitlePlan()
    return SubtitlePlan(
        action="burn" if burns else "external",
        index=subtitle.index,
        track=subtitle.track,
        is_text=subtitle.is_text,
    )


# Small things


def _lists(names: Sequence[str], name: str) -> bool:
    return name in names or ANYTHING in names


def _least(left: int | None, right: int | None) -> int | None:
    known = [one for one in (left, right) if one is not None]
    return min(known, default=None)


def _profile_name(text: str | None) -> str:
    """`Constrained Baseline` and `baseline`, `Main 10` and `main10` are the same."""
    if not text:
        return ""
    words = text.casefold().replace(":", "").replace("-", " ").split()
    return "".join(word for word in words if word not in {"constrained", "progressive", "profile"})
