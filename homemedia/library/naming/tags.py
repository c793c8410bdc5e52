"""Release tags: the words that tell of a copy (1080p, BluRay, x264) and not of the film.

Strong tags say so wherever they stand; weak ones ("web", "extended", "german") are also words of titles and count only
among strong ones or after a year.
"""

import re

# `PROPER` is a tag in capitals only, so that "A Proper Guest" keeps its name.
# Not inside a word or number; an underscore separates here, unlike in `\b`.
HEAD, TAIL = r"(?<![^\W_])", r"(?![^\W_])"

STRONG = re.compile(
    HEAD
    + r"""(?:
    (?:480|540|576|720|1080|1440|2160|4320)[pi] | [48]k | uhd | \d{3,4}x\d{3,4}
    | blu-?ray | (?:bd|br|dvd|hd)-?rip | remux | web-?dl | web-?rip | hdtv | pdtv
    | [xh][. ]?26[45] | hevc | xvid | divx | 10-?bit | hdr(?:10(?:\+|plus)?)? | dovi
    | e?-?ac-?3 | aac(?:[ ]?\d[. ]\d)? | dts(?:-?hd)? | truehd | atmos | ddp?\+?[ ]?[257][. ][01] | flac
    | hsbs | htab | 3d | (?-i:PROPER) | repack
    )"""
    + TAIL,
    re.IGNORECASE | re.VERBOSE,
)

LANGUAGE_TAGS = """
    arabic chinese czech danish deutsch dutch english espanol estonian finnish flemish francais french german greek
    hebrew hindi hungarian icelandic italian ita japanese korean latino nordic norwegian polish portuguese romanian
    russian spanish swedish tamil telugu thai turkish ukrainian vietnamese
    eng ger deu fre fra spa esp castellano jpn kor rus pol dan nor swe fin nld por vff vfq vf2 vf vo vost vostfr
    truefrench subfrench
"""
WEAK_TAGS = """
    web proper ts tc cam telesync telecine workprint screener scr dvdscr r5 dc multi limited internal custom se ee
    extended unrated uncut uncensored imax dvd dvd5 dvd9 sub subs subbed subtitles multisubs complete dubbed dub
    dl ml dual audio md ld mp3 ogg opus vorbis mp4 avc av1 vp9 mpeg2 vc1 hd fhd sd sdtv hq lq hi10p hi10 8bit
    12bit nvenc dsr vhsrip bd bdmv hdcam hdts satrip tvrip ppv nfo rerip retail remastered remaster restored
    theatrical directors cut final edition special ultimate collectors anniversary criterion open matte hybrid
    dv hlg sdr hfr nf amzn dsnp hulu hmax atvp pcok pmtp itunes ma ntsc pal fs ws widescreen fullscreen uhdtv
    bdremux hdlight
"""
WEAK = frozenset((LANGUAGE_TAGS + WEAK_TAGS).split())

WORD = re.compile(r"[^\s._\-\[\](){},+]+")
BRACKETED = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|\{[^{}]*\}")
HEIGHT = re.compile(HEAD + r"(?:(\d{3,4})[pi]|(\d{3,4})x(\d{3,4})|([48])k|(uhd))" + TAIL, re.IGNORECASE)


def first_strong(text: str, start: int = 0) -> re.Match[str] | None:
    """The first strong tag at or after `start` that is not the first word of the text."""
    for match in STRONG.finditer(text, start):
        if text[: match.start()].strip(" ._-[({"):
            return match
    return None


def has_strong(text: str) -> bool:
    """Whether a strong tag stands anywhere in the text."""
    return STRONG.search(text) is not None


def is_weak(word: str) -> bool:
    """Whether a single word is a tag among other tags."""
    return word.lower() in WEAK


def is_tags(text: str) -> bool:
    """Whether the text is nothing but tags, strong or weak; false when it holds no word at all."""
    words = WORD.findall(STRONG.sub(" ", text))
    return all(is_weak(word) for word in words) and (bool(words) or has_strong(text))


def without_tag_brackets(text: str) -> str:
    """The text minus those bracket groups that hold only tags: `Green Hood [Multi-Subs]` becomes `Green Hood `."""
    if "[" not in text and "(" not in text and "{" not in text:
        return text
    return BRACKETED.sub(lambda match: " " if is_tags(match[0][1:-1]) else match[0], text)


def height_in(text: str) -> int:
    """The picture height a label speaks of, in lines; 0 when it speaks of none."""
    best = 0
    for match in HEIGHT.finditer(text):
        if match[1] or match[3]:
            best = max(best, int(match[1] or match[3]))
        else:
            best = max(best, 4320 if match[4] == "8" else 2160)
    return best
