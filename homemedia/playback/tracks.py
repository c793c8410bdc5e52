"""Which sound and which subtitles a film begins with. Pure.

Source:
    Watch contract 8.5.
"""

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from homemedia.media import AudioStream

Mode = Literal["none", "forced", "auto", "always"]


class Subtitle(msgspec.Struct, frozen=True, kw_only=True):
    """One choice of subtitles; `index` as the API counts: files beside the film first, then streams inside it.

    `track` is the stream's number, None for a file; `path` the file below the library's root.
    """

    index: int
    format: str
    is_text: bool
    track: int | None = None
    path: str | None = None
    language: str | None = None
    title: str | None = None
    is_forced: bool = False
    is_sdh: bool = False
    is_default: bool = False
    is_commentary: bool = False


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """What a member chose last for this film or show. `subtitle` None: none; `has_subtitle` False: never asked."""

    audio: str | None = None
    audio_title: str | None = None
    has_subtitle: bool = False
    subtitle: str | None = None
    subtitle_title: str | None = None
    forced_only: bool = False
    sdh: bool = False


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """What a member prefers everywhere, best language first."""

    audio_languages: tuple[str, ...] = ()
    subtitle_languages: tuple[str, ...] = ()
    subtitle_mode: Mode = "forced"


NO_PREFERENCES = Preferences()


def choose_audio(
    streams: Sequence[AudioStream],
    *,
    wanted: int | None = None,
    remembered: Remembered | None = None,
    preferences: Preferences = NO_PREFERENCES,
    can_copy: Callable[[AudioStream], bool] = lambda _stream: True,
) -> AudioStream | None:
    """The sound to play.

    Of twins, streams of one language, the first that need not be converted is taken, so that nothing is lost to a
    conversion that the file has already made.

    Args:
        streams: of the file, in its order.
        wanted: stream number asked for; it wins when the file has it.
        remembered: the member's last choice here.
        preferences: the member's languages.
        can_copy: whether the player takes a stream as it is.
    """
    asked = next((stream for stream in streams if stream.track == wanted), None)
    if asked is not None:
        return asked
    usual = [stream for stream in streams if not stream.commentary] or list(streams)
    if not usual:
        return None
    if remembered is not None and remembered.audio is not None:
        same = [stream for stream in usual if _speaks(stream.language, remembered.audio)]
        titled = [stream for stream in same if remembered.audio_title and stream.title == remembered.audio_title]
        if titled:
            return titled[0]
        if same:
            return _copyable(same, can_copy)
    for language in preferences.audio_languages:
        same = [stream for stream in usual if _speaks(stream.language, language)]
        if same:
            return _copyable(same, can_copy)
    first = next((stream for stream in usual if stream.default), usual[0])
    twins = [first, *(stream for stream in usual if stream is not first and stream.language == first.language)]
    return _copyable(twins, can_copy)


def _copyable(streams: Sequence[AudioStream], can_copy: Callable[[AudioStream], bool]) -> AudioStream:
    return next((stream for stream in streams if can_copy(stream)), streams[0])


def choose_subtitle(
    subtitles: Sequence[Subtitle],
    audio_language: str | None,
    *,
    wanted: int | Literal["none"] | None = None,
    remembered: Remembered | None = None,
    preferences: Preferences = NO_PREFERENCES,
) -> Subtitle | None:
    """The subtitles to show; None for none.

    Args:
        subtitles: those there are.
        audio_language: of the chosen sound.
        wanted: number asked for, or "none"; it wins when there is such a one.
        remembered: the member's last choice here.
        preferences: the member's languages and when he wants any.
    """
    if wanted == "none":
        return None
    asked = next((one for one in subtitles if one.index == wanted), None)
    if asked is not None:
        return asked
    usual = [one for one in subtitles if not one.is_commentary]
    if remembered is not None and remembered.has_subtitle:
        return _as_remembered(usual, remembered)
    return _as_preferred(usual, audio_language, preferences)


def _as_preferred(
    subtitles: Sequence[Subtitle], audio_language: str | None, preferences: Preferences
) -> Subtitle | None:
    mode = preferences.subtitle_mode
    if mode == "none":
        return None
    languages = preferences.subtitle_languages or preferences.audio_languages
    is_foreign = bool(languages) and not any(_speaks(audio_language, language) for language in languages)
    full = None
    if mode == "always" or (mode == "auto" and is_foreign):
        full = _first_in(subtitles, languages)
    if full is None and mode == "always":
        full = next((one for one in subtitles if not one.is_forced), None)
    forced = next((one for one in subtitles if one.is_forced and _speaks(one.language, audio_language)), None)
    return full or forced


def _as_remembered(subtitles: Sequence[Subtitle], remembered: Remembered) -> Subtitle | None:
    if remembered.subtitle is None:
        return None
    same = [one for one in subtitles if _speaks(one.language, remembered.subtitle)]
    same.sort(
        key=lambda one: (
            one.is_forced is not remembered.forced_only,
            one.title != remembered.subtitle_title,
            one.is_sdh is not remembered.sdh,
        )
    )
    if not same or (remembered.forced_only and not same[0].is_forced):
        return None
    return same[0]


def _first_in(subtitles: Sequence[Subtitle], languages: Sequence[str]) -> Subtitle | None:
    for language in languages:
        same = [one for one in subtitles if not one.is_forced and _speaks(one.language, language)]
        if same:
            return min(same, key=lambda one: one.is_sdh)
    return None


def _speaks(language: str | None, wanted: str | None) -> bool:
    """Whether a stream's language is the wanted one; `en-GB` is a kind of `en`, and either may say less."""
    if not language or not wanted:
        return False
    left, right = language.casefold(), wanted.casefold()
    return left == right or left.split("-")[0] == right.split("-")[0]
