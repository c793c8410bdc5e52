"""What song a link means, and in which order sound is looked for. For the child program, behind its guard.

Source:
    Clips contract 4.2; the answer of Odesli's `v1-alpha.1/links`.
"""

import http.client
import json
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any, Final

from homemedia.clips.download.models import Facts

RESOLVE_LIMIT_S: Final = 15.0
MAX_ANSWER_BYTES: Final = 2 << 20
MAX_WORDS: Final = 200
MAX_TEXT: Final = 500
# Addresses of these hosts are sound by themselves; those of the others name a song and keep it.
OPEN_HOSTS: Final = ("soundcloud.com", "music.youtube.com")
# A document of JSON by its address; None where there is none.
Read = Callable[[str], Any]


def resolved(url: str, resolver_url: str, read: Read) -> Facts:
    """What the song-link service says of a link; without facts where it does not know or cannot be reached."""
    joint = "&" if "?" in resolver_url else "?"
    try:
        answer = read(f"{resolver_url}{joint}{urllib.parse.urlencode({'url': url})}")
    except (OSError, ValueError, http.client.HTTPException):
        return Facts()
    return facts_of(answer)


def facts_of(answer: object) -> Facts:
    """The song in an answer of the service, as far as it has the form one knows."""
    if not isinstance(answer, dict):
        return Facts()
    entities, links = answer.get("entitiesByUniqueId"), answer.get("linksByPlatform")
    entity = entities.get(answer.get("entityUniqueId")) if isinstance(entities, dict) else None
    if not isinstance(entity, dict):
        entity = {}
    return Facts(
        title=_text(entity.get("title")),
        artist=_text(entity.get("artistName")),
        album_art_url=_address(entity.get("thumbnailUrl")),
        spotify_url=_link(links, "spotify"),
        apple_music_url=_link(links, "appleMusic"),
        youtube_music_url=_link(links, "youtubeMusic"),
    )


def sources(url: str, facts: Facts, search: str, *, is_local: bool) -> list[str]:
    """Where the sound may be, best first: a search for the song, the same song elsewhere, the link itself."""
    found = []
    if facts.title and facts.artist:
        found.append(_search(search, facts))
    if facts.youtube_music_url:
        found.append(facts.youtube_music_url)
    host = (urllib.parse.urlsplit(url).hostname or "").removeprefix("www.")
    if is_local or any(host == name or host.endswith(f".{name}") for name in OPEN_HOSTS):
        found.append(url)
    return list(dict.fromkeys(found))


def read_json(url: str) -> Any:  # noqa: ANN401 - a foreign document
    """A document by its address.

    Raises:
        OSError: it cannot be reached, or says no.
        ValueError: it is none.
    """
    headers = {"User-Agent": "HomeMedia", "Accept": "application/json"}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the address is the household's setting
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=RESOLVE_LIMIT_S) as answer:
        return json.loads(answer.read(MAX_ANSWER_BYTES))


def _search(search: str, facts: Facts) -> str:
    # Controls and line ends mean nothing in a search, and might to whoever reads it next.
    words = " ".join("".join(c if c.isprintable() else " " for c in f"{facts.title} {facts.artist}").split())[
        :MAX_WORDS
    ]
    return search.format(words=urllib.parse.quote(words) if "://" in search else words)


def _text(value: object) -> str | None:
    return value.strip()[:MAX_TEXT] or None if isinstance(value, str) else None


def _address(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > 2048 or not value.startswith(("https://", "http://")):
        return None
    return value


def _link(links: object, name: str) -> str | None:
    one = links.get(name) if isinstance(links, dict) else None
    return _address(one.get("url")) if isinstance(one, dict) else None
