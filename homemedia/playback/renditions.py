"""What stands beside a stream's segments: the list of variants, the subtitles. Pure but for who reads the subtitles."""

from pathlib import Path
from typing import Protocol

from homemedia.library.files import PlayableFile
from homemedia.media.hls.playlists import MPEGTS_OFFSET, Rendition, Variant, master_playlist, subtitle_playlist
from homemedia.playback.naming import video_range
from homemedia.playback.session import Session
from homemedia.playback.subtitles import Burnt


class SubtitleSource(Protocol):
    """Who reads subtitles."""

    async def vtt(self, file: PlayableFile, index: int) -> bytes:
        """Text subtitles of a file as WebVTT in UTF-8; `index` as the API counts.

        Raises:
            AppError: `not_found`, `subtitle_not_text`, `subtitle_unreadable`, `subtitle_not_ready`.
        """

    async def burnt(self, file: PlayableFile, index: int) -> Burnt:
        """Text subtitles as they are drawn into a picture; raises the same."""

    async def bitmaps(self, file: PlayableFile, index: int) -> Path:
        """The file of bitmap subtitles beside a film; raises `not_found`, `file_missing`, `storage_unavailable`."""

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
    return master_playlist(_variant(session), renditions, token=session.token)


def _variant(session: Session) -> Variant:
    film = session.film
    video, probe = film.decision.video, film.file.probe
    streams = probe.video if probe is not None else ()
    stream = next((one for one in streams if video is not None and one.track == video.track), None)
    return Variant(
        bandwidth=film.rates.peak,
        average_bandwidth=film.rates.mean,
        codecs=session.codecs,
        width=video.width if video else None,
        height=video.height if video else None,
        frame_rate=video.frame_rate if video else None,
        video_range=video_range(video, stream),
    )


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
