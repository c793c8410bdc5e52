"""Subtitle files beside videos: whose they are, in which language, and what for."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from homemedia.library.naming.languages import language_of
from homemedia.library.naming.shows import compose
from homemedia.library.naming.stacks import split_name

SUBTITLE_EXTENSIONS = frozenset({"srt", "ass", "ssa", "vtt", "sub", "idx", "sup", "smi"})
BITMAP_EXTENSIONS = frozenset({"idx", "sup"})
FOLDERS = frozenset({"subs", "subtitles"})

FORCED = frozenset({"forced", "foreign"})
HEARING_IMPAIRED = frozenset({"sdh", "cc"})
NUMBER_IN_FRONT = re.compile(r"\d{1,4}_")
PIECES = re.compile(r"[ _\-\[\](){}]+")


class Subtitle(msgspec.Struct, frozen=True, kw_only=True):
    """A subtitle of a video in a file of its own."""

    video: str
    files: tuple[str, ...]
    """One path; for VobSub two, the `.idx` first."""
    language: str
    """Shortest BCP 47 tag, `und` when the name says none."""
    title: str | None = None
    is_forced: bool = False
    is_default: bool = False
    is_hearing_impaired: bool = False
    is_bitmap: bool = False

    @property
    def flags(self) -> str:
        """The flags as words with blanks between: `forced default sdh`."""
        told = (("forced", self.is_forced), ("default", self.is_default), ("sdh", self.is_hearing_impaired))
        return " ".join(word for word, is_set in told if is_set)


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """What the words behind a video's name say."""

    language: str = "und"
    title: str | None = None
    is_forced: bool = False
    is_default: bool = False
    is_hearing_impaired: bool = False


def find_subtitles(videos: Sequence[str], files: Iterable[str]) -> list[Subtitle]:
    """The subtitles of the videos of one folder.

    Args:
        videos: file names of the folder's videos.
        files: other paths below that folder, '/' between parts; `Subs/…` and `Subs/<stem>/…` are looked into.

    Returns:
        One entry per subtitle, in order of the paths; files that belong to no video are left out.

    Source:
        Watch contract 5.5.
    """
    stems = {compose(split_name(video)[0]).casefold(): video for video in reversed(videos)}
    found: list[tuple[str, str, str, Tokens]] = []
    for path in sorted(files):
        stem, extension = split_name(path)
        if extension not in SUBTITLE_EXTENSIONS:
            continue
        if belonging := _belonging(path.split("/")[:-1], compose(stem), stems):
            found.append((belonging[0], path, extension, belonging[1]))
    return _paired(found)


def read_tokens(words: str, *, is_free: bool = False) -> Tokens:
    """What dot-separated words say of a subtitle.

    Args:
        words: `en.forced`, without the video's name and the dot behind it.
        is_free: whether the words follow no rule, so that blanks, dashes and brackets separate too.
    """
    tokens = [token.strip() for token in words.split(".") if token.strip()]
    if is_free:
        tokens = [piece for token in tokens for piece in _pieces(token)]
    languages = [language_of(token) if token.casefold() != "hi" else None for token in tokens]
    spoken = max((place for place, language in enumerate(languages) if language), default=None)
    title: list[str] = []
    is_forced = is_default = is_impaired = False
    hindi = None
    for place, token in enumerate(tokens):
        word = token.casefold()
        if word in FORCED:
            is_forced = True
        elif word == "default":
            is_default = True
        elif word in HEARING_IMPAIRED or (word == "hi" and (spoken is not None or hindi)):
            is_impaired = True
        elif word == "hi":
            hindi = "hi"
        elif place != spoken:
            title.append(token)
    language = languages[spoken] if spoken is not None else hindi
    return Tokens(
        language=language or "und",
        title=" ".join(title) or None,
        is_forced=is_forced,
        is_default=is_default,
        is_hearing_impaired=is_impaired,
    )


def _belonging(folders: list[str], stem: str, stems: dict[str, str]) -> tuple[str, Tokens] | None:
    """The video a subtitle belongs to and what its name says; `stems` maps folded stems to videos."""
    own = _by_stem(stem, stems)
    if not folders:
        return own
    if folders[0].casefold() not in FOLDERS or len(folders) > 2:
        return None
    if len(folders) == 2:
        video = stems.get(compose(folders[1]).casefold())
        if video is None:
            return None
    elif len(stems) == 1:
        video = next(iter(stems.values()))
    else:
        return own
    return own if own and own[0] == video else (video, _free(stem))


def _by_stem(stem: str, stems: dict[str, str]) -> tuple[str, Tokens] | None:
    """The video with the longest name that the stem is, or goes on from behind a dot."""
    folded = stem.casefold()
    end = len(folded)
    while end > 0:
        if video := stems.get(folded[:end]):
            # Casefolding may change the length; the words are the same number of dots from the end.
            dots = folded[end:].count(".")
            return video, read_tokens(".".join(stem.split(".")[-dots:]) if dots else "")
        end = folded.rfind(".", 0, end)
    return None


def _free(stem: str) -> Tokens:
    return read_tokens(NUMBER_IN_FRONT.sub("", stem, count=1), is_free=True)


def _pieces(token: str) -> list[str]:
    """A free token as it is when it names a language, else split at everything that separates."""
    if language_of(token):
        return [token]
    return [piece for piece in PIECES.split(token) if piece]


def _paired(found: Sequence[tuple[str, str, str, Tokens]]) -> list[Subtitle]:
    """One subtitle per file, or per `.idx` with its `.sub`; an `.idx` alone is none."""
    by_base: dict[str, set[str]] = defaultdict(set)
    for _, path, extension, _ in found:
        by_base[path[: -len(extension)]].add(extension)
    exact = {path: None for _, path, _, _ in found}
    subtitles: list[Subtitle] = []
    for video, path, extension, tokens in found:
        base = path[: -len(extension)]
        is_pair = {"idx", "sub"} <= by_base[base]
        if extension == "idx" and not is_pair:
            continue
        if extension == "sub" and is_pair:
            continue
        files: tuple[str, ...] = (path,)
        if extension == "idx":
            other = next(known for known in exact if known[: -len("sub")] == base and known.lower().endswith("sub"))
            files = (path, other)
        subtitles.append(
            Subtitle(
                video=video,
                files=files,
                language=tokens.language,
                title=tokens.title,
                is_forced=tokens.is_forced,
                is_default=tokens.is_default,
                is_hearing_impaired=tokens.is_hearing_impaired,
                is_bitmap=extension in BITMAP_EXTENSIONS,
            )
        )
    return subtitles
