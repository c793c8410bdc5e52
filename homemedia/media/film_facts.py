"""What a film says of the moment it was taken: clock, place, camera. PyAV, in the worker only."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from homemedia.media import xmp
from homemedia.media.exif import Moment, moment, on_globe, text
from homemedia.media.models import PROBE_LIMIT_S, VideoStream
from homemedia.media.photo_facts import sidecar_of, zone_of
from homemedia.media.photo_models import PhotoFacts
from homemedia.media.probe import describe, media_size, opened
from homemedia.media.xmp_names import DESCRIPTION_FIELDS

ISO6709: Final = re.compile(r"([+-]\d{1,3}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)(?:[+-][\d.]+)?(?:CRS\w+)?/?")
# Clocks that were never set begin here: 1904 is QuickTime's own zero, 1970 is Unix's.
UNSET_MS: Final = 86_400_000
APPLE: Final = "com.apple.quicktime."
ANDROID: Final = "com.android."
# Degrees clockwise that turn it upright, as EXIF numbers them.
TURNS: Final[Mapping[int, int]] = MappingProxyType({0: 1, 90: 6, 180: 3, 270: 8})


class FilmFacts(NamedTuple):
    """The facts, and the size as it is shown."""

    facts: PhotoFacts
    width: int | None
    height: int | None


def film_facts(path: str, *sidecars: str | None) -> FilmFacts:
    """Read what a film says; what the XMP files that belong to it say goes first.

    Raises:
        NotFound, TimedOut, Unprocessable: as `media.probe.probe`.
    """
    size = media_size(path)
    with opened(path, limit_s=PROBE_LIMIT_S, is_quick=True) as container:
        probe = describe(path, container, size)
        metadata = {str(name).lower(): str(value) for name, value in container.metadata.items()}
        for stream in container.streams.video:
            for name, value in stream.metadata.items():
                metadata.setdefault(str(name).lower(), str(value))
    beside = sidecar_of(*sidecars)
    video = probe.main_video
    found = xmp.taken(beside) or taken(metadata)
    place = xmp.position(beside) or position(metadata)
    facts = PhotoFacts(
        width=video.width if video else None,
        height=video.height if video else None,
        orientation=TURNS.get(video.rotation) if video else None,
        clock_ms=found.clock_ms if found else None,
        offset_min=found.offset_min if found else None,
        is_utc=found.is_utc if found else False,
        zone=zone_of(place),
        make=_first(metadata, f"{APPLE}make", f"{ANDROID}manufacturer", "make"),
        model=_first(metadata, f"{APPLE}model", f"{ANDROID}model", "model"),
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        description=_description(beside, metadata),
        rating=xmp.rating(beside),
        fps=round(video.frame_rate, 3) if video and video.frame_rate else None,
        content_id=_first(metadata, f"{APPLE}content.identifier"),
        duration_ms=probe.duration_ms,
        keywords=xmp.keywords(beside),
    )
    return FilmFacts(facts, *_shown(video))


def _description(beside: xmp.Xmp, metadata: Mapping[str, str]) -> str:
    if xmp.says(beside, DESCRIPTION_FIELDS):
        return xmp.description(beside) or ""
    return _first(metadata, f"{APPLE}description", "description") or ""


def taken(metadata: Mapping[str, str]) -> Moment | None:
    """When it was taken: Apple's clock knows its zone, that of the container is UTC (photos §8.2)."""
    apple = moment(metadata.get(f"{APPLE}creationdate"))
    if apple is not None:
        return apple
    created = moment(metadata.get("creation_time"))
    if created is None or created.clock_ms < UNSET_MS:
        return None
    return Moment(created.clock_ms, 0, is_utc=True)


def position(metadata: Mapping[str, str]) -> tuple[float, float] | None:
    """Degrees north and east of "+41.2203-096.0716+300.5/"."""
    for name in (f"{APPLE}location.iso6709", "location", "location-eng"):
        found = ISO6709.fullmatch(metadata.get(name, "").strip())
        if found is not None:
            return on_globe(float(found[1]), float(found[2]))
    return None


def _first(metadata: Mapping[str, str], *names: str) -> str | None:
    return next((found for name in names if (found := text(metadata.get(name)))), None)


def _shown(video: VideoStream | None) -> tuple[int | None, int | None]:
    """Width and height on a screen, in square pixels."""
    if video is None:
        return None, None
    across, _, down = video.sar.partition(":")
    ratio = int(across) / int(down) if across.isdecimal() and down.isdecimal() and int(down) and int(across) else 1.0
    width, height = (
        (round(video.width * ratio), video.height) if ratio >= 1 else (video.width, round(video.height / ratio))
    )
    return (height, width) if video.rotation in {90, 270} else (width, height)
