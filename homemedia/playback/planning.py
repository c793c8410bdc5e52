"""From a decision to what a session plays and how each of its runs is started. Pure."""

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec.structs import replace

from homemedia.core.problems import Forbidden, Unavailable, Unprocessable
from homemedia.media.commands import SOFTWARE, EncoderChoice, RunPlan, begin, command, lead, lead_into_a_hole
from homemedia.media.commands.plan import INDEXED, PRE_ROLL_US, whole_pictures
from homemedia.media.hls.fmp4 import Fmp4Cutter
from homemedia.media.hls.table import SECOND_US, SegmentTable, copy_table, encode_table
from homemedia.media.hls.ts import TsCutter
from homemedia.playback.advice import Advice
from homemedia.playback.naming import names, rates
from homemedia.playback.run import Cutter
from homemedia.playback.session import Film, Maker
from homemedia.playback.subtitles import Burnt

USUAL_FRAME_US = 40_000


def film_of(advice: Advice, start_ms: int) -> Film:
    """What a session plays, with its table.

    Raises:
        Unprocessable: `unplayable`, with the reasons.
        Forbidden: `transcoding_not_allowed`: the member may not have pictures converted.
        Unavailable: `ffmpeg_missing`.
    """
    decision, file = advice.decision, advice.file
    if not advice.means.machine.has_ffmpeg:
        raise Unavailable("The program that converts films is not installed.", code="ffmpeg_missing")
    duration_us = (file.duration_ms or (file.probe.duration_ms if file.probe else 0) or 0) * 1000
    reasons = list(decision.reasons)
    if decision.method == "impossible" and "TranscodingNotAllowed" in reasons:
        raise Forbidden(
            "This would have to be converted for this player, and you may not have that.",
            code="transcoding_not_allowed",
        )
    if decision.method == "impossible" or not duration_us:
        raise Unprocessable(
            "This file cannot be played here.",
            code="unplayable",
            details=[{"reasons": reasons or ["FileUnreadable"]}],
        )
    rate = decision.video.frame_rate if decision.video else None
    table = _table(advice, duration_us, start_ms * 1000)
    means, form = advice.means, decision.form
    return Film(
        file=file,
        decision=decision,
        table=table,
        form=form,
        start_us=min(start_ms * 1000, max(0, table.end_us - SECOND_US)),
        frame_us=round(SECOND_US / rate) if rate else USUAL_FRAME_US,
        subtitles=tuple(track for track in advice.subtitles if track.text),
        codecs=names(
            decision,
            file.probe,
            form,
            means.encoder_for(decision.video),
            preset=means.preset,
            copied=advice.keyframes.codec if advice.keyframes else None,
        ),
        rates=rates(decision, file.probe, form, means.pace.segment_s),
    )


def _segment_us(advice: Advice) -> int:
    segment_us, video = advice.means.pace.segment_us, advice.decision.video
    if video is None or video.action == "copy" or advice.means.encoder_for(video).forces_keyframes:
        return segment_us
    return whole_pictures(segment_us, video.frame_rate)


def _table(advice: Advice, duration_us: int, begin_us: int) -> SegmentTable:
    segment_us = _segment_us(advice)
    keyframes, video = advice.keyframes, advice.decision.video
    end_us = keyframes.end_us if keyframes is not None and keyframes.end_us else duration_us
    if keyframes is not None and video is not None and video.action == "copy":
        return copy_table(keyframes.times_us, end_us, segment_us, begin_us)
    # Short segments where playing begins, as far as keyframes can be put there.
    is_free = advice.means.encoder_for(video).forces_keyframes
    if video is not None and video.frame_rate:
        # The picture that stands there began before; the one after it would leave players a hole to jump over.
        begin_us, _ = begin(begin_us, video.frame_rate, before_us=round(SECOND_US / video.frame_rate))
    return encode_table(end_us, segment_us, begin_us if is_free else None)


def maker_of(
    advice: Advice,
    film: Film,
    *,
    burnt: Burnt | None = None,
    bitmaps: Path | None = None,
    failed: Callable[[EncoderChoice], None] = lambda _encoder: None,
    encoder: EncoderChoice | None = None,
    fills_holes: bool = False,
) -> Maker:
    """How its segments are made.

    Args:
        advice: what was decided.
        film: what is played.
        burnt: text that is drawn into the picture; its file lies in the session's folder.
        bitmaps: subtitles beside the film that are drawn into the picture.
        failed: told of an encoder that could not make anything.
        encoder: another one than was chosen.
        fills_holes: repeat pictures where the film has none for long.

    Raises:
        Unavailable: `ffmpeg_missing`.
    """
    means, file, decision = advice.means, film.file, film.decision
    ffmpeg = means.ffmpeg
    if ffmpeg is None:
        raise Unavailable("The program that converts films is not installed.", code="ffmpeg_missing")
    video = decision.video
    choice = encoder or means.encoder_for(video)
    streams, container = (file.probe.video, file.probe.container) if file.probe else ((), "")
    max_gap_us = advice.keyframes.max_gap_us if advice.keyframes else None
    plan = RunPlan(
        ffmpeg=ffmpeg.path,
        path=str(file.path),
        lead_us=lead_into_a_hole(max_gap_us) if fills_holes else lead(container, max_gap_us=max_gap_us),
        reorder_us=advice.keyframes.reorder_us if advice.keyframes else 0,
        segment_us=_segment_us(advice),
        table=film.table,
        video=video,
        audio=decision.audio,
        format=film.form,
        encoder=choice,
        preset=means.preset,
        crf=means.crf,
        stream=next((one for one in streams if video is not None and one.track == video.track), None),
        text_file=burnt.name if burnt is not None else None,
        fonts_dir=str(burnt.fonts) if burnt is not None and burnt.fonts is not None else None,
        bitmap_file=str(bitmaps) if bitmaps is not None else None,
        dialogue_boost=means.dialogue_boost,
        fills_holes=fills_holes,
    )
    may_fill = film.is_encoding and choice.forces_keyframes and not fills_holes

    def line(number: int) -> Sequence[str]:
        start_us = film.table.start_us(number)
        rate = video.frame_rate if video else None
        ss_us, p_us = begin(start_us, rate, before_us=_before(start_us, advice, film, plan))
        return command(replace(plan, ss_us=ss_us, p_us=p_us, first=number))

    def cutter(number: int) -> Cutter:
        kind = TsCutter if film.form == "ts" else Fmp4Cutter
        return kind(film.table, number, frame_us=film.frame_us, refuses_holes=may_fill)

    def another(encoder: EncoderChoice, *, fills_holes: bool = fills_holes) -> Maker:
        return maker_of(
            advice, film, burnt=burnt, bitmaps=bitmaps, failed=failed, encoder=encoder, fills_holes=fills_holes
        )

    def filled() -> Maker | None:
        return another(SOFTWARE, fills_holes=True) if may_fill else None

    def instead() -> Maker | None:
        if choice.family == "software":
            return None
        failed(choice)
        # A device that decodes may fail over a film that it merely cannot read; the processor takes every film.
        return another(replace(choice, decodes=False, maps_tone=False) if choice.decodes else SOFTWARE)

    return Maker(command=line, cutter=cutter, instead=instead, filled=filled)


def _before(start_us: int, advice: Advice, film: Film, plan: RunPlan) -> int:
    """How much earlier than a segment its run begins."""
    if film.is_encoding:
        # Who puts no keyframe where he is asked puts the first where he begins, and the others whole groups later.
        return PRE_ROLL_US if plan.encoder.forces_keyframes else plan.segment_us
    container = film.file.probe.container if film.file.probe else ""
    if advice.keyframes is None or container in INDEXED or not start_us:
        return PRE_ROLL_US
    # Entered anywhere, all sound up to the first keyframe would come with it: there has to be one to throw away.
    return start_us - advice.keyframes.before(start_us - 1) + PRE_ROLL_US
