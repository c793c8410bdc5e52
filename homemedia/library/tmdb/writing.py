"""Brings items in line with what TMDb answers: films and shows with their pictures, seasons with their episodes."""

from typing import Any

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.library.metadata import store as metadata_store
from homemedia.library.metadata.settle import Change
from homemedia.library.metadata.store import ItemRow
from homemedia.library.naming.titles import Ids
from homemedia.library.tmdb import facts, store
from homemedia.library.tmdb.client import ANSWERS_LAST_MS, Answer, TmdbClient
from homemedia.library.tmdb.decide import Decision, kind_of
from homemedia.library.tmdb.pictures import PictureHouse
from homemedia.library.tmdb.problems import NotThere
from homemedia.library.tmdb.store import State
from homemedia.library.tmdb.titles import Before, Title, row_of, rows_of, write_down

# An answer that lacks an episode we hold may be from before it was entered.
LACKING_LASTS_MS = 6 * 3600 * 1000


class Scribe:
    """Writes what was decided and what is known.

    Args:
        db: where it stands.
        client: whom to ask for seasons.
        pictures: fetches what is shown.
        clock: the time.
    """

    def __init__(self, db: Database, client: TmdbClient, pictures: PictureHouse, clock: Clock) -> None:
        self._db = db
        self._client = client
        self._pictures = pictures
        self._clock = clock

    async def title(
        self,
        title: Title,
        decision: Decision,
        state: State,
        *,
        before: Before | None = None,
        by_hand: Ids | None = None,
    ) -> set[int]:
        """Write a decision on a film or show; the ids of what looks different now, pictures apart.

        Args:
            title: as it was read.
            decision: with the answer, or without a match: then all that TMDb once said of it goes.
            state: what the match is from now on.
            before: called in the transaction, before anything changes.
            by_hand: ids to be written down as a person's word.
        """
        item = title.item
        answer = decision.answer
        online = facts_of(item, answer) if answer is not None else {}
        values = {
            "item_id": item.item_id,
            "state": state,
            "tmdb_id": decision.tmdb_id,
            "asked": title.asking.mark,
            "score": decision.score,
            "now": self._clock.now_ms(),
            "problem": decision.problem,
        }
        changed_id = decision.tmdb_id != title.match.tmdb_id

        def also(connection: Any) -> None:  # noqa: ANN401 - sqlite3's, as in `Write.call`
            store.set_match(connection, values)
            if by_hand is not None:
                for name, value in msgspec.structs.asdict(by_hand).items():
                    row = {"item_id": item.item_id, "field": f"{name}_id", "value": msgspec.json.encode(value).decode()}
                    connection.execute(store.PUT_ID, row)
            if item.kind == "show" and changed_id:
                connection.execute(store.OWE_BELOW, {"item_id": item.item_id})

        change = Change(item=item, seen=None, online=online, named=title.names.ids)
        people = facts.portraits(item.kind, answer) if answer is not None else {}
        return await write_down(self._db, self._clock, [change], portraits=people, before=before, also=also)

    async def title_pictures(self, item: ItemRow, answer: Answer | None, *, is_patient: bool = True) -> bool:
        """Fetch poster and background; whether anything changed. Without an answer those of before go.

        Raises:
            TmdbError: they cannot be fetched now.
        """
        found = facts.pictures(answer, item.language) if answer is not None else facts.Pictures()
        fetch = self._pictures.download
        thumb = await fetch(item.item_id, item.library_id, "thumb", "poster", found.thumbs, is_patient=is_patient)
        art = await fetch(item.item_id, item.library_id, "art", "backdrop", found.arts, is_patient=is_patient)
        return thumb or art

    async def season(
        self,
        season_id: int,
        show_tmdb_id: int | None,
        *,
        is_fresh: bool = False,
        is_patient: bool = True,
        before: Before | None = None,
    ) -> tuple[Answer | None, set[int]]:
        """Write what is known of a season and its episodes, by one request.

        Args:
            season_id: of ours.
            show_tmdb_id: its show's match; None when there is none.
            is_fresh: ask even when an answer is remembered.
            is_patient: wait when TMDb wants to be asked later.
            before: called in each transaction, before anything changes.

        Returns:
            The answer, None when TMDb has no such season; and the ids of what looks different now.
        """
        item = await row_of(self._db.read, season_id)
        if item is None:
            return None, set()
        ours = await store.episodes(self._db.read, season_id)
        answer = await self._ask(item, show_tmdb_id, ours, is_fresh=is_fresh, is_patient=is_patient)
        ids = [season_id, *(one.item_id for one in ours)]
        rows, known = await rows_of(self._db.read, ids), await metadata_store.known(self._db.read, ids)
        online = {season_id: facts.season(answer) if answer is not None else {}}
        for one in ours:
            told = _episodes(answer, one)
            online[one.item_id] = facts.episode(told) if told else {}
        changes = [
            Change(item=rows[item_id], seen=None, online=said)
            for item_id, said in online.items()
            if item_id in rows and said != known[item_id].fields.get("tmdb", {})
        ]
        changed = await write_down(self._db, self._clock, changes, before=before) if changes else set()
        return answer, changed

    async def season_pictures(self, season_id: int, answer: Answer | None) -> None:
        """Fetch a season's poster and the stills of its episodes.

        Raises:
            TmdbError: they cannot be fetched now.
        """
        item = await row_of(self._db.read, season_id)
        if item is None:
            return
        poster = facts.one_picture(answer, "poster_path") if answer is not None else None
        await self._pictures.download(
            season_id, item.library_id, "thumb", "poster", [poster] if poster is not None else []
        )
        for one in await store.episodes(self._db.read, season_id):
            stills = (facts.one_picture(told, "still_path") for told in _episodes(answer, one))
            first = next((still for still in stills if still is not None), None)
            await self._pictures.download(
                one.item_id, item.library_id, "thumb", "still", [first] if first is not None else []
            )

    async def _ask(
        self,
        season: ItemRow,
        show_tmdb_id: int | None,
        ours: list[store.Numbered],
        *,
        is_fresh: bool,
        is_patient: bool,
    ) -> Answer | None:
        number = season.columns["number"]
        if show_tmdb_id is None or number is None:
            return None
        for lasts_ms in (0,) if is_fresh else (ANSWERS_LAST_MS, LACKING_LASTS_MS):
            try:
                answer = await self._client.season(
                    show_tmdb_id, number, language=season.language, lasts_ms=lasts_ms, is_patient=is_patient
                )
            except NotThere:
                return None
            if all(_episodes(answer, one) for one in ours):
                break
        return answer


def facts_of(item: ItemRow, answer: Answer) -> dict[str, Any]:
    """The fields that an answer gives a film or show."""
    say = facts.film if kind_of(item.kind) == "movie" else facts.show
    return say(answer, language=item.language, country=item.country)


def _episodes(answer: Answer | None, ours: store.Numbered) -> list[Any]:
    if answer is None:
        return []
    return facts.episodes_of(answer, number=ours.number, number_end=ours.number_end, air_date=ours.air_date)
