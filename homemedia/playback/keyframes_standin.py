"""Where films can be cut, found by copying them once. Stands until the index proper does."""

import itertools

import msgspec

from homemedia.core.process import child
from homemedia.library.files import PlayableFile
from homemedia.media.ffmpeg import find_ffmpeg
from homemedia.media.hls.fmp4 import boxes, fragment_starts, tracks_of


class Index(msgspec.Struct, frozen=True):
    times_us: tuple[int, ...]
    end_us: int
    max_gap_us: int


class StandIn:
    async def of(self, file: PlayableFile) -> Index | None:
        ffmpeg = find_ffmpeg("")
        if ffmpeg is None or file.probe is None or file.probe.main_video is None:
            return None
        command = [
            ffmpeg.path,
            "-nostdin",
            "-loglevel",
            "error",
            "-i",
            f"file:{file.path}",
            "-map",
            f"0:{file.probe.main_video.track}",
            "-c",
            "copy",
            "-output_ts_offset",
            "10",
            "-movflags",
            "+frag_keyframe+empty_moov+default_base_moof+frag_discont+negative_cts_offsets",
            "-avoid_negative_ts",
            "disabled",
            "-f",
            "mp4",
            "pipe:1",
        ]
        raw = bytearray()
        async with child(command) as running:
            while body := await running.stdout.read(1 << 20):
                raw += body
        body = bytes(raw)
        times: list[int] = []
        tracks = {}
        for kind, start, end in boxes(body):
            box = body[start - 8 : end]
            if kind == b"moov":
                tracks = tracks_of(box)
            elif kind == b"moof":
                for track, at in fragment_starts(box).items():
                    times.append(at * 1_000_000 // tracks[track].timescale - 10_000_000)
        end_us = (file.duration_ms or 0) * 1000
        edges = [*times, end_us]
        gap = max(b - a for a, b in itertools.pairwise(edges)) if times else 1 << 62
        return Index(tuple(times), end_us, gap) if times else None
