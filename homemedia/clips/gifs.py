"""Asks GIPHY for moving pictures, in the name of the house: clients never learn the key, nor GIPHY who searches.

The key travels only to the address that the settings name: redirects are not followed, and no error or log line of ours
holds an address with its query.
"""

import logging
import re
from collections.abc import Mapping
from typing import Any

import aiohttp
import msgspec

from homemedia.accounts import HouseholdChanged
from homemedia.clips.gifs_addresses import is_gif
from homemedia.clips.gifs_models import Gif, GiphyError, KeyRefused, KeyState, NotConfigured
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.client import Client
from homemedia.core.problems import Conflict
from homemedia.core.setting_store import put_setting, setting
from homemedia.core.threads import Lane

_log = logging.getLogger(__name__)

KEY = "clips.gif_key"
KEY_FORM = re.compile(r"[A-Za-z0-9_-]{8,200}", re.ASCII)
LIMIT = aiohttp.ClientTimeout(total=10.0)
MAX_ANSWER_BYTES = 4 << 20
CHUNK = 64 << 10
MAX_WORDS = 100
MAX_TITLE = 200
REFUSED = {401, 403}
# Where pages may show pictures from, while there is a key.
HOSTS = "https://*.giphy.com"


class Gifs(Client):
    """An async context manager; call `load` once before use.

    Args:
        db: where an administrator's key is kept.
        url: of the API, before `/search` and `/trending`.
        rating: what is let through: g, pg, pg-13 or r.
        fixed: a key from outside; "" for none.
        clock: the time.
    """

    def __init__(self, db: Database, *, url: str, rating: str, fixed: str = "", clock: Clock | None = None) -> None:
        super().__init__(Lane("gifs", 1))
        self._db = db
        self._url = url.rstrip("/")
        self._rating = rating
        self._fixed = fixed.strip()
        self._clock = clock or Clock()
        self._secret: str | None = self._fixed or None
        self._is_ok: bool | None = None

    def __repr__(self) -> str:
        return "Gifs()"  # whatever prints it, the key stays inside

    async def load(self) -> None:
        """Read what an administrator entered."""
        if not self._fixed:
            self._secret = await setting(self._db.read, KEY)

    @property
    def is_on(self) -> bool:
        """Whether pictures can be looked for."""
        return self._secret is not None

    @property
    def hosts(self) -> str:
        """Where pages may show pictures from beside the house; "" while there is no key."""
        return HOSTS if self.is_on else ""

    @property
    def state(self) -> KeyState:
        return KeyState(is_configured=self.is_on, is_fixed=bool(self._fixed), is_ok=self._is_ok)

    async def search(self, words: str, *, limit: int, offset: int) -> list[Gif]:
        """Pictures to some words, GIPHY's best first; without words what is liked just now.

        Raises:
            NotConfigured: there is no key.
            GiphyError: GIPHY does not answer, or not as GIPHY does.
        """
        if self._secret is None:
            raise NotConfigured
        asked = {"limit": str(limit), "offset": str(offset)}
        if wanted := words.strip()[:MAX_WORDS]:
            asked["q"] = wanted
        try:
            return found(await self._ask("search" if wanted else "trending", asked, self._secret))
        except KeyRefused:
            self._is_ok = False
            raise GiphyError("GIPHY refuses the key. An administrator can enter another one.") from None

    async def enter_key(self, text: str | None, *, by: str) -> None:
        """Use this key from now on; None forgets the one there is.

        It is tried first. A house without a way out may enter one all the same.

        Raises:
            KeyRefused: it is none, or GIPHY does not take it.
            Conflict: the key is fixed.
        """
        if self._fixed:
            raise Conflict("The GIPHY key is given from outside and cannot be changed here.", code="gif_key_fixed")
        secret = text.strip() if text is not None else None
        is_ok: bool | None = None
        if secret is not None:
            if KEY_FORM.fullmatch(secret) is None:
                raise KeyRefused("This is not a GIPHY key.", field="key")
            try:
                await self._ask("trending", {"limit": "1", "offset": "0"}, secret)
                is_ok = True
            except GiphyError as err:
                _log.info("a GIPHY key is kept that could not be tried: %s", err.message)
        async with self._db.write(durable=True) as tx:
            await put_setting(tx, KEY, secret, by=by, now=self._clock.now_ms())
            # Every member's client shows the button, or hides it.
            tx.announce(HouseholdChanged())
        self._secret, self._is_ok = secret, is_ok

    async def _ask(self, what: str, asked: Mapping[str, str], secret: str) -> object:
        query = {"api_key": secret, "rating": self._rating, **asked}
        try:
            async with self.session.get(f"{self._url}/{what}", params=query, allow_redirects=False) as answer:
                if answer.status in REFUSED:
                    raise KeyRefused("GIPHY does not take this key.", field="key")
                if answer.status != 200:
                    raise GiphyError(f"GIPHY answers {answer.status}.")
                body = await _read(answer)
        except TimeoutError:
            raise GiphyError("GIPHY does not answer in time.") from None
        except (aiohttp.ClientError, OSError) as err:
            # Without the cause's own words: they may hold the address with the key.
            _log.info("GIPHY cannot be reached: %s", type(err).__name__)
            raise GiphyError("GIPHY cannot be reached.") from None
        self._is_ok = True if secret == self._secret else self._is_ok
        try:
            return msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise GiphyError("Something else answers in GIPHY's place.") from None

    def _options(self) -> dict[str, Any]:
        return {"timeout": LIMIT}


def found(answer: object) -> list[Gif]:
    """The pictures of an answer; those that are not at GIPHY, or without a size, are left out. Pure.

    Raises:
        GiphyError: it is no answer of GIPHY's.
    """
    listed = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        raise GiphyError("Something else answers in GIPHY's place.")
    return [gif for one in listed if (gif := _gif(one)) is not None]


def _gif(one: object) -> Gif | None:
    images = _part(one, "images")
    wide = _part(images, "fixed_width")
    url = _address(wide, "webp") or _address(wide, "url")
    still = _address(_part(images, "fixed_width_still"), "url") or url
    shared = _address(_part(images, "downsized"), "url") or url
    width, height = _number(wide, "width"), _number(wide, "height")
    name = _part(one, "id")
    if url is None or still is None or shared is None or not width or not height or not isinstance(name, str):
        return None
    return Gif(
        id=name,
        title=str(_part(one, "title") or "")[:MAX_TITLE],
        url=url,
        still_url=still,
        share_url=shared,
        width=width,
        height=height,
    )


def _part(whole: object, name: str) -> object:
    return whole.get(name) if isinstance(whole, dict) else None


def _address(whole: object, name: str) -> str | None:
    address = _part(whole, name)
    return address if isinstance(address, str) and is_gif(address) else None


def _number(whole: object, name: str) -> int:
    """GIPHY writes its numbers as text."""
    value = str(_part(whole, name))
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_chunked(CHUNK):
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise GiphyError("GIPHY answers more than it ever does.")
    return bytes(body)
