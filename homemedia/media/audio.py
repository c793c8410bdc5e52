"""What sound files say of themselves: tags by tinytag, what it cannot read (and all facts of the sound) by PyAV.

Loaded in the worker only. tinytag keeps several artists apart where PyAV joins them with `;`; WavPack, APE, Matroska
and raw AAC it does not know. Nothing is concluded here: who an album's artist is, is decided in `library.naming.music`.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from av.container import InputContainer
from tinytag import TinyTag, TinyTagException

from homemedia.core.problems import AppError, Unprocessable
from homemedia.media.models import AudioResult, AudioTags, Probe, ProbeRequest
from homemedia.media.probe import describe, media_size, opened

# tinytag reads these; for all others its look at the first bytes would cost a second opening for nothing.
TAGGED = (
    *(".mp3", ".ogg", ".oga", ".opus", ".wav", ".flac", ".wma", ".m4a", ".m4b", ".mp4", ".aif", ".aiff"),
    *(".mp2", ".spx", ".asf"),
)
MAX_TEXT = 500
MAX_VALUES = 50
MAX_NUMBER = 9999
FIRST_YEAR, LAST_YEAR = 1000, 2200
# Opus counts its gain against -23 LUFS in steps of 1/256 dB (RFC 7845, 5.2.1), everything else against -18.
R128_STEPS, R128_OFFSET_DB = 256, 5.0
GAIN_LIMIT_DB, PEAK_LIMIT = 60.0, 32.0

# Our fields by the names that tinytag, ffmpeg, Picard, Kodi and foobar2000 give them, the best first.
NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title",),
    "artist": ("artist", "artists", "author"),
    "album": ("album",),
    "album_artist": ("albumartist", "album_artist", "album artist", "albumartists"),
    "date": ("year", "date", "originaldate", "originalyear", "tdor", "tdrl", "wm/year"),
    "genre": ("genre",),
    "composer": ("composer",),
    "compilation": ("compilation", "tcmp", "cpil", "tcp", "wm/iscompilation", "itunescompilation"),
    "label": ("label", "organization", "publisher", "recordlabel"),
    "track": ("track", "tracknumber", "wm/tracknumber"),
    "track_total": ("track_total", "tracktotal", "totaltracks"),
    "disc": ("disc", "discnumber", "wm/partofset"),
    "disc_total": ("disc_total", "disctotal", "totaldiscs"),
    "sort_artist": ("artistsort", "artist-sort", "sort_artist", "tsop", "soar"),
    "sort_album_artist": ("albumartistsort", "album_artist-sort", "sort_album_artist", "tso2", "soaa"),
    "mb_track": ("musicbrainz_trackid", "musicbrainz track id"),
    "mb_album": ("musicbrainz_albumid", "musicbrainz album id"),
    "mb_artist": ("musicbrainz_artistid", "musicbrainz artist id"),
    "mb_album_artist": ("musicbrainz_albumartistid", "musicbrainz album artist id"),
    "gain_track": ("replaygain_track_gain",),
    "peak_track": ("replaygain_track_peak",),
    "gain_album": ("replaygain_album_gain",),
    "peak_album": ("replaygain_album_peak",),
    "r128_track": ("r128_track_gain",),
    "r128_album": ("r128_album_gain",),
}
_FIELD_OF = {name: (field, rank) for field, names in NAMES.items() for rank, name in enumerate(names)}
# Several people in one field: only what tools write between them; `&` and `/` belong to names.
_SEVERAL = re.compile(r"\s*[;\0]\s*")
_NUMBER = re.compile(r"\s*(\d{1,9})(?:\s*(?:/|of)\s*(\d{1,9}))?")
_DECIMAL = re.compile(r"\s*([+-]?\d+(?:[.,]\d+)?)")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
Raw = Mapping[str, Sequence[str]]


def read_many(requests: Sequence[ProbeRequest]) -> list[AudioResult]:
    """Read sound files one after the other; one result each, in order, whatever they are."""
    results = []
    for request in requests:
        try:
            tags, probe = read_audio(request.path, limit_s=request.limit_s)
            results.append(AudioResult(path=request.path, tags=tags, probe=probe))
        except AppError as err:
            results.append(AudioResult(path=request.path, code=err.code, error=err.message))
    return results


def read_audio(path: str, *, limit_s: float) -> tuple[AudioTags, Probe]:
    """What a sound file says of itself, and the facts of its sound.

    Args:
        path: of a file.
        limit_s: for each wait on the disk.

    Raises:
        NotFound: `file_missing`.
        TimedOut: `timeout`: the disk does not answer.
        Unprocessable: `empty_file`; `not_media`; `no_sound`; `probe_failed`: sound once, but damaged.
    """
    size = media_size(path)
    with opened(path, limit_s=limit_s, is_quick=True) as container:
        probe = describe(path, container, size)
        said = _of_container(container)
    if not probe.audio:
        code = "no_sound" if probe.video else "probe_failed"
        raise Unprocessable("There is no sound in this file that could be played.", code=code)
    tagged = _of_tinytag(path)
    return tags_of(tagged, said, has_cover=probe.cover_track is not None), probe


def tags_of(best: Raw, second: Raw, *, has_cover: bool = False) -> AudioTags:
    """Tags from values by field of `NAMES`; a field that the first source does not speak of is the second's. Pure.

    Args:
        best: several values stand as several here.
        second: the same file read by another; several values may be joined by `;`.
        has_cover: a picture lies inside.
    """
    found = {**second, **{field: values for field, values in best.items() if values}}

    def first(field: str) -> str | None:
        return next(iter(_texts(found.get(field, ()))), None)

    def several(field: str) -> tuple[str, ...]:
        parts = (part for value in found.get(field, ()) for part in _SEVERAL.split(value))
        return tuple(dict.fromkeys(_texts(parts)))[:MAX_VALUES]

    track, track_total = _numbers(first("track"), first("track_total"))
    disc, disc_total = _numbers(first("disc"), first("disc_total"))
    date = first("date")
    gain_track, gain_album = (
        _r128(first(f"r128_{kind}")) if (said := _decibel(first(f"gain_{kind}"), limit=GAIN_LIMIT_DB)) is None else said
        for kind in ("track", "album")
    )
    return AudioTags(
        title=first("title"),
        artists=several("artist"),
        album=first("album"),
        album_artists=several("album_artist"),
        date=date,
        year=_year(date),
        track=track,
        track_total=track_total,
        disc=disc,
        disc_total=disc_total,
        genres=several("genre"),
        composers=several("composer"),
        is_compilation=(first("compilation") or "").casefold() in {"1", "true", "yes"},
        label=first("label"),
        gain_track_db=gain_track,
        gain_track_peak=_peak(first("peak_track")),
        gain_album_db=gain_album,
        gain_album_peak=_peak(first("peak_album")),
        has_cover=has_cover,
        sort_artist=first("sort_artist"),
        sort_album_artist=first("sort_album_artist"),
        mb_track=first("mb_track"),
        mb_album=first("mb_album"),
        mb_artists=several("mb_artist"),
        mb_album_artists=several("mb_album_artist"),
    )


def by_field(pairs: Iterable[tuple[str, Sequence[str]]]) -> dict[str, list[str]]:
    """Values by our own names of fields, those of the best name alone; names we have no use for are left out."""
    found: dict[str, tuple[int, list[str]]] = {}
    for name, values in pairs:
        field, rank = _FIELD_OF.get(name.casefold(), ("", 0))
        if not field or not values:
            continue
        known = found.get(field)
        if known is None or rank < known[0]:
            found[field] = (rank, list(values))
    return {field: values for field, (_, values) in found.items()}


def _of_container(container: InputContainer) -> dict[str, list[str]]:
    """What PyAV read; Ogg keeps it on the stream instead of the container."""
    pairs = [*container.metadata.items()]
    pairs += [pair for stream in container.streams.audio for pair in stream.metadata.items()]
    return by_field((name, [value]) for name, value in pairs)


def _of_tinytag(path: str) -> dict[str, list[str]]:
    """What tinytag read; nothing of formats it does not know and of files it stumbles over."""
    if not path.lower().endswith(TAGGED):
        return {}
    try:
        tag = TinyTag.get(path, duration=False)
    except (TinyTagException, OSError):
        # It turns every mistake of its own into a `ParseError`; the sound may be whole, so PyAV has the word.
        return {}
    return by_field(_pairs(tag))


def _pairs(tag: TinyTag) -> Iterator[tuple[str, list[str]]]:
    plain: dict[str, str | int | None] = {
        name: getattr(tag, name)
        for name in (
            *("title", "artist", "album", "albumartist", "year", "genre", "composer"),
            *("track", "track_total", "disc", "disc_total"),
        )
    }
    for name, value in plain.items():
        if value not in (None, ""):
            yield name, [str(value), *tag.other.get(name, ())]
    for name, values in tag.other.items():
        if name not in plain:
            yield name.removeprefix("_"), values


def _texts(values: Iterable[str]) -> Iterator[str]:
    """Values as one clean line each: no controls, no halves of characters, no endless length; empty ones left out."""
    for value in values:
        printable = "".join(letter if letter.isprintable() else " " for letter in value[: MAX_TEXT * 2])
        line = " ".join(printable.encode("utf-8", "ignore").decode("utf-8").split())[:MAX_TEXT].strip()
        if line:
            yield line


def _numbers(number: str | None, total: str | None) -> tuple[int | None, int | None]:
    """`3`, `03/12` and `3 of 12`: number and total, each None when it is no number above 0."""
    match = _NUMBER.match(number or "")
    of = _NUMBER.match(total or "")
    return _above_zero(match[1] if match else None), _above_zero(of[1] if of else match[2] if match else None)


def _above_zero(digits: str | None) -> int | None:
    value = int(digits or 0)
    return value if 0 < value <= MAX_NUMBER else None


def _year(date: str | None) -> int | None:
    match = _YEAR.search(date or "")
    return int(match[1]) if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR else None


def _decibel(text: str | None, *, limit: float) -> float | None:
    """`-6.20 dB` as a number; None when it is none or beyond the believable."""
    match = _DECIMAL.match(text or "")
    if match is None:
        return None
    value = float(match[1].replace(",", "."))
    return value if math.isfinite(value) and abs(value) <= limit else None


def _peak(text: str | None) -> float | None:
    value = _decibel(text, limit=PEAK_LIMIT)
    return value if value is not None and value >= 0 else None


def _r128(text: str | None) -> float | None:
    """A gain of Opus in dB against -18 LUFS.

    Source:
        RFC 7845, 5.2.1.
    """
    steps = _decibel(text, limit=32768)
    return None if steps is None else round(steps / R128_STEPS + R128_OFFSET_DB, 2)
