"""Speaks with TMDb (API v3): one session, polite, with a memory of seven days. Knows no items.

The key travels in the query (v3 keys, as TMDb wants it) or in a header (v4 tokens), only to the address that the
settings name: redirects are not followed, and no error or log line of ours holds an address with its query.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import aiohttp
import msgspec

from homemedia.core.clock import Clock
from homemedia.core.http.client import Client
from homemedia.core.threads import Lane
from homemedia.library.tmdb.pace import Pace
from homemedia.library.tmdb.problems import KeyRefused, NotConfigured, NotThere, RateLimited, Unreachable
from homemedia.library.tmdb.shelf import Shelf

_log = logging.getLogger(__name__)

Kind = Literal["movie", "tv"]
Answer = dict[str, Any]
DAY_MS = 24 * 3600 * 1000
ANSWERS_LAST_MS = 7 * DAY_MS
# An answer on a film takes 10 to 100 KB.
ANSWERS_LIMIT_BYTES = 256 << 20
MAX_ANSWER_BYTES = 8 << 20
MAX_PICTURE_BYTES = 20 << 20
LIMIT = aiohttp.ClientTimeout(total=30.0, sock_connect=8.0, sock_read=15.0)
TRIES = 3
WAIT_S = 0.5
LONGEST_HOLD_S = 300
CHUNK = 64 << 10
V3_KEY = re.compile(r"[0-9a-fA-F]{32}")
PICTURE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,119}\.(?:jpg|jpeg|png|webp)", re.ASCII)
APPENDED = {
    "movie": "credits,release_dates,alternative_titles,translations,images,external_ids",
    "tv": "aggregate_credits,content_ratings,alternative_titles,translations,images,external_ids",
}


class TmdbClient(Client):
    """An async context manager.

    Args:
        url: of the API, without a slash at the end.
        image_url: of the pictures, before their size.
        folder: where answers are kept.
        clock: how old they are.
        secret: the key in this moment; None when there is none.
        pace: how fast to ask; tests turn their own.
        sleep: waits so many seconds between tries.
    """

    def __init__(
        self,
        *,
        url: str,
        image_url: str,
        folder: Path,
        clock: Clock,
        secret: Callable[[], str | None],
        pace: Pace | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        super().__init__(Lane("tmdb", 1))
        self._url = url.rstrip("/")
        self._image_url = image_url.rstrip("/")
        self._clock = clock
        self._secret = secret
        self._pace = pace or Pace()
        self._sleep = sleep
        self._shelf = Shelf(folder, limit_bytes=ANSWERS_LIMIT_BYTES, lasts_ms=ANSWERS_LAST_MS)

    async def search(
        self, kind: Kind, title: str, *, year: int | None, language: str, is_patient: bool = True
    ) -> list[Answer]:
        """The first page of what TMDb finds, at most 20, its own order.

        Raises:
            NotConfigured, KeyRefused, Unreachable, RateLimited: see `problems`; so do all other methods.
        """
        asked = {"query": title, "language": language, "include_adult": "false", "page": "1"}
        if year is not None:
            asked["primary_release_year" if kind == "movie" else "first_air_date_year"] = str(year)
        answer = await self._known(f"/search/{kind}", asked, is_patient=is_patient)
        return _list(answer, "results")

    async def details(
        self, kind: Kind, tmdb_id: int, *, language: str, is_fresh: bool = False, is_patient: bool = True
    ) -> Answer:
        """A film or show with people, ratings, other titles, translations, pictures and ids.

        Args:
            kind: of the thing.
            tmdb_id: its number.
            language: BCP 47.
            is_fresh: ask even when an answer is remembered.
            is_patient: wait when TMDb wants to be asked later.

        Raises:
            NotThere: it has no such number.
        """
        asked = {
            "language": language,
            "append_to_response": APPENDED[kind],
            "include_image_language": ",".join(dict.fromkeys([language[:2].lower(), "en", "null"])),
        }
        return await self._known(f"/{kind}/{tmdb_id}", asked, is_fresh=is_fresh, is_patient=is_patient)

    async def season(
        self,
        tmdb_id: int,
        number: int,
        *,
        language: str,
        lasts_ms: int = ANSWERS_LAST_MS,
        is_patient: bool = True,
    ) -> Answer:
        """A season of a show with all its episodes; an answer older than `lasts_ms` is not enough.

        Raises:
            NotThere: the show has no such season.
        """
        path = f"/tv/{tmdb_id}/season/{number}"
        return await self._known(path, {"language": language}, lasts_ms=lasts_ms, is_patient=is_patient)

    async def find(
        self, kind: Kind, external_id: str, *, source: Literal["imdb_id", "tvdb_id"], is_patient: bool = True
    ) -> int | None:
        """The number of what another database calls so; None when TMDb does not know it."""
        answer = await self._known(f"/find/{external_id}", {"external_source": source}, is_patient=is_patient)
        found = _list(answer, f"{kind}_results")
        number = found[0].get("id") if found else None
        return number if isinstance(number, int) else None

    async def check(self, secret: str) -> None:
        """Ask TMDb whether it takes a key.

        Raises:
            KeyRefused: it does not.
        """
        await self._ask("/authentication", {}, secret, is_patient=False)

    async def picture(self, size: str, name: str, *, is_patient: bool = True) -> bytes:
        """The bytes of a picture in one of TMDb's sizes (`w342`, `original`).

        Raises:
            NotThere: it is gone.
            NotConfigured: without a key nobody there is asked for anything.
        """
        if self._secret() is None:
            raise NotConfigured
        if not PICTURE_NAME.fullmatch(name):
            raise NotThere
        return await self._bytes(f"{self._image_url}/{size}/{name}", {}, {}, MAX_PICTURE_BYTES, is_patient=is_patient)

    # Answers

    async def _known(
        self,
        path: str,
        asked: Mapping[str, str],
        *,
        is_fresh: bool = False,
        lasts_ms: int = ANSWERS_LAST_MS,
        is_patient: bool,
    ) -> Answer:
        secret = self._secret()
        if secret is None:
            raise NotConfigured
        name = f"{self._url}{path}?" + "&".join(f"{key}={value}" for key, value in sorted(asked.items()))
        if not is_fresh:
            kept = await self._lane.run(self._shelf.get, name, self._clock.now_ms())
            if kept is not None and kept[1] < lasts_ms:
                return _decoded(kept[0])
        body = await self._ask(path, asked, secret, is_patient=is_patient)
        answer = _decoded(body)
        try:
            await self._lane.run(self._shelf.put, name, body, self._clock.now_ms())
        except OSError as err:
            # A full disk must not keep a film from being recognised.
            _log.warning("an answer of TMDb cannot be kept: %s", err.strerror)
        return answer

    async def _ask(self, path: str, asked: Mapping[str, str], secret: str, *, is_patient: bool) -> bytes:
        query, headers = dict(asked), {"Accept": "application/json"}
        if V3_KEY.fullmatch(secret):
            query["api_key"] = secret
        else:
            headers["Authorization"] = f"Bearer {secret}"
        body = await self._bytes(f"{self._url}{path}", query, headers, MAX_ANSWER_BYTES, is_patient=is_patient)
        _decoded(body)
        return body

    async def _bytes(
        self, url: str, query: Mapping[str, str], headers: Mapping[str, str], most: int, *, is_patient: bool
    ) -> bytes:
        """One answer, tried again where that may help."""
        held = tries = 0
        while True:
            async with self._pace.turn(is_patient=is_patient):
                found = await self._once(url, query, headers, most)
            if isinstance(found, bytes):
                return found
            if found.status == 429:
                held += 1
                self._pace.hold(found.wait_s)
                if not is_patient or held > TRIES or found.wait_s > LONGEST_HOLD_S:
                    raise RateLimited(found.wait_s)
                continue
            tries += 1
            if found.is_final or tries >= TRIES:
                raise Unreachable(f"TMDb answers {found.status}." if found.status else "TMDb breaks off.")
            await self._sleep(WAIT_S * tries)

    async def _once(self, url: str, query: Mapping[str, str], headers: Mapping[str, str], most: int) -> "bytes | _No":
        try:
            async with self.session.get(url, params=query, headers=headers, allow_redirects=False) as answer:
                if answer.status == 200:
                    return await _read(answer, most)
                if answer.status == 401:
                    raise KeyRefused
                if answer.status == 404:
                    raise NotThere
                return _No(answer.status, _retry_after_s(answer))
        except TimeoutError:
            raise Unreachable("TMDb does not answer in time.") from None
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as err:
            # Without the cause's own words: they may hold the address with the key.
            _log.info("TMDb cannot be reached: %s", type(err).__name__)
            raise Unreachable("TMDb cannot be reached.") from None
        except (aiohttp.ClientError, OSError) as err:
            _log.info("TMDb breaks off: %s", type(err).__name__)
            return _No(0, 1)

    def _options(self) -> dict[str, Any]:
        return {"timeout": LIMIT}


class _No(msgspec.Struct, frozen=True):
    """An answer that is none; status 0 when the connection broke."""

    status: int
    wait_s: int

    @property
    def is_final(self) -> bool:
        return 0 < self.status < 500


async def _read(answer: aiohttp.ClientResponse, most: int) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_chunked(CHUNK):
        body += chunk
        if len(body) > most:
            raise Unreachable("TMDb answers more than it ever does.")
    return bytes(body)


def _retry_after_s(answer: aiohttp.ClientResponse) -> int:
    text = answer.headers.get("Retry-After", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _decoded(body: bytes) -> Answer:
    """The object an answer holds.

    Raises:
        Unreachable: it holds none: a hotel's network or a broken proxy answers in TMDb's place.
    """
    try:
        answer = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        answer = None
    if not isinstance(answer, dict):
        raise Unreachable("Something else answers in TMDb's place.")
    return answer


def _list(answer: Answer, name: str) -> list[Answer]:
    found = answer.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
