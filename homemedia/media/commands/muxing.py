"""What leaves ffmpeg: one fragmented MP4 or one transport stream on standard output, cut by ourselves.

Source:
    Watch contract 9.4, with the reason for each flag.
"""

from homemedia.media.commands.plan import RunPlan, seconds

# One clock for the picture in all runs: ticks of the source's own would differ between containers.
TIMESCALE = 90_000
# Without a picture nothing begins a fragment but its length. Segments of sound may begin this much late.
SOUND_FRAGMENT_US = 250_000
# As long as a frame of sound is: by so much less than the picture's reordering sound is put ahead of it.
SOUND_FRAME_US = 32_000


def output_options(plan: RunPlan) -> dict[str, str | int | None]:
    options: dict[str, str | int | None] = {
        "map_metadata": -1,
        "map_chapters": -1,
        "sn": None,
        "dn": None,
        "max_muxing_queue_size": 2048,
        "avoid_negative_ts": "disabled",
        "output_ts_offset": seconds(plan.offset_us + plan.ss_us),
    }
    if plan.video is not None and plan.audio is not None and plan.reordered_us > SOUND_FRAME_US:
        # Streams are ordered by decode time. Left so, sound ends before the picture in every segment by as much as
        # B-frames are decoded early, and players take the segment for incomplete and fetch it again.
        options["audio_preload"] = plan.reordered_us - SOUND_FRAME_US
    if plan.opens_at_us < plan.ss_us:
        options["ss"] = seconds(plan.ss_us - plan.opens_at_us)
    if plan.format == "ts":
        return options | {
            "format": "mpegts",
            "mpegts_flags": "+resend_headers+pat_pmt_at_frames",
            "muxdelay": 0,
            "muxpreload": 0,
        }
    flags = ["frag_keyframe", "empty_moov", "default_base_moof", "frag_discont"]
    if plan.delays_moov:
        flags[1] = "delay_moov"
    options |= {
        "format": "mp4",
        "movflags": "".join(f"+{flag}" for flag in flags),
        # An edit list would name where the run begins, and the description would differ from run to run. Without one
        # decode time and offset add up to what is shown; negative offsets would do the same for browsers, but players
        # made of ffmpeg then show pictures 40 to 83 ms late (measured).
        "use_editlist": 0,
        # FLAC in MP4 and the description of Dolby Vision were held experimental for long.
        "strict": -2,
    }
    if plan.video is None:
        return options | {"frag_duration": SOUND_FRAGMENT_US}
    return options | {"video_track_timescale": TIMESCALE}
