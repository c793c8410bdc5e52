"""What an NFO file says of an item, in the fields of that item. Pure."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from homemedia.library.metadata.models import Facts
from homemedia.library.metadata.nfo import Ids, Nfo, NfoKind

# Which root may describe which kind of item.
FITTING: dict[str, frozenset[NfoKind]] = {
    "movie": frozenset({"movie", "video", "link"}),
    "show": frozenset({"show", "link"}),
    "season": frozenset({"season"}),
    "episode": frozenset({"episode"}),
    "video": frozenset({"movie", "video", "episode"}),
}
BETWEEN_TITLES = " / "
MS_PER_MINUTE = 60_000
# Of the pictures an NFO names, so many are tried before an item goes without.
MOST_ADDRESSES = 3
_RATED = re.compile(r"(?:rated|rating:?)\s+", re.IGNORECASE)
_REASON = re.compile(r"\s+for\s+.*", re.IGNORECASE | re.DOTALL)
COUNTRIES = {
    "usa": "us",
    "united states": "us",
    "united states of america": "us",
    "uk": "gb",
    "united kingdom": "gb",
    "great britain": "gb",
    "germany": "de",
    "deutschland": "de",
    "france": "fr",
    "spain": "es",
    "italy": "it",
    "netherlands": "nl",
    "portugal": "pt",
    "brazil": "br",
    "sweden": "se",
    "norway": "no",
    "denmark": "dk",
    "finland": "fi",
    "poland": "pl",
    "australia": "au",
    "canada": "ca",
    "ireland": "ie",
    "austria": "at",
    "switzerland": "ch",
    "japan": "jp",
}


def facts_of(item_kind: str, nfos: Sequence[Nfo], country: str, *, season: int | None = None) -> Facts:
    """Fields that the file knows; nothing when it describes another kind of thing.

    Several episodes become one: titles joined, numbers from the first to the last, people of all.

    Args:
        item_kind: of the item the file was found for.
        nfos: at least one, in the order of the file.
        country: two letters; whose age rating to take where there are several.
        season: where an episode lies. An NFO that speaks of another season cannot move it, so its number is left out.
    """
    fitting = [nfo for nfo in nfos if nfo.kind in FITTING.get(item_kind, frozenset())]
    if not fitting:
        return {}
    facts = _one(item_kind, fitting[0], country)
    if item_kind == "episode" and len(fitting) > 1:
        facts |= _several(fitting)
    if fitting[0].season not in (None, season):
        facts |= {"number": None, "number_end": None}
    return {field: value for field, value in facts.items() if value not in (None, "", [])}


def _one(item_kind: str, nfo: Nfo, country: str) -> Facts:
    released = nfo.premiered or nfo.aired
    facts: dict[str, Any] = {
        "title": nfo.title,
        "original_title": nfo.original_title if nfo.original_title != nfo.title else None,
        "sort_title": nfo.sort_title,
        "year": nfo.year or (int(released[:4]) if released else None),
        "release_date": released,
        "summary": nfo.plot,
        "tagline": nfo.tagline,
        "studio": nfo.studio,
        "content_rating": content_rating(nfo.mpaa, country),
        "rating": nfo.rating,
        "votes": nfo.votes if nfo.rating is not None else None,
        "duration_ms": nfo.runtime_min * MS_PER_MINUTE if nfo.runtime_min else None,
        "collection": nfo.collection,
        "genres": list(nfo.genres),
        "labels": list(nfo.tags),
        "directors": list(nfo.directors),
        "writers": list(nfo.writers),
        "actors": [{"name": actor.name, "role": actor.role} for actor in nfo.actors],
        "thumb_urls": list(nfo.thumbs[:MOST_ADDRESSES]),
        "art_urls": list(nfo.fanart[:MOST_ADDRESSES]),
        **_ids(nfo.ids),
    }
    if item_kind == "show":
        facts["status"] = nfo.status
    if item_kind == "episode":
        facts |= {
            "air_date": nfo.aired or nfo.premiered,
            "number": nfo.episode,
            "shown_season": nfo.display_season,
            "shown_number": nfo.display_episode if nfo.display_season is not None else None,
        }
    return facts


def _several(nfos: Sequence[Nfo]) -> Facts:
    titles = [nfo.title for nfo in nfos if nfo.title]
    plots = [nfo.plot for nfo in nfos if nfo.plot]
    minutes = [nfo.runtime_min for nfo in nfos if nfo.runtime_min]
    actors = {
        (actor.name.casefold(), actor.role.casefold()): {"name": actor.name, "role": actor.role}
        for nfo in nfos
        for actor in nfo.actors
    }
    numbers = [nfo.episode for nfo in nfos if nfo.episode is not None]
    return {
        "title": BETWEEN_TITLES.join(dict.fromkeys(titles)),
        "summary": "\n\n".join(dict.fromkeys(plots)),
        "duration_ms": sum(minutes) * MS_PER_MINUTE if minutes else None,
        "directors": list(dict.fromkeys(name for nfo in nfos for name in nfo.directors)),
        "writers": list(dict.fromkeys(name for nfo in nfos for name in nfo.writers)),
        "actors": list(actors.values()),
        "number": min(numbers, default=None),
        "number_end": max(numbers, default=None) if len(set(numbers)) > 1 else None,
    }


def _ids(ids: Ids) -> Facts:
    return {f"{name}_id": value for name, value in msgspec.structs.asdict(ids).items()}


def content_rating(text: str | None, country: str) -> str | None:
    """The age rating of a country out of `US:PG-13 / DE:FSK 12`, `Rated R for violence` or plain `TV-14`.

    Of several without that country the first; None when the text is none that a person would set a limit by.
    """
    if text is None:
        return None
    found: list[tuple[str | None, str]] = []
    for part in re.split(r"\s*(?:\s/\s|[|,;])\s*", text):
        place, colon, rating = part.partition(":")
        bare = _REASON.sub("", _RATED.sub("", (rating if colon else part).strip(), count=1)).strip()
        if bare:
            name = place.strip().casefold()
            found.append((COUNTRIES.get(name, name) if colon else None, bare[:20]))
    own = next((rating for place, rating in found if place == country.casefold()), None)
    return own or next((rating for _, rating in found), None)
