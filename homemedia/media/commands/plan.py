"""What one run of ffmpeg shall do: the streams, from where, in which form, on which encoder. Plain structs."""

import math
from fractions import Fraction
from typing import Literal

import msgspec

from homemedia.media.hls.table import SECOND_US, SegmentTable
from homemedia.media.models import VideoStream
from homemedia.media.plans import AudioPlan, VideoPlan

Family = Literal["software", "vaapi", "qsv", "nvenc", "videotoolbox", "amf", "v4l2m2m"]
Format = Literal["fmp4", "ts"]

# Keeps the decode times of B-frames and the priming of AAC above 0 (watch contract 9.4).
OFFSET_US = 10 * SECOND_US
# Sound of two runs overlaps by this; without it a hole of 32 to 64 ms at their junction stalls players.
PRE_ROLL_US = SECOND_US // 2
# A bitmap subtitle that was put on the screen this long before a run is still seen in it.
BITMAP_LEAD_US = 10 * SECOND_US
# The MP4 muxer knows how to describe these only after their first packet: always, or (AAC) out of transport streams.
DESCRIBED_LATE = frozenset({"ac3", "eac3", "aac"})
# Containers whose index leads to a keyframe before the wanted moment. In others ffmpeg begins anywhere, and shows
# nothing until the next keyframe.
INDEXED = frozenset({"mp4", "mov", "3gp", "m4a", "mkv", "webm", "avi", "wmv"})
USUAL_GAP_US = 10 * SECOND_US
MOST_LEAD_US = 20 * SECOND_US
MOST_LEAD_INTO_A_HOLE_US = 60 * SECOND_US
USUAL_RATE = 25.0
ROUNDED_RATE = 0.0006  # rates are told to three places
# Pictures that libx264 holds back for its B-frames, which may lean on each other; hardware is told to make none.
REORDERED_BY_X264, WITHOUT_B_FRAMES = 2, "ultrafast"


class EncoderChoice(msgspec.Struct, frozen=True, kw_only=True):
    """What makes the picture.

    Attributes:
        family: how it is spoken to.
        name: ffmpeg's name of the encoder.
        device: render node of vaapi and qsv, number of an NVIDIA card; empty for the only one.
        ffmpeg: the program that drives it when it is another than the usual one; empty for the usual.
        decodes: the device also decodes, and doing so is worth it.
        reads: what it decodes (`h264`, `hevc`, `hevc10`, `vp9`, `av1`, …).
        maps_tone: the device also brings HDR down to SDR.
        forces_keyframes: it puts a keyframe where it is asked to. Otherwise groups of whole frames make the segments.
    """

    family: Family = "software"
    name: str = "libx264"
    device: str = ""
    ffmpeg: str = ""
    decodes: bool = False
    reads: tuple[str, ...] = ()
    maps_tone: bool = False
    forces_keyframes: bool = True


SOFTWARE = EncoderChoice()


class RunPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a command line needs; times in microseconds from the beginning of the film.

    Attributes:
        ffmpeg: the program.
        path: the file.
        ss_us: where reading begins; see `begin`.
        p_us: from there to the beginning of the first wanted segment.
        lead_us: how much before `ss_us` decoding begins, its result thrown away; see `lead`.
        reorder_us: how much earlier the file's pictures are decoded than shown (B-frames), as far as known.
        first: number of that segment.
        segment_us: length of the segments, where `table` says nothing else.
        table: the segments, for those of uneven length; None when all are even.
        video: the picture, None for sound alone.
        audio: the sound, None without.
        format: what is written to standard output.
        encoder: what makes the picture.
        preset: of the encoder, from `ultrafast` to `slow`.
        crf: quality of libx264, lower is better.
        stream: the picture as the file has it, when known: its colours and pixels.
        text_file: subtitles to draw into the picture: a file that we wrote, named so that the folder ffmpeg is started
            in holds it. Never a file of a stranger: the filter opens playlists too, without our list of formats.
        fonts_dir: folder of fonts for them.
        bitmap_file: bitmap subtitles beside the film to draw into the picture: `.sup`, or `.idx` with its `.sub`.
        dialogue_boost: voices stand out when many channels become two.
        offset_us: added to all times.
    """

    ffmpeg: str
    path: str
    ss_us: int = 0
    p_us: int = 0
    lead_us: int = 0
    reorder_us: int = 0
    first: int = 0
    segment_us: int = 4 * SECOND_US
    table: SegmentTable | None = None
    video: VideoPlan | None = None
    audio: AudioPlan | None = None
    format: Format = "fmp4"
    encoder: EncoderChoice = SOFTWARE
    preset: str = "veryfast"
    crf: int = 22
    stream: VideoStream | None = None
    text_file: str | None = None
    fonts_dir: str | None = None
    bitmap_file: str | None = None
    dialogue_boost: bool = False
    fills_holes: bool = False
    offset_us: int = OFFSET_US

    @property
    def copies_video(self) -> bool:
        return self.video is not None and self.video.action == "copy"

    @property
    def reordered_us(self) -> int:
        """How much earlier pictures are decoded than shown in what comes out."""
        if self.video is None or self.copies_video:
            return self.reorder_us
        has_b_frames = self.encoder.family == "software" and self.preset != WITHOUT_B_FRAMES
        return round(REORDERED_BY_X264 * SECOND_US / self.frame_rate) if has_b_frames else 0

    @property
    def delays_moov(self) -> bool:
        """The file's description can only be written after the first packets."""
        return self.audio is not None and self.audio.action == "copy" and self.audio.codec in DESCRIBED_LATE

    @property
    def opens_at_us(self) -> int:
        """Where in the file reading begins. What lies before `ss_us` is decoded and drawn on, but not encoded."""
        if self.video is None or self.video.action == "copy":
            return self.ss_us
        lead_us = max(self.lead_us, BITMAP_LEAD_US) if self.video.burns_bitmaps else self.lead_us
        return max(0, self.ss_us - lead_us)

    @property
    def frame_rate(self) -> float:
        return (self.video.frame_rate if self.video else None) or USUAL_RATE

    @property
    def decodes_on_device(self) -> bool:
        return self.encoder.decodes and self.video is not None and self.kind_read in self.encoder.reads

    @property
    def kind_read(self) -> str:
        """What a decoder has to know: the codec, with the depth where that is another matter. Empty when unusual."""
        if self.video is None:
            return ""
        depth = (self.stream.bit_depth if self.stream is not None else None) or (10 if self.video.tone_map else 8)
        chroma = self.stream.chroma if self.stream is not None else None
        if chroma not in {None, "", "4:2:0"} or depth > 10 or (depth > 8 and self.video.codec_from == "h264"):
            return ""
        return f"{self.video.codec_from}10" if depth > 8 and self.video.codec_from == "hevc" else self.video.codec_from

    @property
    def stays_on_device(self) -> bool:
        """Decoding, size and colours are done by the device, so that no picture is carried to and fro."""
        video = self.video
        if video is None or not self.decodes_on_device:
            return False
        is_drawn_on = video.burns_bitmaps or video.burns_text
        is_turned = bool(video.rotation)
        is_mapped = video.tone_map and not self.encoder.maps_tone
        return not (is_drawn_on or is_turned or is_mapped or video.needs_reshaping)


def begin(start_us: int, frame_rate: float | None = None, *, before_us: int = PRE_ROLL_US) -> tuple[int, int]:
    """Where a run begins for a segment that begins at `start_us`, and how long it is from there to it.

    Args:
        start_us: of the segment.
        frame_rate: of the film. The run then begins with a picture: some files (AVI) count time in pictures, ffmpeg
            rounds where it begins to what the file counts in, and all pictures would be up to half a one off.
        before_us: how much earlier than the segment.
    """
    ss_us = max(0, start_us - before_us)
    if frame_rate:
        rate = _exact(frame_rate)
        ss_us = round(math.floor(Fraction(ss_us, SECOND_US) * rate) / rate * SECOND_US)
    return ss_us, start_us - ss_us


def whole_pictures(length_us: int, frame_rate: float | None) -> int:
    """The length nearest to this that is one of so many pictures, for encoders that count those."""
    rate = _exact(frame_rate or USUAL_RATE)
    return round(max(1, round(length_us * rate / SECOND_US)) / rate * SECOND_US)


def _exact(rate: float) -> Fraction:
    """29.97 is told, 30000/1001 is meant."""
    broadcast = Fraction(round(rate * 1.001) * 1000, 1001)
    return broadcast if abs(broadcast - rate) < ROUNDED_RATE else Fraction(rate).limit_denominator(1000)


def lead(container: str, *, max_gap_us: int | None) -> int:
    """How much earlier a file has to be opened so that a picture is there from the wanted moment on.

    Who knows the keyframes may say better: from half a second before the one that precedes `ss_us`.

    Args:
        container: as the probe names it.
        max_gap_us: the longest time between two keyframes, None when unknown.
    """
    if container in INDEXED:
        return 0
    return min(max_gap_us or USUAL_GAP_US, MOST_LEAD_US)


def lead_into_a_hole(max_gap_us: int | None) -> int:
    """How much earlier a file has to be opened so that the picture before a hole is there to be repeated in it."""
    return min(max_gap_us or USUAL_GAP_US, MOST_LEAD_INTO_A_HOLE_US)


def seconds(time_us: int) -> str:
    """As ffmpeg reads it: `12.5`."""
    return f"{time_us / SECOND_US:.6f}".rstrip("0").rstrip(".")
