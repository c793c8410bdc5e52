"""What an administrator may choose for the feed: how long clips stay, how large they are, which Shortcut sends them.

Pure rules (clips §7.1). What is left out is refused: a limit is lifted by saying null, never by a word forgotten.
"""

import re
from typing import TypeGuard

from homemedia.core.problems import BadRequest

RETENTION_DAYS = (7, 14, 30, 60, 90)
FILE_SIZES_MB = (25, 50, 100, 200, 500, 750, 1000)
# A pebibyte: more than any disk at home, and far from what SQLite counts in.
MOST_STORAGE_MB = 1 << 30
# As Apple hands them out, and nothing else: every member is led there.
SHORTCUT = re.compile(r"https://www\.icloud\.com/shortcuts/[0-9a-f]{32}/?", re.ASCII | re.IGNORECASE)


def retention_days(value: object) -> int | None:
    """After how many days clips go; None for never.

    Raises:
        BadRequest: it is none of the choices.
    """
    return _one_of(value, RETENTION_DAYS, "retentionDays", "retention")


def file_size_mb(value: object) -> int | None:
    """How large one clip may be, in MiB; None for any size.

    Raises:
        BadRequest: it is none of the choices.
    """
    return _one_of(value, FILE_SIZES_MB, "maxFileSizeMb", "file size")


def storage_mb(value: object) -> int | None:
    """How much all clips together may take, in MiB; None for as much as the disk holds.

    Raises:
        BadRequest: it is no whole number above nought.
    """
    if value is None:
        return None
    if not _is_whole(value) or not 1 <= value <= MOST_STORAGE_MB:
        raise BadRequest("Invalid storage limit: a number of megabytes or null is needed.", field="maxStorageMb")
    return value


def shortcut_url(value: object) -> str | None:
    """The address of a ready Shortcut; None for none.

    Raises:
        BadRequest: it is no Shortcut's address at iCloud.
    """
    if value is None or value == "":
        return None
    if not isinstance(value, str) or SHORTCUT.fullmatch(value.strip()) is None:
        raise BadRequest(
            "Invalid Shortcut link: it must look like https://www.icloud.com/shortcuts/ and 32 letters and digits.",
            field="shortcutUrl",
        )
    return value.strip()


def _one_of(value: object, choices: tuple[int, ...], field: str, called: str) -> int | None:
    if value is None:
        return None
    if not _is_whole(value) or value not in choices:
        named = ", ".join(str(choice) for choice in choices)
        raise BadRequest(f"Invalid {called}: one of {named} or null is needed.", field=field)
    return value


def _is_whole(value: object) -> TypeGuard[int]:
    # true is 1 to Python.
    return isinstance(value, int) and not isinstance(value, bool)
