"""A stand-in for TMDb on loopback: answers of the real shape, pictures that decode, faults on demand.

By hand: `python -m tests.support.tmdb PORT [--key KEY]`, then start the server with `HOMEMEDIA_LIBRARY_TMDB_URL` and
`HOMEMEDIA_LIBRARY_TMDB_IMAGE_URL` as printed. A fault is switched by `POST /-/fault/KIND?times=N` and ended by
`POST /-/fault/none`.
"""

import argparse
import asyncio
import colorsys
import contextlib
import difflib
import io
import sys
import zlib
from collections import Counter
from typing import Any, Literal, Self

from aiohttp import web
from PIL import Image, ImageDraw, ImageFont

from tests.support.tmdb_content import FILMS, GENRES, GERMAN_GENRES, SHOWS, Film, Show

KEY = "0123456789abcdef0123456789abcdef"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiIwMTIzNDU2Nzg5YWJjZGVmIn0.c3RhbmQtaW4tc2lnbmF0dXJl"
PAGE = 20
# Width, height of the originals. TMDb's are up to 4K; these are large enough to be scaled down.
ORIGINALS = {"poster": (1000, 1500), "backdrop": (1920, 1080), "still": (1280, 720), "profile": (600, 900)}
Fault = Literal["none", "refuse", "limit", "broken", "hang", "drop", "garbage"]
Titled = Film | Show


class StandIn:
    """An async context manager; `url` and `image_url` are what the settings want.

    Attributes:
        requests: how often each path was asked for, without the query.
        asked: every request to the API in order, as path and query (the key left out).
        keys: the secrets that are accepted; None accepts any.
        retry_after_s: what a 429 tells.
    """

    def __init__(self, *, port: int = 0, keys: frozenset[str] | None = frozenset({KEY, TOKEN})) -> None:
        self.keys = keys
        self.requests: Counter[str] = Counter()
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.retry_after_s = 2
        self.most_at_once = 0
        self._at_once = 0
        self._port = port
        self._fault: Fault = "none"
        self._times = -1
        self._only = ""
        self._films = {film.id: film for film in FILMS}
        self._shows = {show.id: show for show in SHOWS}
        self._pictures: dict[tuple[str, str], bytes] = {}
        self._runner: web.AppRunner | None = None
        self._let_go = asyncio.Event()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        return f"{self.origin}/3"

    @property
    def image_url(self) -> str:
        return f"{self.origin}/t/p"

    def fault(self, kind: Fault, *, times: int = -1, only: str = "") -> None:
        """From now on answer with this fault: `times` times (-1: until told otherwise), only below the path `only`."""
        self._fault, self._times, self._only = kind, times, only
        if kind != "hang":
            self._let_go.set()
            self._let_go = asyncio.Event()

    def add(self, *entries: Titled) -> None:
        """Know of more; the same id again replaces what was known."""
        for entry in entries:
            if isinstance(entry, Film):
                self._films[entry.id] = entry
            else:
                self._shows[entry.id] = entry

    def count(self, below: str = "/3/") -> int:
        """How many requests were made below a path."""
        return sum(number for path, number in self.requests.items() if path.startswith(below))

    async def start(self) -> None:
        """Listen, at the same port as before after a `stop`."""
        app = web.Application(middlewares=[self._watch])
        app.router.add_post("/-/fault/{kind}", self._switch)
        app.router.add_get("/-/requests", self._counts)
        app.router.add_get("/t/p/{size}/{name}", self._picture)
        app.router.add_get("/3/configuration", _configuration)
        app.router.add_get("/3/authentication", _authentication)
        app.router.add_get("/3/search/movie", self._search_movie)
        app.router.add_get("/3/search/tv", self._search_tv)
        app.router.add_get("/3/find/{id}", self._find)
        app.router.add_get("/3/movie/{id}", self._movie)
        app.router.add_get("/3/movie/{id}/images", self._images)
        app.router.add_get("/3/tv/{id}", self._tv)
        app.router.add_get("/3/tv/{id}/images", self._images)
        app.router.add_get("/3/tv/{id}/season/{season}", self._season)
        app.router.add_route("*", "/{rest:.*}", _not_there)
        self._runner = web.AppRunner(app, handle_signals=False, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        self._port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Listen no more: connections are refused until the next `start`."""
        self._let_go.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @web.middleware
    async def _watch(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.path.startswith("/-/"):
            return await handler(request)  # type: ignore[no-any-return]
        self.requests[request.path] += 1
        if request.path.startswith("/3/"):
            asked = {name: value for name, value in request.query.items() if name != "api_key"}
            self.asked.append((request.path, asked))
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return await self._faulty(request) or await handler(request)
        finally:
            self._at_once -= 1

    async def _faulty(self, request: web.Request) -> web.Response | None:
        if self._fault != "none" and self._times and request.path.startswith(self._only):
            self._times -= 1
            match self._fault:
                case "refuse":
                    return _failure(401, 7, "Invalid API key: You must be granted a valid key.")
                case "limit":
                    answer = _failure(429, 25, "Your request count (41) is over the allowed limit of (40).")
                    answer.headers["Retry-After"] = str(self.retry_after_s)
                    return answer
                case "broken":
                    return _failure(500, 11, "Internal error: Something went wrong, contact TMDb.")
                case "garbage":
                    return web.Response(text="<html><body>Welcome to the hotel network</body></html>")
                case "hang":
                    await self._let_go.wait()
                case "drop":
                    if request.transport is not None:
                        request.transport.abort()
                case _:
                    pass
        if request.path.startswith("/3/") and self.keys is not None and _secret(request) not in self.keys:
            return _failure(401, 7, "Invalid API key: You must be granted a valid key.")
        return None

    async def _switch(self, request: web.Request) -> web.Response:
        kind: Any = request.match_info["kind"]
        self.fault(kind, times=int(request.query.get("times", "-1")), only=request.query.get("only", ""))
        return web.json_response({"fault": kind})

    async def _counts(self, _request: web.Request) -> web.Response:
        return web.json_response(dict(self.requests))

    # Search

    async def _search_movie(self, request: web.Request) -> web.Response:
        year = request.query.get("primary_release_year") or request.query.get("year")
        found = [film for film in self._films.values() if not year or film.date[:4] == year]
        return _paged(request, [_film_hit(film, request) for film in _matching(found, request.query.get("query", ""))])

    async def _search_tv(self, request: web.Request) -> web.Response:
        year = request.query.get("first_air_date_year") or request.query.get("year")
        found = [show for show in self._shows.values() if not year or show.date[:4] == year]
        return _paged(request, [_show_hit(show, request) for show in _matching(found, request.query.get("query", ""))])

    async def _find(self, request: web.Request) -> web.Response:
        wanted, source = request.match_info["id"], request.query.get("external_source", "")
        answer: dict[str, Any] = {
            f"{kind}_results": [] for kind in ("movie", "person", "tv", "tv_episode", "tv_season")
        }
        if source == "imdb_id":
            answer["movie_results"] = [_film_hit(one, request) for one in self._films.values() if one.imdb == wanted]
            answer["tv_results"] = [_show_hit(one, request) for one in self._shows.values() if one.imdb == wanted]
        elif source == "tvdb_id":
            answer["tv_results"] = [_show_hit(one, request) for one in self._shows.values() if str(one.tvdb) == wanted]
        else:
            return _failure(400, 5, "Invalid parameters: Your request parameters are incorrect.")
        return web.json_response(answer)

    # One thing

    async def _movie(self, request: web.Request) -> web.Response:
        film = self._films.get(_number(request.match_info["id"]))
        if film is None:
            return await _not_there(request)
        return web.json_response(_film(film, request))

    async def _tv(self, request: web.Request) -> web.Response:
        show = self._shows.get(_number(request.match_info["id"]))
        if show is None:
            return await _not_there(request)
        return web.json_response(_show(show, request))

    async def _images(self, request: web.Request) -> web.Response:
        number = _number(request.match_info["id"])
        entry: Titled | None = self._films.get(number) if "/movie/" in request.path else self._shows.get(number)
        if entry is None:
            return await _not_there(request)
        return web.json_response({"id": number, **_images(entry, request)})

    async def _season(self, request: web.Request) -> web.Response:
        show = self._shows.get(_number(request.match_info["id"]))
        number = _number(request.match_info["season"])
        if show is None or number not in show.seasons:
            return await _not_there(request)
        return web.json_response(_season(show, number, request))

    # Pictures

    async def _picture(self, request: web.Request) -> web.Response:
        size, name = request.match_info["size"], request.match_info["name"]
        kind, _, rest = name.removesuffix(".jpg").partition("-")
        known = (size, name)
        if kind not in ORIGINALS or not name.endswith(".jpg"):
            return web.Response(status=404, text="File not Found")
        if known not in self._pictures:
            self._pictures[known] = picture(kind, self._caption(rest), rest, size)
        return web.Response(
            body=self._pictures[known],
            content_type="image/jpeg",
            headers={"Cache-Control": "public, max-age=31919000"},
        )

    def _caption(self, rest: str) -> str:
        number, _, which = rest.partition("-")
        entry = self._films.get(_number(number)) or self._shows.get(_number(number))
        return f"{entry.title}\n{entry.date[:4]} {which}" if entry else rest.replace("_", " ")


def picture(kind: str, caption: str, colour_of: str, size: str) -> bytes:
    """A JPEG of the kind's shape in a size as TMDb names them, coloured by what it belongs to, with its title."""
    width, height = ORIGINALS[kind]
    if size.startswith("w"):
        width, height = int(size[1:]), round(int(size[1:]) * height / width)
    elif size.startswith("h"):
        width, height = round(int(size[1:]) * width / height), int(size[1:])
    number, _, which = colour_of.partition("-")
    hue = zlib.crc32(number.encode()) % 360 / 360
    light = 0.35 + 0.1 * (zlib.crc32(which.encode()) % 4)
    tones = [
        tuple(round(255 * part) for part in colorsys.hls_to_rgb(hue, bright, 0.5)) for bright in (light, light / 3)
    ]
    image = Image.linear_gradient("L").resize((width, height))
    painted = Image.composite(
        Image.new("RGB", (width, height), tones[1]), Image.new("RGB", (width, height), tones[0]), image
    )
    draw = ImageDraw.Draw(painted)
    radius = width // 4
    middle = (width // 2, height * 2 // 5)
    draw.ellipse(
        (middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius),
        fill=tuple(min(255, part + 40) for part in tones[0]),
    )
    font = ImageFont.load_default(size=max(10, width // 12))
    draw.multiline_text((width // 2, height * 4 // 5), caption, fill="white", font=font, anchor="mm", align="center")
    made = io.BytesIO()
    painted.save(made, "JPEG", quality=80)
    return made.getvalue()


def picture_path(kind: str, entry_id: int, which: str) -> str:
    """How the API names a picture: a path that the image server knows."""
    return f"/{kind}-{entry_id}-{which}.jpg"


def _portrait(name: str) -> str:
    return f"/profile-{name.replace(' ', '_')}.jpg"


def _person_id(name: str) -> int:
    return 800_000 + zlib.crc32(name.encode()) % 100_000


def _secret(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ") or request.query.get("api_key", "")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else -1


def _failure(status: int, code: int, message: str) -> web.Response:
    return web.json_response({"success": False, "status_code": code, "status_message": message}, status=status)


async def _not_there(_request: web.Request) -> web.Response:
    return _failure(404, 34, "The resource you requested could not be found.")


async def _authentication(_request: web.Request) -> web.Response:
    return web.json_response({"success": True, "status_code": 1, "status_message": "Success."})


async def _configuration(request: web.Request) -> web.Response:
    base = f"http://{request.host}/t/p/"
    return web.json_response(
        {
            "images": {
                "base_url": base,
                "secure_base_url": base,
                "backdrop_sizes": ["w300", "w780", "w1280", "original"],
                "logo_sizes": ["w45", "w92", "w154", "w185", "w300", "w500", "original"],
                "poster_sizes": ["w92", "w154", "w185", "w342", "w500", "w780", "original"],
                "profile_sizes": ["w45", "w185", "h632", "original"],
                "still_sizes": ["w92", "w185", "w300", "original"],
            },
            "change_keys": ["adult", "air_date", "also_known_as"],
        }
    )


def _language(request: web.Request) -> str:
    return request.query.get("language", "en-US")[:2]


def _words(text: str) -> set[str]:
    return set("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


def _names(entry: Titled) -> list[str]:
    names = [entry.title, entry.original_title, *(title for _, title in entry.alternatives)]
    return [name for name in [*names, entry.german[0] if entry.german else ""] if name]


def _matching(entries: Any, query: str) -> list[Any]:
    """Those that hold every word of the query (the last as its beginning), likeliest first, as TMDb's search does."""
    wanted = _words(query)
    hits = []
    for entry in entries:
        for name in _names(entry):
            words = _words(name)
            if wanted and all(any(word.startswith(part) for word in words) for part in wanted):
                hits.append((difflib.SequenceMatcher(None, query.casefold(), name.casefold()).ratio(), entry))
                break
    return [entry for _, entry in sorted(hits, key=lambda hit: (-hit[0], hit[1].id))]


def _paged(request: web.Request, results: list[dict[str, Any]]) -> web.Response:
    if not request.query.get("query"):
        return _failure(422, 5, "query must be provided")
    page = int(request.query.get("page", "1"))
    shown = results[(page - 1) * PAGE : page * PAGE]
    total = -(-len(results) // PAGE)
    return web.json_response({"page": page, "results": shown, "total_pages": total, "total_results": len(results)})


def _poster(entry: Titled, which: int = 0) -> str | None:
    return picture_path("poster", entry.id, str(which)) if entry.posters > which else None


def _backdrop(entry: Titled) -> str | None:
    return picture_path("backdrop", entry.id, "0") if entry.backdrops else None


def _told(entry: Titled, request: web.Request) -> tuple[str, str]:
    return entry.german if _language(request) == "de" and entry.german else (entry.title, entry.overview)


def _film_hit(film: Film, request: web.Request) -> dict[str, Any]:
    title, overview = _told(film, request)
    return {
        "adult": False,
        "backdrop_path": _backdrop(film),
        "genre_ids": [GENRES[name] for name in film.genres],
        "id": film.id,
        "original_language": film.original_language,
        "original_title": film.original_title or film.title,
        "overview": overview,
        "popularity": film.votes / 10,
        "poster_path": _poster(film),
        "release_date": film.date,
        "title": title,
        "video": False,
        "vote_average": film.rating,
        "vote_count": film.votes,
    }


def _show_hit(show: Show, request: web.Request) -> dict[str, Any]:
    title, overview = _told(show, request)
    return {
        "adult": False,
        "backdrop_path": _backdrop(show),
        "genre_ids": [GENRES[name] for name in show.genres],
        "id": show.id,
        "origin_country": ["US"],
        "original_language": show.original_language,
        "original_name": show.original_title or show.title,
        "overview": overview,
        "popularity": show.votes / 10,
        "poster_path": _poster(show),
        "first_air_date": show.date,
        "name": title,
        "vote_average": show.rating,
        "vote_count": show.votes,
    }


def _genres(names: tuple[str, ...], request: web.Request) -> list[dict[str, Any]]:
    words = GERMAN_GENRES if _language(request) == "de" else {}
    return [{"id": GENRES[name], "name": words.get(name, name)} for name in names]


def _company(name: str, country: str = "US") -> dict[str, Any]:
    return {"id": zlib.crc32(name.encode()) % 100_000, "logo_path": None, "name": name, "origin_country": country}


def _wants(request: web.Request, part: str) -> bool:
    return part in request.query.get("append_to_response", "").split(",")


def _film(film: Film, request: web.Request) -> dict[str, Any]:
    collection = zlib.crc32(film.collection.encode()) % 100_000
    answer = _film_hit(film, request) | {
        "belongs_to_collection": {
            "id": collection,
            "name": film.collection,
            "poster_path": None,
            "backdrop_path": None,
        }
        if film.collection
        else None,
        "budget": 0,
        "genres": _genres(film.genres, request),
        "homepage": "",
        "imdb_id": film.imdb or None,
        "origin_country": ["US"],
        "production_companies": [_company(film.studio)] if film.studio else [],
        "production_countries": [{"iso_3166_1": "US", "name": "United States of America"}],
        "revenue": 0,
        "runtime": film.runtime,
        "spoken_languages": [],
        "status": "Released",
        "tagline": film.tagline,
    }
    del answer["genre_ids"]
    if _wants(request, "credits"):
        answer["credits"] = {
            "cast": [
                _person(name) | {"cast_id": place, "character": role, "credit_id": f"c{film.id}{place}", "order": place}
                for place, (name, role) in enumerate(film.cast)
            ],
            "crew": [
                _person(name) | {"credit_id": f"d{film.id}{name}", "department": "Directing", "job": "Director"}
                for name in film.directors
            ]
            + [
                _person(name) | {"credit_id": f"w{film.id}{name}", "department": "Writing", "job": "Screenplay"}
                for name in film.writers
            ]
            + [_person("Kit Moss") | {"credit_id": f"e{film.id}", "department": "Editing", "job": "Editor"}],
        }
    if _wants(request, "release_dates"):
        answer["release_dates"] = {
            "results": [
                {
                    "iso_3166_1": country,
                    "release_dates": [
                        # TMDb lists festivals and the like with an empty certification as well.
                        _release("", film.date, 1),
                        _release(certification, film.date, 3),
                    ],
                }
                for country, certification in film.certifications.items()
            ]
        }
    if _wants(request, "alternative_titles"):
        answer["alternative_titles"] = {"titles": _alternatives(film)}
    if _wants(request, "images"):
        answer["images"] = _images(film, request)
    if _wants(request, "external_ids"):
        answer["external_ids"] = {"imdb_id": film.imdb or None, "wikidata_id": None, "facebook_id": None}
    if _wants(request, "translations"):
        answer["translations"] = {"translations": _translations(film, "title")}
    return answer


def _release(certification: str, date: str, kind: int) -> dict[str, Any]:
    return {
        "certification": certification,
        "descriptors": [],
        "iso_639_1": "",
        "note": "",
        "release_date": f"{date or '2000-01-01'}T00:00:00.000Z",
        "type": kind,
    }


def _show(show: Show, request: web.Request) -> dict[str, Any]:
    answer = _show_hit(show, request) | {
        "created_by": [_person(name) | {"credit_id": f"b{show.id}{name}"} for name in show.creators],
        "episode_run_time": [],
        "genres": _genres(show.genres, request),
        "homepage": "",
        "in_production": show.status == "Returning Series",
        "languages": [show.original_language],
        "last_air_date": show.date,
        "networks": [_company(show.network)],
        "next_episode_to_air": None,
        "number_of_episodes": sum(show.seasons.values()),
        "number_of_seasons": len([number for number in show.seasons if number]),
        "production_companies": [],
        "production_countries": [],
        "seasons": [
            {
                "air_date": _air_date(show, number, 1),
                "episode_count": count,
                "id": show.id * 100 + number,
                "name": _season_name(number, request),
                "overview": "",
                "poster_path": picture_path("poster", show.id, f"s{number}"),
                "season_number": number,
                "vote_average": show.rating,
            }
            for number, count in show.seasons.items()
        ],
        "spoken_languages": [],
        "status": show.status,
        "tagline": show.tagline,
        "type": "Scripted",
    }
    del answer["genre_ids"]
    if _wants(request, "aggregate_credits"):
        answer["aggregate_credits"] = {
            "cast": [
                _person(name)
                | {
                    "roles": [{"credit_id": f"r{show.id}{place}", "character": role, "episode_count": 6}],
                    "total_episode_count": 6,
                    "order": place,
                }
                for place, (name, role) in enumerate(show.cast)
            ],
            "crew": [
                _person("Ines Holm")
                | {
                    "jobs": [{"credit_id": f"j{show.id}", "job": "Director", "episode_count": 4}],
                    "department": "Directing",
                    "total_episode_count": 4,
                }
            ],
        }
    if _wants(request, "content_ratings"):
        answer["content_ratings"] = {
            "results": [
                {"descriptors": [], "iso_3166_1": country, "rating": rating} for country, rating in show.ratings.items()
            ]
        }
    if _wants(request, "alternative_titles"):
        answer["alternative_titles"] = {"results": _alternatives(show)}
    if _wants(request, "images"):
        answer["images"] = _images(show, request)
    if _wants(request, "external_ids"):
        answer["external_ids"] = {"imdb_id": show.imdb or None, "tvdb_id": show.tvdb or None, "wikidata_id": None}
    if _wants(request, "translations"):
        answer["translations"] = {"translations": _translations(show, "name")}
    return answer


def _season_name(number: int, request: web.Request) -> str:
    if not number:
        return "Extras" if _language(request) == "de" else "Specials"
    return f"{'Staffel' if _language(request) == 'de' else 'Season'} {number}"


def _air_date(show: Show, season: int, episode: int) -> str:
    year = int(show.date[:4]) + max(0, season - 1)
    return f"{year}-{1 + (episode - 1) // 4 % 12:02}-{1 + (episode - 1) % 4 * 7:02}"


def _season(show: Show, number: int, request: web.Request) -> dict[str, Any]:
    return {
        "_id": f"5256{show.id}{number}",
        "air_date": _air_date(show, number, 1),
        "episodes": [
            {
                "air_date": _air_date(show, number, episode),
                "episode_number": episode,
                "episode_type": "standard",
                "id": show.id * 10_000 + number * 100 + episode,
                "name": show.episodes.get((number, episode), f"Chapter {episode}"),
                "overview": f"What happens in part {episode} of {_told(show, request)[0]}.",
                "production_code": "",
                "runtime": 44,
                "season_number": number,
                "show_id": show.id,
                "still_path": picture_path("still", show.id, f"s{number}e{episode}"),
                "vote_average": 7.0,
                "vote_count": 12,
                "crew": [
                    _person("Ines Holm") | {"department": "Directing", "job": "Director", "credit_id": "x1"},
                    _person("Paul Reiter") | {"department": "Writing", "job": "Writer", "credit_id": "x2"},
                ],
                "guest_stars": [
                    _person("Tove Berg") | {"character": "A Guest", "credit_id": "x3", "order": 400},
                ],
            }
            for episode in range(1, show.seasons[number] + 1)
        ],
        "name": _season_name(number, request),
        "overview": f"Season {number} of {show.title}." if number else "",
        "id": show.id * 100 + number,
        "poster_path": picture_path("poster", show.id, f"s{number}"),
        "season_number": number,
        "vote_average": show.rating,
    }


def _person(name: str) -> dict[str, Any]:
    return {
        "adult": False,
        "gender": 0,
        "id": _person_id(name),
        "known_for_department": "Acting",
        "name": name,
        "original_name": name,
        "popularity": 1.0,
        "profile_path": None if name == "Kit Moss" else _portrait(name),
    }


def _alternatives(entry: Titled) -> list[dict[str, Any]]:
    return [{"iso_3166_1": country, "title": title, "type": ""} for country, title in entry.alternatives]


def _translations(entry: Titled, name: str) -> list[dict[str, Any]]:
    told = [("US", "en", "English", entry.title, entry.overview)]
    if entry.german:
        told.append(("DE", "de", "Deutsch", *entry.german))
    return [
        {
            "iso_3166_1": country,
            "iso_639_1": language,
            "name": word,
            "english_name": word,
            "data": {"homepage": "", "overview": overview, "tagline": entry.tagline, name: title},
        }
        for country, language, word, title, overview in told
    ]


def _images(entry: Titled, request: web.Request) -> dict[str, Any]:
    """Posters in English, German and without words; only those of the languages asked for, as TMDb does."""
    wanted = request.query.get("include_image_language")
    allowed = {None if one == "null" else one for one in wanted.split(",")} if wanted else {_language(request)}
    languages = ["en", "de", None]
    posters = [
        _image("poster", entry.id, str(which), languages[which % 3], 5.3 - which / 10) for which in range(entry.posters)
    ]
    backdrops = [_image("backdrop", entry.id, str(which), None, 5.2 - which / 10) for which in range(entry.backdrops)]
    return {
        "backdrops": [one for one in backdrops if one["iso_639_1"] in allowed],
        "logos": [],
        "posters": [one for one in posters if one["iso_639_1"] in allowed],
    }


def _image(kind: str, entry_id: int, which: str, language: str | None, rating: float) -> dict[str, Any]:
    width, height = ORIGINALS[kind]
    return {
        "aspect_ratio": round(width / height, 3),
        "height": height,
        "iso_639_1": language,
        "file_path": picture_path(kind, entry_id, which),
        "vote_average": rating,
        "vote_count": 12,
        "width": width,
    }


async def _serve(port: int, key: str) -> None:
    async with StandIn(port=port, keys=frozenset({key})) as standin:
        sys.stdout.write(f"key {key}\nHOMEMEDIA_LIBRARY_TMDB_URL={standin.url}\n")
        sys.stdout.write(f"HOMEMEDIA_LIBRARY_TMDB_IMAGE_URL={standin.image_url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="A stand-in for TMDb.")
    parser.add_argument("port", type=int)
    parser.add_argument("--key", default=KEY)
    args = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(args.port, args.key))


if __name__ == "__main__":
    main()
