"""The form of an upload: its fields in any order, its files on the way to the staging folder."""

import re
from contextlib import AsyncExitStack

import msgspec
from aiohttp import web

from homemedia.core.clock import Clock
from homemedia.core.http.multipart import Part, parts_of
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.problems import AppError, BadRequest, TooLarge
from homemedia.core.uploads import Received, Staging
from homemedia.photos.intake import Wish, clean_name, quota_exceeded, unsupported
from homemedia.photos.kinds import SIDECAR, ending_of, kind_of
from homemedia.photos.models import Visibility
from homemedia.photos.times import read_time

FILE = "assetData"
# What pages of links call it, where nothing else is said of it.
ALSO_FILE = "file"
SIDECAR_FILE = "sidecarData"
METADATA = "metadata"
SIDECAR_BYTES = 16 << 20
METADATA_BYTES = 1 << 20
_MAX_MS = (1 << 53) - 1
_CLOCK = re.compile(r"(\d{1,6}):([0-5]?\d):([0-5]?\d)(?:\.(\d{1,9}))?")


class Arrived(msgspec.Struct, frozen=True):
    """What a form brought, whole."""

    file: Received
    wish: Wish
    sidecar: Received | None


class _Item(msgspec.Struct, frozen=True):
    key: str
    value: msgspec.Raw


async def read_form(
    request: web.Request, staging: Staging, stack: AsyncExitStack, *, room: int | None, clock: Clock
) -> Arrived:
    """Receive an upload.

    Args:
        request: its body is not read yet.
        staging: where the files go.
        stack: the files stay until it is closed.
        room: bytes that may come; None for any number.
        clock: for uploads without a date.

    Raises:
        BadRequest: the form, a field, or `Unsupported file type …`.
        StorageFull, Unavailable: the disk refuses.
    """
    fields: dict[str, str] = {}
    metadata: list[str] = []
    files: dict[str, Received] = {}
    named = ""
    async for part in parts_of(request):
        if part.name in {FILE, ALSO_FILE} and FILE not in files:
            named = clean_name(part.filename)
            # What will be refused is not stored first; a file called "blob" may get its name from a field yet to come.
            if ending_of(name := clean_name(fields.get("filename") or named)) and kind_of(name) is None:
                raise unsupported(name)
            files[FILE] = await stack.enter_async_context(
                staging.receive(part.chunks(), limit=room, refusal=quota_exceeded())
            )
        elif part.name == SIDECAR_FILE and SIDECAR_FILE not in files:
            files[SIDECAR_FILE] = await _sidecar(part, staging, stack)
        elif part.name == METADATA:
            metadata.append(await part.text(limit=METADATA_BYTES))
        elif not part.filename:
            fields[part.name] = await part.text()
    if FILE not in files:
        raise _invalid(FILE, "Invalid input: expected file, received undefined")
    return Arrived(files[FILE], wish_of(fields, metadata, named=named, now=clock.now_ms()), files.get(SIDECAR_FILE))


def guest_wish(wish: Wish) -> Wish:
    """What somebody with a link may say of what he brings: its name and its times."""
    return Wish(
        name=wish.name,
        taken_at=wish.taken_at,
        modified_at=wish.modified_at,
        duration_ms=wish.duration_ms,
    )


async def _sidecar(part: Part, staging: Staging, stack: AsyncExitStack) -> Received:
    name = clean_name(part.filename)
    if ending_of(name) != SIDECAR:
        raise unsupported(name)
    refusal: AppError = TooLarge("The sidecar file is too large.")
    return await stack.enter_async_context(staging.receive(part.chunks(), limit=SIDECAR_BYTES, refusal=refusal))


def wish_of(fields: dict[str, str], metadata: list[str], *, named: str, now: int) -> Wish:
    """What the fields of an upload say; empty ones count as absent.

    Args:
        fields: by name.
        metadata: the parts of that name, each an item or a list of them.
        named: the name that came with the file.
        now: for an upload that names no date at all.

    Raises:
        BadRequest: a field holds what it cannot.
    """
    given = {name: value for name, value in fields.items() if value != ""}
    created = read_time(given["fileCreatedAt"], "fileCreatedAt") if "fileCreatedAt" in given else None
    modified = read_time(given["fileModifiedAt"], "fileModifiedAt") if "fileModifiedAt" in given else None
    first = next((at for at in (created, modified) if at is not None), now)
    live = given.get("livePhotoVideoId")
    return Wish(
        name=given.get("filename") or named,
        taken_at=first if created is None else created,
        modified_at=first if modified is None else modified,
        is_favorite=_flag(given, "isFavorite") or False,
        visibility=_visibility(given),
        duration_ms=_duration(given["duration"]) if "duration" in given else None,
        live_video_id=None if live is None else checked_uuid(live, "livePhotoVideoId"),
        device_asset_id=given.get("deviceAssetId", ""),
        device_id=given.get("deviceId", ""),
        metadata=_metadata(metadata),
    )


def _visibility(given: dict[str, str]) -> Visibility:
    named = given.get("visibility")
    archived, visible = _flag(given, "isArchived"), _flag(given, "isVisible")
    if named is not None:
        try:
            return Visibility(named)
        except ValueError:
            options = "|".join(f'"{one.value}"' for one in Visibility)
            raise _invalid("visibility", f"Invalid option: expected one of {options}") from None
    if visible is False:
        return Visibility.HIDDEN
    return Visibility.ARCHIVE if archived else Visibility.TIMELINE


def _flag(given: dict[str, str], field: str) -> bool | None:
    """The words true and false, in any case."""
    if field not in given:
        return None
    word = given[field].strip().lower()
    if word not in {"true", "false"}:
        raise _invalid(field, 'Invalid option: expected one of "true"|"false"')
    return word == "true"


def _duration(text: str) -> int | None:
    """Milliseconds, or "HH:MM:SS.ffffff"; None for nothing."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        number = int(text[:20])
    elif (match := _CLOCK.fullmatch(text)) is not None:
        hours, minutes, seconds, fraction = match.groups()
        number = ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(((fraction or "") + "000")[:3])
    else:
        raise _invalid("duration", "Invalid input: expected number, received string")
    if number > _MAX_MS:
        raise _invalid("duration", f"Too big: expected number to be <={_MAX_MS}")
    return number or None


def _metadata(parts: list[str]) -> dict[str, str]:
    """JSON text by key; of a key that comes twice the last counts."""
    found: dict[str, str] = {}
    for text in parts:
        if not text.strip():
            continue
        try:
            items = msgspec.json.decode(text, type=list[_Item] | _Item)
        except (msgspec.DecodeError, RecursionError):
            raise _invalid(METADATA, "Invalid input: expected array, received string") from None
        for item in items if isinstance(items, list) else [items]:
            found[item.key] = bytes(item.value).decode()
    return found


def _invalid(field: str, reason: str) -> BadRequest:
    return BadRequest("Validation failed", field=field, reason=reason)
