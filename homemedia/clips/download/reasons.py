"""Why there is no file: from what the downloader says to our short list. Pure.

The downloader knows a thousand sites, each with words of its own; what cannot be told apart is `other`.
"""

import errno
import re
from typing import Final

from homemedia.clips.download.models import DownloadRefused, RefusalCode
from homemedia.clips.reasons import reason_of

MIB: Final = 1 << 20
DISK_FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
# In this order: "private, sign in if you may see it" is private, and "not found: timed out" timed out.
_WORDS: Final[tuple[tuple[RefusalCode, str], ...]] = (
    ("disk_full", r"no space left on device|disk quota exceeded|not enough space on the disk"),
    ("timed_out", r"timed out|time-?out"),
    ("unavailable", r"\bprivate\b|\bremoved\b|\bdeleted\b|no longer (?:available|exists)|\bterminated\b"),
    (
        "login_needed",
        r"log[ -]?in|sign[ -]?in\b|cookies|registered users|\bage\b|members[- ]only|authenticat",
    ),
    (
        "unsupported",
        r"unsupported|no suitable extractor|no video (?:formats|could)|requested format|\bDRM\b|no media|live event",
    ),
    ("unsupported", r"there(?:'s| is) no video|is not a video|file:// urls are disabled"),
    ("unavailable", r"unavailable|n[o']t available|does(?:n't| not) exist|not found|blocked|geo[- ]?restrict"),
    ("unavailable", r"in your (?:country|region|location)|HTTP Error (?:403|404|410|451)"),
    ("login_needed", r"HTTP Error 401"),
)


def refusal(code: RefusalCode, *, max_bytes: int | None = None) -> DownloadRefused:
    """The refusal with its sentence; `max_bytes` is the limit it ran into."""
    return DownloadRefused(code, reason_of(code, max_bytes))


def code_of(words: str, error: BaseException | None = None) -> RefusalCode:
    """The cause as told by the downloader's words, and by the error that led to them, causes and all."""
    for one in _causes(error):
        if isinstance(one, OSError) and one.errno in DISK_FULL:
            return "disk_full"
        if isinstance(one, OSError) and one.errno == errno.EFBIG:
            return "too_large"
        if isinstance(one, TimeoutError):
            return "timed_out"
    return next((code for code, known in _WORDS if re.search(known, words, re.IGNORECASE)), "other")


def longest_s(max_bytes: int | None, *, is_music: bool) -> int | None:
    """Beyond which length a clip is not worth beginning; None without a limit.

    Source:
        Clips contract 4.1.4: 1.5 MiB a second for film, 100 KiB for sound, and half as much again.
    """
    if max_bytes is None:
        return None
    rate = 100 * 1024 if is_music else 1.5 * MIB
    return -(-int(max_bytes * 1.5) // int(rate))


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    waiting = [error]
    while waiting and len(found) < 20:
        one = waiting.pop()
        if one is None or one in found:
            continue
        found.append(one)
        # The downloader keeps what happened in attributes of its own, beside Python's.
        told = getattr(one, "exc_info", None)
        waiting += [one.__cause__, one.__context__, getattr(one, "cause", None), told[1] if told else None]
    return found
