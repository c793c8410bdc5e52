"""What TMDb's answers say of items, in the fields of items; and which pictures they name. Pure.

Answers come from outside: whatever is missing or of another kind counts as silence.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from homemedia.library.metadata.models import Facts
from homemedia.library.tmdb.score import Entry

Answer = Mapping[str, Any]
MOST_ACTORS = 60
# People whose pictures are offered, in the order of the cast.
MOST_PORTRAITS = 20
MOST_CANDIDATES = 24
WRITING = frozenset({"Writer", "Screenplay", "Story", "Author", "Novel", "Teleplay"})
ENDED = frozenset({"Ended", "Canceled"})
# Numbers beyond fit into no column, and none of TMDb's comes near.
MOST = (1 << 31) - 1
BETWEEN_TITLES = " / "
FALLBACK_LANGUAGE = "en"
# In cinemas, then limited, digital, on disc, on television; premieres seldom tell a certification.
RELEASES = (3, 2, 4, 5, 6, 1)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NAME = re.compile(r"/([A-Za-z0-9][A-Za-z0-9_.-]{0,119}\.(?:jpg|jpeg|png|webp))", re.ASCII)


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that TMDb has of something. `name` is what its image server calls it."""

    name: str
    width: int | None = None
    height: int | None = None
    language: str | None = None


class Pictures(msgspec.Struct, frozen=True, kw_only=True):
    """Posters (or stills) and backgrounds, the best first."""

    thumbs: tuple[Offered, ...] = ()
    arts: tuple[Offered, ...] = ()


def entry_of(kind: str, answer: Answer) -> Entry | None:
    """A result of a search, or details, as what is scored; None when it is none."""
    tmdb_id = _int(answer, "id")
    title = _text(answer, "title" if kind == "movie" else "name")
    original = _text(answer, "original_title" if kind == "movie" else "original_name")
    if tmdb_id is None or not (title or original):
        return None
    return Entry(
        tmdb_id=tmdb_id,
        title=title or original or "",
        original_title=original or "",
        year=_year(answer.get("release_date" if kind == "movie" else "first_air_date")),
        alternatives=tuple(other_titles(kind, answer)),
    )


def other_titles(kind: str, answer: Answer) -> list[str]:
    """Alternative titles and those of translations, each once."""
    name = "title" if kind == "movie" else "name"
    found = [_text(one, "title") for one in _list(_map(answer, "alternative_titles"), "titles", "results")]
    found += [_text(_map(one, "data"), name) for one in _list(_map(answer, "translations"), "translations")]
    return list(dict.fromkeys(title for title in found if title))


def summary(answer: Answer) -> str | None:
    """What a result of a search says of its story."""
    return _text(answer, "overview")


def film(answer: Answer, *, language: str, country: str) -> Facts:
    """Fields of a film.

    Args:
        answer: details with all that the client appends.
        language: of the library.
        country: two letters; whose release date and age rating to take.
    """
    credits_ = _map(answer, "credits")
    crew = _list(credits_, "crew")
    title = _told(answer, "title", language)
    original = _text(answer, "original_title")
    released = _release_date(answer, country) or _date(answer.get("release_date"))
    return _spoken(
        {
            "title": title or original,
            "original_title": original if original != title else None,
            "year": _year(answer.get("release_date")),
            "release_date": released,
            "summary": _told(answer, "overview", language),
            "tagline": _told(answer, "tagline", language),
            "studio": _first_name(_list(answer, "production_companies")),
            "content_rating": certification(answer, country),
            "rating": _rating(answer),
            "votes": _int(answer, "vote_count") if _rating(answer) else None,
            "collection": _text(_map(answer, "belongs_to_collection"), "name"),
            "genres": _names(_list(answer, "genres")),
            "directors": _names(one for one in crew if one.get("job") == "Director"),
            "writers": _names(one for one in crew if _text(one, "job") in WRITING),
            "actors": _actors(_list(credits_, "cast")),
            "tmdb_id": _int(answer, "id"),
            **_external_ids(answer),
        }
    )


def show(answer: Answer, *, language: str, country: str) -> Facts:
    """Fields of a show; arguments as for `film`."""
    credits_ = _map(answer, "aggregate_credits")
    title = _told(answer, "name", language)
    original = _text(answer, "original_name")
    status = _text(answer, "status")
    return _spoken(
        {
            "title": title or original,
            "original_title": original if original != title else None,
            "year": _year(answer.get("first_air_date")),
            "release_date": _date(answer.get("first_air_date")),
            "summary": _told(answer, "overview", language),
            "tagline": _told(answer, "tagline", language),
            "studio": _first_name(_list(answer, "networks")) or _first_name(_list(answer, "production_companies")),
            "content_rating": show_rating(answer, country),
            "rating": _rating(answer),
            "votes": _int(answer, "vote_count") if _rating(answer) else None,
            "status": ("ended" if status in ENDED else "continuing") if status else None,
            "genres": _names(_list(answer, "genres")),
            "writers": _names(_list(answer, "created_by")),
            "actors": _actors(_list(credits_, "cast")),
            "tmdb_id": _int(answer, "id"),
            **_external_ids(answer),
        }
    )


def season(answer: Answer) -> Facts:
    """Fields of a season."""
    aired = _date(answer.get("air_date"))
    return _spoken(
        {
            "title": _text(answer, "name"),
            "summary": _text(answer, "overview"),
            "year": _year(aired),
            "release_date": aired,
        }
    )


def episode(answers: Sequence[Answer]) -> Facts:
    """Fields of what one file holds: one episode, or several in a row, their titles joined.

    Numbers stay those of the file's name.
    """
    titles = [title for answer in answers if (title := _text(answer, "name"))]
    plots = [plot for answer in answers if (plot := _text(answer, "overview"))]
    crew = [one for answer in answers for one in _list(answer, "crew")]
    guests = [one for answer in answers for one in _list(answer, "guest_stars")]
    ratings = [rating for answer in answers if (rating := _rating(answer))]
    aired = next((date for answer in answers if (date := _date(answer.get("air_date")))), None)
    return _spoken(
        {
            "title": BETWEEN_TITLES.join(dict.fromkeys(titles)),
            "summary": "\n\n".join(dict.fromkeys(plots)),
            "air_date": aired,
            "release_date": aired,
            "year": _year(aired),
            "rating": round(sum(ratings) / len(ratings), 3) if ratings else None,
            "votes": _int(answers[0], "vote_count") if ratings and len(answers) == 1 else None,
            "directors": _names(one for one in crew if one.get("job") == "Director"),
            "writers": _names(one for one in crew if _text(one, "job") in WRITING),
            "actors": _actors(guests),
        }
    )


def episodes_of(
    season_answer: Answer, *, number: int | None, number_end: int | None, air_date: str | None
) -> list[Answer]:
    """The episodes of a season that a file holds, by number, else by date; empty when TMDb knows none of them."""
    listed = _list(season_answer, "episodes")
    if number is not None:
        wanted = range(number, max(number, number_end or number) + 1)
        by_number = {_int(one, "episode_number"): one for one in listed}
        return [by_number[at] for at in wanted if at in by_number]
    return [one for one in listed if air_date is not None and one.get("air_date") == air_date]


def portraits(kind: str, answer: Answer) -> dict[str, str]:
    """Names of people's pictures, by the person's name: of the first of the cast and of who made it."""
    credits_ = _map(answer, "credits" if kind == "movie" else "aggregate_credits")
    cast = sorted(_list(credits_, "cast"), key=_order)[:MOST_PORTRAITS]
    makers = [one for one in _list(credits_, "crew") if one.get("job") == "Director" or _text(one, "job") in WRITING]
    found: dict[str, str] = {}
    for person in (*cast, *makers, *_list(answer, "created_by")):
        name, picture = _text(person, "name"), picture_name(person.get("profile_path"))
        if name and picture:
            found.setdefault(name, picture)
    return found


def pictures(answer: Answer, language: str) -> Pictures:
    """Posters and backgrounds of a film or show, those to be taken first, then by votes.

    Posters: of the library's language, then as TMDb chose, then English, then without words. Backgrounds: without
    words first.
    """
    images = _map(answer, "images")
    own = language[:2].lower()
    posters = _images(images, "posters", [own, "*", FALLBACK_LANGUAGE, None], answer.get("poster_path"))
    backdrops = _images(images, "backdrops", [None, "*", own, FALLBACK_LANGUAGE], answer.get("backdrop_path"))
    return Pictures(thumbs=posters, arts=backdrops)


def one_picture(answer: Answer, field: str) -> Offered | None:
    """The picture that an answer names in one field, of a season or an episode."""
    name = picture_name(answer.get(field))
    return Offered(name=name) if name else None


def picture_name(path: object) -> str | None:
    """The name of a picture without the slash; None for anything that TMDb does not name pictures by."""
    match = _NAME.fullmatch(path) if isinstance(path, str) else None
    return match[1] if match else None


def certification(answer: Answer, country: str) -> str | None:
    """The age rating of a film in a country; of another only when it is American and the country has none."""
    for wanted in dict.fromkeys([country.upper(), "US"]):
        for one in _list(_map(answer, "release_dates"), "results"):
            if one.get("iso_3166_1") == wanted:
                dates = sorted(_list(one, "release_dates"), key=lambda release: _rank(release.get("type")))
                found = next((text for release in dates if (text := _text(release, "certification"))), None)
                if found:
                    return found[:20]
    return None


def show_rating(answer: Answer, country: str) -> str | None:
    """The same for a show."""
    by_country = {
        _text(one, "iso_3166_1"): rating
        for one in _list(_map(answer, "content_ratings"), "results")
        if (rating := _text(one, "rating"))
    }
    found = by_country.get(country.upper()) or by_country.get("US")
    return found[:20] if found else None


def _images(images: Answer, field: str, languages: Sequence[str | None], chosen: object) -> tuple[Offered, ...]:
    """Pictures of one kind; `*` among the languages stands for the one that TMDb chose."""
    found: list[tuple[int, float, Offered]] = []
    chosen_name = picture_name(chosen)
    for one in _list(images, field):
        name = picture_name(one.get("file_path"))
        if name is None:
            continue
        language = one.get("iso_639_1") or None
        place = languages.index(language) if language in languages else len(languages)
        if name == chosen_name:
            place = min(place, languages.index("*"))
        offered = Offered(name=name, width=_int(one, "width"), height=_int(one, "height"), language=language)
        votes = one.get("vote_average")
        found.append((place, -votes if isinstance(votes, int | float) else 0.0, offered))
    ordered = [offered for _, _, offered in sorted(found, key=lambda entry: entry[:2])]
    if chosen_name and all(one.name != chosen_name for one in ordered):
        ordered.insert(0, Offered(name=chosen_name))
    return tuple({one.name: one for one in ordered}.values())[:MOST_CANDIDATES]


def _told(answer: Answer, field: str, language: str) -> str | None:
    """A text in the library's language, in English where that is missing.

    TMDb gives the original title where a translation has none, and nothing for other texts.
    """
    told = {
        str(one.get("iso_639_1")): text
        for one in _list(_map(answer, "translations"), "translations")
        if (text := _text(_map(one, "data"), field))
    }
    own = language[:2].lower()
    if field in {"title", "name"}:
        has_own = own in told or _text(answer, "original_language") == own or FALLBACK_LANGUAGE not in told
        return _text(answer, field) if has_own else told[FALLBACK_LANGUAGE]
    return _text(answer, field) or told.get(own) or told.get(FALLBACK_LANGUAGE)


def _release_date(answer: Answer, country: str) -> str | None:
    """When a film came to the country's cinemas."""
    for one in _list(_map(answer, "release_dates"), "results"):
        if one.get("iso_3166_1") == country.upper():
            dates = [
                date
                for release in _list(one, "release_dates")
                if release.get("type") in (2, 3) and (date := _date(str(release.get("release_date"))[:10]))
            ]
            return min(dates, default=None)
    return None


def _rank(kind: object) -> int:
    return RELEASES.index(kind) if kind in RELEASES else len(RELEASES)


def _external_ids(answer: Answer) -> Facts:
    outside = _map(answer, "external_ids")
    imdb = _text(outside, "imdb_id") or _text(answer, "imdb_id")
    tvdb = _int(outside, "tvdb_id")
    return {
        "imdb_id": imdb if imdb and re.fullmatch(r"tt\d{5,10}", imdb, re.ASCII) else None,
        "tvdb_id": tvdb if tvdb is not None and tvdb > 0 else None,
    }


def _actors(cast: Iterable[Answer]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for one in sorted(cast, key=_order):
        name = _text(one, "name")
        roles = [text for role in _list(one, "roles") if (text := _text(role, "character"))]
        role = _text(one, "character") or BETWEEN_TITLES.join(dict.fromkeys(roles))
        if name:
            found.append({"name": name[:200], "role": role[:200]})
    return list({(actor["name"], actor["role"]): actor for actor in found}.values())[:MOST_ACTORS]


def _order(person: Answer) -> int:
    place = person.get("order")
    return place if isinstance(place, int) else 1_000_000


def _rating(answer: Answer) -> float | None:
    """0 to 10; nothing where nobody voted."""
    votes, average = answer.get("vote_count"), answer.get("vote_average")
    if not isinstance(average, int | float) or not votes or not 0 < average <= 10:
        return None
    return round(float(average), 3)


def _spoken(facts: Facts) -> Facts:
    """Fields that say something."""
    return {field: value for field, value in facts.items() if value not in (None, "", [])}


def _names(entries: Iterable[Answer]) -> list[str]:
    return list(dict.fromkeys(name[:200] for entry in entries if (name := _text(entry, "name"))))


def _first_name(entries: Sequence[Answer]) -> str | None:
    return next((name for entry in entries if (name := _text(entry, "name"))), None)


def _date(value: object) -> str | None:
    return value if isinstance(value, str) and _DATE.fullmatch(value) else None


def _year(value: object) -> int | None:
    date = _date(value)
    return int(date[:4]) if date and 1870 <= int(date[:4]) <= 2200 else None


def _text(answer: Answer, field: str) -> str | None:
    value = answer.get(field)
    return value.strip() or None if isinstance(value, str) else None


def _int(answer: Answer, field: str) -> int | None:
    value = answer.get(field)
    is_one = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MOST
    return value if is_one else None


def _map(answer: Answer, field: str) -> Answer:
    value = answer.get(field)
    return value if isinstance(value, dict) else {}


def _list(answer: Answer, *fields: str) -> list[Answer]:
    """The objects of the first of these fields that holds a list."""
    for field in fields:
        value = answer.get(field)
        if isinstance(value, list):
            return [one for one in value if isinstance(one, dict)]
    return []
