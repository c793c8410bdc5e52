"""Bodies and answers of matching, in the words of the watch contract (3.12)."""

from typing import Annotated

import msgspec
from msgspec import Meta

from homemedia.library.browse_wire import ItemDetail
from homemedia.library.tmdb.keys import KeyState
from homemedia.library.tmdb.service import Result, Results, SearchWish

TmdbId = Annotated[int, Meta(ge=1, le=(1 << 31) - 1)]
ARTWORK = "/api/artwork/{}/thumb"


class SearchRequest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What to look for; all of it may be left out."""

    title: Annotated[str, Meta(max_length=500)] | None = None
    year: Annotated[int, Meta(ge=1870, le=2100)] | None = None
    language: Annotated[str, Meta(pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None
    tmdb_id: TmdbId | None = None
    imdb_id: Annotated[str, Meta(pattern="^tt[0-9]{5,10}$")] | None = None

    def wish(self) -> SearchWish:
        return SearchWish(
            title=self.title, year=self.year, language=self.language, tmdb_id=self.tmdb_id, imdb_id=self.imdb_id
        )


class ApplyRequest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    tmdb_id: TmdbId
    force: bool = False


class RefreshRequest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    force: bool = False


class QueryWire(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    year: int | None


class ResultWire(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A film or show that may be meant; `poster` is an address here, not at TMDb."""

    tmdb_id: int
    type: str
    title: str
    original_title: str
    year: int | None
    summary: str | None
    poster: str | None
    score: float


class SearchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    query: QueryWire
    results: list[ResultWire]


class ApplyAnswer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    item: ItemDetail
    edit_id: str


class RefreshAnswer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    item: ItemDetail
    updated_fields: list[str]


class KeyRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The key to TMDb; null forgets it."""

    key: Annotated[str, Meta(max_length=4000)] | None


class KeyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How it stands with TMDb. `ok` is null until it was asked; `waiting` items have something owed.

    `problem` says why asking failed last, `code` the same for programs (`tmdb_unreachable`).
    """

    configured: bool
    fixed: bool
    ok: bool | None
    problem: str | None
    code: str | None
    waiting: int


class SourcesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Which catalogues of others are in use, so that they can be named."""

    tmdb: bool


def search_answer(found: Results) -> SearchAnswer:
    return SearchAnswer(
        query=QueryWire(title=found.title, year=found.year), results=[_result(one) for one in found.results]
    )


def key_answer(state: KeyState, waiting: int) -> KeyAnswer:
    return KeyAnswer(
        configured=state.is_configured,
        fixed=state.is_fixed,
        ok=state.is_ok,
        problem=state.problem,
        code=state.code,
        waiting=waiting,
    )


def _result(one: Result) -> ResultWire:
    return ResultWire(
        tmdb_id=one.tmdb_id,
        type=one.kind,
        title=one.title,
        original_title=one.original_title,
        year=one.year,
        summary=one.summary,
        poster=ARTWORK.format(one.poster) if one.poster else None,
        score=one.score,
    )
