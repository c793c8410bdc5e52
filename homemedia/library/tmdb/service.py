"""What administrators do with TMDb: look for what an item is, say it, have it asked again.

Two items that are matched to the same film stay two, with rating keys and watch states of their own: whether their
files are versions of one film is told by names and folders, and a wrong match must not mix two films.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.problems import BadRequest, Conflict, NotFound
from homemedia.library.editing import history
from homemedia.library.naming.titles import Ids
from homemedia.library.tmdb import facts, score, store
from homemedia.library.tmdb.asking import LONGEST
from homemedia.library.tmdb.client import TmdbClient
from homemedia.library.tmdb.decide import Decision, kind_of
from homemedia.library.tmdb.keys import KeyRing
from homemedia.library.tmdb.matcher import Matcher
from homemedia.library.tmdb.pictures import Candidate, PictureHouse, candidate_id, offered
from homemedia.library.tmdb.problems import KeyRefused, NotConfigured, NotThere, TmdbError
from homemedia.library.tmdb.score import Rated
from homemedia.library.tmdb.store import Place
from homemedia.library.tmdb.titles import Title, load
from homemedia.library.tmdb.writing import Scribe, facts_of

_log = logging.getLogger(__name__)

MATCHED_LIBRARIES = frozenset({"movie", "show"})
MATCHED_KINDS = frozenset({"movie", "show", "season", "episode"})
MOST_RESULTS = 20
# What a forced match does not take from a person.
KEPT_BY_FORCE = frozenset({"labels", "tmdb_id", "imdb_id", "tvdb_id"})


class SearchWish(msgspec.Struct, frozen=True, kw_only=True):
    """What to look for; what is left out comes from the item."""

    title: str | None = None
    year: int | None = None
    language: str | None = None
    tmdb_id: int | None = None
    imdb_id: str | None = None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """A film or show that may be meant. `poster` is the id of a picture on offer."""

    tmdb_id: int
    kind: str
    title: str
    original_title: str
    year: int | None
    summary: str | None
    poster: str | None
    score: float


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked for, and what was found, best first."""

    title: str
    year: int | None
    results: list[Result]


class TmdbService:
    """The rules of matching by hand."""

    def __init__(
        self,
        db: Database,
        client: TmdbClient,
        scribe: Scribe,
        matcher: Matcher,
        pictures: PictureHouse,
        keys: KeyRing,
        clock: Clock,
    ) -> None:
        self._db = db
        self._client = client
        self._scribe = scribe
        self._matcher = matcher
        self._pictures = pictures
        self._keys = keys
        self._clock = clock

    @property
    def is_configured(self) -> bool:
        """Whether there is a key."""
        return self._keys.secret is not None

    async def search(self, rating_key: str, wish: SearchWish) -> Results:
        """Films or shows that may be meant by an item; for seasons and episodes shows.

        Raises:
            NotFound: there is no such item.
            BadRequest: `not_matchable`.
            TmdbError: as `problems` names it.
        """
        title = await self._title(await self._place(rating_key))
        own = title.asking.tries[0]
        said = (wish.title or "").strip()[:LONGEST]
        wanted = said or own.title
        year = wish.year if wish.year is not None or said else own.year
        language = wish.language or title.item.language
        kind = title.item.kind
        if wish.tmdb_id is not None or wish.imdb_id is not None:
            answers = await self._by_id(kind, wish, language)
        else:
            answers = await self._by_title(kind, wanted, year, language)
        found = {
            entry.tmdb_id: (entry, answer) for answer in answers if (entry := facts.entry_of(kind, answer)) is not None
        }
        rated = score.ranked(wanted, year, (entry for entry, _ in found.values()))[:MOST_RESULTS]
        results = [_result(kind, one, found[one.entry.tmdb_id][1]) for one in rated]
        return Results(title=wanted, year=year, results=results)

    async def apply(self, rating_key: str, tmdb_id: int, *, force: bool, actor: Member) -> str:
        """Say which film or show an item is; no scan changes it again. Its rating key and watch state stay.

        Args:
            rating_key: of a film, a show, or something of a show.
            tmdb_id: what it is.
            force: take away what people wrote into its fields.
            actor: who says so.

        Returns:
            The id of the edit.

        Raises:
            NotFound: there is no such item, or TMDb has no such number (`tmdb_not_found`).
            BadRequest, TmdbError: as `search`.
        """
        place = await self._place(rating_key)
        self._require_key()
        title = await self._title(place)
        kind = kind_of(title.item.kind)
        answer = await self._client.details(kind, tmdb_id, language=title.item.language, is_patient=False)
        decision = Decision(tmdb_id=tmdb_id, answer=answer, score=None)
        said = facts_of(title.item, answer)
        by_hand = Ids(tmdb=tmdb_id, imdb=said.get("imdb_id"), tvdb=said.get("tvdb_id"))
        edit = _Edit(actor.user_id, "match", tuple(said) if force else ())
        await self._scribe.title(title, decision, "manual", before=edit.before, by_hand=by_hand)
        await self._follow(title, decision, edit)
        return edit.edit_id

    async def refresh(self, rating_key: str, *, force: bool, actor: Member) -> list[str]:
        """Ask TMDb again about an item that is matched.

        Returns:
            Names of the fields that differ now, as the API calls them.

        Raises:
            Conflict: `not_matched`.
            NotFound, BadRequest, TmdbError: as `apply`.
        """
        place = await self._place(rating_key)
        title = await self._title(place)
        tmdb_id = title.item.columns["tmdb_id"]
        if tmdb_id is None:
            raise Conflict("This is not matched with anything on TMDb yet.", code="not_matched")
        self._require_key()
        seen = await self._seen(place.item_id)
        answer = await self._client.details(
            kind_of(title.item.kind), tmdb_id, language=title.item.language, is_fresh=True, is_patient=False
        )
        decision = Decision(tmdb_id=tmdb_id, answer=answer, score=title.match.score)
        edit = _Edit(actor.user_id, "refresh", tuple(facts_of(title.item, answer)) if force else ())
        await self._scribe.title(
            title, decision, "manual" if title.match.state == "manual" else "auto", before=edit.before
        )
        await self._follow(title, decision, edit, is_fresh=True)
        after = await self._seen(place.item_id)
        return sorted(_wire_name(field) for field in seen.keys() | after.keys() if seen.get(field) != after.get(field))

    async def candidates(self, item_id: int) -> list[Candidate]:
        """Pictures that TMDb has of a matched film or show, the best first; none without a match or a key.

        Raises:
            TmdbError: it cannot be asked now.
        """
        title = await load(self._db.read, item_id)
        if title is None or not self.is_configured or title.item.columns["tmdb_id"] is None:
            return []
        try:
            answer = await self._client.details(
                kind_of(title.item.kind),
                title.item.columns["tmdb_id"],
                language=title.item.language,
                is_patient=False,
            )
        except NotThere:
            return []
        found = facts.pictures(answer, title.item.language)
        return [*offered("thumb", "poster", found.thumbs), *offered("art", "backdrop", found.arts)]

    async def enter_key(self, text: str | None, actor: Member) -> None:
        """Use another key; None forgets it. It is tried before it is kept.

        Raises:
            BadRequest: `tmdb_key_refused`.
            Conflict: the key is given from outside.
            Unreachable: TMDb cannot be asked, so the key is not kept.
        """
        if text is None:
            await self._keys.keep(None, actor.user_id)
            return
        secret = self._keys.checked(text)
        try:
            await self._client.check(secret)
        except KeyRefused:
            raise BadRequest(
                "TMDb refuses this key. Look at themoviedb.org, in your account's settings under API.",
                code="tmdb_key_refused",
                field="key",
            ) from None
        await self._keys.keep(secret, actor.user_id)
        await self._matcher.wish_again()

    # Inside

    async def _follow(self, title: Title, decision: Decision, edit: "_Edit", *, is_fresh: bool = False) -> None:
        """What follows from a decision: pictures, seasons with their episodes; their stills come by the job.

        The decision stands already, so what cannot be fetched now is left to the job as well.
        """
        item = title.item
        is_done = False
        try:
            await self._scribe.title_pictures(item, decision.answer, is_patient=False)
            if item.kind == "show":
                for season_id, _ in await store.seasons(self._db.read, item.item_id):
                    await self._scribe.season(
                        season_id, decision.tmdb_id, is_fresh=is_fresh, is_patient=False, before=edit.before
                    )
            is_done = True
        except TmdbError as err:
            _log.info("the rest of %s comes later: %s", title.name, err.message)
        async with self._db.write() as tx:
            await tx.run(store.DONE if is_done else store.OWE_ONE, {"item_id": item.item_id})
            if item.kind == "show":
                await tx.run(store.OWE_BELOW, {"item_id": item.item_id})
            await self._matcher.wish(tx, item.library_id)

    async def _place(self, rating_key: str) -> Place:
        place = await store.by_key(self._db.read, rating_key)
        if place is None:
            raise NotFound("There is no such title.")
        if place.library_kind not in MATCHED_LIBRARIES or place.kind not in MATCHED_KINDS or place.top_id is None:
            raise BadRequest("Only films and shows are looked up on TMDb.", code="not_matchable")
        return place

    async def _title(self, place: Place) -> Title:
        title = await load(self._db.read, place.top_id) if place.top_id is not None else None
        if title is None:
            raise NotFound("There is no such title.")
        return title

    def _require_key(self) -> None:
        if not self.is_configured:
            raise NotConfigured

    async def _by_id(self, kind: str, wish: SearchWish, language: str) -> list[dict[str, Any]]:
        number = wish.tmdb_id
        if number is None and wish.imdb_id is not None:
            number = await self._client.find(kind_of(kind), wish.imdb_id, source="imdb_id", is_patient=False)
        if number is None:
            return []
        try:
            return [await self._client.details(kind_of(kind), number, language=language, is_patient=False)]
        except NotThere:
            return []

    async def _by_title(self, kind: str, title: str, year: int | None, language: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for narrowed in dict.fromkeys((year, None)):
            found += await self._client.search(kind_of(kind), title, year=narrowed, language=language, is_patient=False)
        return found

    async def _seen(self, item_id: int) -> dict[str, Any]:
        """What people see of an item, to tell what a refresh changed."""
        rows = await self._db.read(store.SEEN, {"item_id": item_id})
        return dict(rows[0]) if rows else {}


class _Edit:
    """An edit that is written in several transactions; `unlocked` are fields that people's words are taken from."""

    def __init__(self, actor_id: str, what: str, unlocked: Sequence[str]) -> None:
        self._actor_id = actor_id
        self._what = what
        self._unlocked = [field for field in unlocked if field not in KEPT_BY_FORCE]
        self.edit_id = ""

    async def before(self, tx: Write, item_ids: Sequence[int]) -> None:
        """Write down what these are like; the first of all is the film or show itself."""
        if self.edit_id:
            await history.record_more(tx, self.edit_id, item_ids)
            return
        self.edit_id = await history.record(tx, item_ids, actor_id=self._actor_id, what=self._what)
        if self._unlocked:
            fields = msgspec.json.encode(self._unlocked).decode()
            for item_id in item_ids:
                await tx.run(store.UNLOCK, {"item_id": item_id, "fields": fields})
                await tx.run(store.UNLOCK_OTHERS, {"item_id": item_id, "fields": fields})


def _result(kind: str, rated: Rated, answer: Mapping[str, Any]) -> Result:
    poster = facts.picture_name(answer.get("poster_path"))
    return Result(
        tmdb_id=rated.entry.tmdb_id,
        kind=kind,
        title=rated.entry.title,
        original_title=rated.entry.original_title or rated.entry.title,
        year=rated.entry.year,
        summary=facts.summary(answer),
        poster=candidate_id("poster", poster) if poster else None,
        score=round(max(0.0, rated.score), 2),
    )


def _wire_name(field: str) -> str:
    head, *rest = field.split("_")
    return head + "".join(part.title() for part in rest)
