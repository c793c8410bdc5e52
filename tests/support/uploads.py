"""Sends files as the photo API's clients do."""

import hashlib
import io
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from aiohttp import FormData
from aiohttp.test_utils import TestClient

MARCH = "2024-03-05T10:00:00.000Z"
MARCH_MS = 1_709_632_800_000


async def sent(
    client: TestClient[Any, Any],
    content: bytes,
    name: str = "IMG_1.jpg",
    *,
    is_file_first: bool = False,
    headers: Mapping[str, str] | None = None,
    sidecar: bytes | None = None,
    **fields: str,
) -> tuple[int, Any]:
    """Upload a file; status and answer. `fields` are further parts, also instead of the usual date."""
    form = FormData(quote_fields=False)
    given = {"fileCreatedAt": MARCH, "fileModifiedAt": MARCH} | fields
    if is_file_first:
        form.add_field("assetData", io.BytesIO(content), filename=name, content_type="application/octet-stream")
    for field, value in given.items():
        form.add_field(field, value)
    if not is_file_first:
        form.add_field("assetData", io.BytesIO(content), filename=name, content_type="application/octet-stream")
    if sidecar is not None:
        form.add_field("sidecarData", sidecar, filename=f"{name}.xmp")
    async with client.post("/api/assets", data=form, headers=headers) as answer:
        return answer.status, await answer.json()


async def uploaded(client: TestClient[Any, Any], content: bytes, name: str = "IMG_1.jpg", **more: Any) -> str:
    """Upload a file that is new; its id."""
    status, body = await sent(client, content, name, **more)
    assert (status, body["status"]) == (201, "created"), body
    return str(body["id"])


def hex_sum(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def base64_sum(content: bytes) -> str:
    return b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()
