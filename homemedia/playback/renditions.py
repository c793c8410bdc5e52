"""What stands beside a stream's segments: the list of variants, the subtitles. Pure but for who reads the subtitles."""

from typing import Literal, Protocol

from homemedia.library.files import PlayableFile
from homemedia.media.hls.playlists import MPEGTS_OFFSET, Rendition, Variant, master_playlist, subtitle_playlist
from homemedia.playback.session import Film, Session
from homemedia.playback.subtitles import Burnt

# What a stream needs at its peaks, in percent of what was aimed at: the muxer's own share included.
PEAK_PERCENT = 115
GUESSED_VIDEO, GUESSED_AUDIO = 4_000_000, 160_000


class SubtitleSource(Protocol):
    """Who reads subtitles."""

    async def vtt(self, file: PlayableFile, index: int) -> bytes:
        """Text subtitles of a file as WebVTT in UTF-8; `index` as the API counts.

        Raises:
            AppError: `not_found`, `subtitle_not_text`, `subtitle_unreadable`, `subtitle_not_ready`.
        """

    async def burnt(self, file: PlayableFile, index: int) -> Burnt:
        """Text subtitles as they are drawn into a picture; raises the same."""

    async def expect(self, file: PlayableFile) -> None:
        """Somebody is about to ask for the subtitles of this file."""


def master(session: Session) -> str:
    """The one variant, and every text subtitle."""
    film = session.film
    chosen = film.decision.subtitle.index if film.decision.subtitle.action == "external" else None
    names: set[str] = set()
    renditions = []
    for track in film.subtitles:
        name = track.title or track.language or f"Subtitles {track.index + 1}"
        # Two of one name in a group would be one to a player.
        name = f"{name} ({track.index + 1})" if name in names else name
        names.add(name)
        renditions.append(
            Rendition(
                index=track.index,
                name=name,
                language=track.language,
                is_default=track.index == chosen,
                is_forced=track.forced,
            )
        )
    return master_playlist(_variant(film), renditions, token=session.token)


def _variant(film: Film) -> Variant:
    video, audio = film.decision.video, film.decision.audio
    whole = film.file.probe.bitrate if film.file.probe else None
    rate = (audio.bitrate or GUESSED_AUDIO) if audio else 0
    if video is not None and video.action == "copy":
        rate = whole or (video.bitrate or GUESSED_VIDEO) + rate
    elif video is not None:
        rate += video.bitrate or GUESSED_VIDEO
    return Variant(
        bandwidth=max(1, rate * PEAK_PERCENT // 100),
        average_bandwidth=max(1, rate),
        width=video.width if video else None,
        height=video.height if video else None,
        frame_rate=video.frame_rate if video else None,
        video_range="SDR" if video is None else _range(video.hdr),
    )


def _range(hdr: str) -> Literal["SDR", "PQ", "HLG"]:
    if hdr == "hlg":
        return "HLG"
    return "SDR" if hdr == "none" else "PQ"


def subtitles(session: Session, index: int) -> str | None:
    """The list with the one piece of some text subtitles; None when there are none of this number."""
    if not any(track.index == index for track in session.film.subtitles):
        return None
    return subtitle_playlist(index, session.film.table.end_us, token=session.token)


def timed(text: bytes) -> bytes:
    """WebVTT with the map from its times to those of the segments."""
    head, line, rest = text.partition(b"\n")
    mapped = f"X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:{MPEGTS_OFFSET}".encode()
    return b"\n".join((head.rstrip(b"\r"), mapped, rest)) if line else b"\n".join((head, mapped, b""))
