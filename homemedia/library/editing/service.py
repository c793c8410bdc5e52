"""The rules of editing: what is known of an item, what a person makes of it, and how it is taken back.

A change is one edit: what stood there before is written down in the same transaction. Items of a large edit are written
a few at a time, so that a person who presses play does not wait for it.
"""

import functools
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader, Write
from homemedia.core.problems import Conflict, NotFound
from homemedia.library.artwork import store as artwork_store
from homemedia.library.artwork.models import PictureKind
from homemedia.library.artwork.settle import settle as settle_pictures
from homemedia.library.editing import history, history_store, pictures, store
from homemedia.library.editing.pictures import MOST_OWN, Choice, Given, PictureDesk
from homemedia.library.editing.settle import present, settle_item
from homemedia.library.editing.store import EditedItem
from homemedia.library.editing.wire import (
    MOST_EDITS,
    BulkAnswer,
    EditEntry,
    EditList,
    IdsAnswer,
    MediaItem,
    Restored,
)
from homemedia.library.editing.wishes import (
    FIELDS_OF,
    ID_FIELDS,
    NAMES,
    PICTURES,
    Present,
    Step,
    Wish,
    same,
    step_of,
)
from homemedia.library.events import ItemsChanged
from homemedia.library.metadata import store as facts_store
from homemedia.library.metadata.merge import merge
from homemedia.library.metadata.store import Known
from homemedia.library.search import index_items
from homemedia.library.visible import visible_to

# An item with its search words takes 2 to 3 ms; a transaction may hold others up for 50.
AT_ONCE = 12
MUSIC = frozenset({"artist", "album", "track"})
# (transaction, library): ask catalogues for what is owed there.
AskAgain = Callable[[Write, str], Awaitable[object]]
# (transaction, items): what else has to follow a change.
After = Callable[[Write, Sequence[int]], Awaitable[None]]


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What to do with one item inside a transaction."""

    item: EditedItem
    before: Known
    step: Step
    choices: Mapping[PictureKind, Choice]


class EditService:
    """Edits items on behalf of an administrator.

    Args:
        db: where items stand.
        desk: takes in pictures.
        clock: the time.
        after: told inside the transaction of changed items whose NFO is to be written.

    `match` is told of libraries in which somebody named an id; set by who knows catalogues.
    """

    def __init__(self, db: Database, desk: PictureDesk, clock: Clock, *, after: After | None = None) -> None:
        self._db = db
        self._desk = desk
        self._clock = clock
        self._after = after
        self.match: AskAgain | None = None

    async def describe(self, actor: Member, key: str) -> MediaItem:
        """Everything about an item that can be edited.

        Raises:
            NotFound: there is no such item.
        """
        return await self._described(await self._item(actor, key))

    async def change(self, actor: Member, key: str, wish: Wish) -> MediaItem:
        """Do what somebody wants of an item.

        Raises:
            NotFound: there is no such item.
            BadRequest: a picture cannot be had, or what follows from the file was to be changed.
        """
        item = await self._item(actor, key)
        choices = await self._choices(item, wish)
        edit_id = await self._write(actor, "edit" if _speaks(wish) else "artwork", [item.item_id], wish, choices)
        return msgspec.structs.replace(await self._described(await self._item(actor, key)), edit_id=edit_id[1])

    async def add_picture(self, actor: Member, key: str, kind: PictureKind, chunks: AsyncIterator[bytes]) -> MediaItem:
        """Show a picture from somebody's own machine.

        Raises:
            NotFound: there is no such item.
            TooLarge: more than 20 MiB.
            BadRequest: no picture.
        """
        item = await self._item(actor, key)
        given = await self._desk.take_in(kind, chunks)
        edit_id = await self._write(actor, "artwork", [item.item_id], Wish(), {kind: given})
        return msgspec.structs.replace(await self._described(await self._item(actor, key)), edit_id=edit_id[1])

    async def bulk(self, actor: Member, keys: Sequence[str], wish: Wish) -> BulkAnswer:
        """The same for many items; what a kind of item does not have is passed over.

        Raises:
            NotFound: none of them is there.
        """
        items = await store.by_keys(self._db.read, visible_to(actor), keys)
        if not items:
            raise NotFound("There are no such titles.")
        changed, edit_id = await self._write(actor, "bulk", [item.item_id for item in items], wish, {})
        return BulkAnswer(changed=changed, edit_id=edit_id)

    async def edits(self, limit: int) -> EditList:
        """What was edited last, newest first."""
        rows = await history_store.edits(self._db.read, min(limit, MOST_EDITS))
        return EditList(
            edits=[
                EditEntry(
                    id=str(row["edit_id"]),
                    at=row["made_at"] // 1000,
                    by=row["made_by"],
                    what=row["what"],
                    count=row["many"],
                    title=row["title"],
                    undone=row["undone_at"] is not None,
                )
                for row in rows
            ]
        )

    async def undo(self, actor: Member, edit_id: str) -> Restored:
        """Take an edit back, except for what was changed again since.

        Raises:
            NotFound: there is no such edit, or it is too long ago.
            Conflict: `already_undone`.
        """
        number = int(edit_id) if edit_id.isascii() and edit_id.isdigit() and len(edit_id) < 19 else 0
        edit, befores = await self._begun(number)
        ids = list(befores)
        restored, undoing = 0, ""
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            async with self._db.write() as tx:
                wanted = await tx.call(functools.partial(_taken_back, edit=edit, befores=befores, item_ids=some))
                undoing = await self._noted(tx, undoing, list(wanted), actor, "undo")
                stamp = await tx.stamp()
                changed = await tx.call(functools.partial(self._restored, wanted=wanted, stamp=stamp))
                await self._told(tx, changed, stamp)
                restored += len(changed)
        async with self._db.write() as tx:
            now = self._clock.now_ms()
            await tx.call(lambda connection: history_store.set_undone(connection, number, now))
        return Restored(restored=restored)

    # Reading

    async def _item(self, actor: Member, key: str) -> EditedItem:
        item = await store.by_key(self._db.read, visible_to(actor), key)
        if item is None:
            raise NotFound("There is no such title.")
        return item

    async def _described(self, item: EditedItem) -> MediaItem:
        remote = await self._desk.offered(item.item_id)
        async with self._db.snapshot() as read:
            known = (await facts_store.known(read, [item.item_id]))[item.item_id]
            lists = await store.read_written(read, item.item_id)
            rows = await pictures.rows_of(read, item.item_id)
            match = await read(store.MATCH_OF, {"item_id": item.item_id})
            paths = await _paths(read, item)
        there = present(item, known, lists)
        chosen = [kind for kind in PICTURES if any(row.kind == kind and row.is_chosen for row in rows)]
        sources = sources_of(there, known) | dict.fromkeys(chosen, "manual")
        locked = {*known.fields.get("manual", {}), *known.locked}
        columns = item.columns
        return MediaItem(
            rating_key=item.rating_key,
            type=item.kind,
            fields={name: there.values[NAMES[name]] for name in FIELDS_OF[item.kind]},
            locked=[name for name in FIELDS_OF[item.kind] if NAMES[name] in locked] + chosen,
            sources=sources,
            ids=IdsAnswer(**{name: columns[column] for name, column in ID_FIELDS.items()}),
            match_state=_match_state(match[0]["state"] if match else None, item),
            match_score=match[0]["score"] if match else None,
            paths=paths,
            artwork=pictures.offers(rows, remote),
        )

    async def _choices(self, item: EditedItem, wish: Wish) -> dict[PictureKind, Choice]:
        """The pictures a wish asks for; what has to be fetched is ours by then."""
        wanted = dict(wish.pictures)
        kinds: tuple[PictureKind, ...] = ("thumb", "art")
        rows = await pictures.rows_of(self._db.read, item.item_id)
        for kind in kinds:
            if kind in wish.unlock:
                wanted.setdefault(kind, None)
            shown = next((row for row in rows if row.kind == kind and row.is_selected), None)
            if kind in wish.lock and shown is not None and not shown.is_chosen:
                wanted.setdefault(kind, shown.offer_id)
        return {kind: await self._desk.choice(kind, wanted[kind], rows) for kind in kinds if kind in wanted}

    # Writing

    async def _write(
        self,
        actor: Member,
        what: str,
        item_ids: Sequence[int],
        wish: Wish,
        choices: Mapping[PictureKind, Choice],
    ) -> tuple[int, str | None]:
        """Change items as wished, a few at a time; how many look different, and the edit's id if any was changed."""
        edit_id, count = "", 0
        strict = len(item_ids) == 1
        for start in range(0, len(item_ids), AT_ONCE):
            some = item_ids[start : start + AT_ONCE]
            async with self._db.write() as tx:
                tasks = await tx.call(
                    functools.partial(_tasks, item_ids=some, wish=wish, choices=choices, strict=strict)
                )
                if not tasks:
                    continue
                edit_id = await self._noted(tx, edit_id, [task.item.item_id for task in tasks], actor, what)
                stamp = await tx.stamp()
                await tx.call(functools.partial(self._carried_out, tasks=tasks, stamp=stamp))
                changed = {task.item.item_id: task.item for task in tasks}
                await self._told(tx, changed, stamp)
                renamed = {task.item.library_id for task in tasks if "tmdb_id" in task.step.put}
                if self.match is not None:
                    for library_id in sorted(renamed):
                        await self.match(tx, library_id)
                count += len(changed)
        return count, edit_id or None

    async def _noted(self, tx: Write, edit_id: str, item_ids: Sequence[int], actor: Member, what: str) -> str:
        if not edit_id:
            now = self._clock.now_ms()
            return await history.record(tx, item_ids, actor_id=actor.user_id, what=what, at_ms=now)
        await history.record_more(tx, edit_id, item_ids)
        return edit_id

    def _carried_out(self, connection: sqlite3.Connection, tasks: Sequence[Task], stamp: int) -> None:
        now = self._clock.now_ms()
        for task in tasks:
            item_id = task.item.item_id
            store.put_manual(connection, item_id, task.step.put)
            store.drop_manual(connection, item_id, task.step.drop)
            if task.item.kind in {"movie", "show"} and "tmdb_id" in task.step.put:
                store.match_by_hand(connection, item_id, task.step.put["tmdb_id"])
            for kind, choice in task.choices.items():
                number = _put_picture(connection, item_id, kind, choice)
                artwork_store.choose(connection, item_id, kind, number)
            settle_item(connection, task.item, task.before, stamp=stamp, now=now)
        settle_pictures(connection, [task.item.item_id for task in tasks if task.choices], stamp=stamp, now=now)

    async def _told(self, tx: Write, changed: Mapping[int, EditedItem], stamp: int) -> None:
        """What follows a change: the search finds it, open pages hear of it, the NFO is written."""
        if not changed:
            return
        await index_items(tx, sorted(changed))
        for library_id in sorted({item.library_id for item in changed.values()}):
            tx.announce(ItemsChanged(library_id, stamp))
        saved = [item_id for item_id, item in changed.items() if item.saves_nfo]
        if self._after is not None and saved:
            await self._after(tx, saved)

    async def _begun(self, number: int) -> tuple[history_store.Edit, dict[int, history_store.State]]:
        async with self._db.write() as tx:
            edit = await tx.call(lambda connection: history_store.edit(connection, number))
            if edit is None or edit.what == "undo":
                raise NotFound("There is no such edit, or it is too long ago.")
            if edit.undone_at is not None:
                raise Conflict("This was undone already.", code="already_undone")
            return edit, await tx.call(lambda connection: history_store.befores(connection, number))

    def _restored(
        self, connection: sqlite3.Connection, wanted: Mapping[int, history_store.State], stamp: int
    ) -> dict[int, EditedItem]:
        """Make items what they were; those that are still there."""
        now = self._clock.now_ms()
        done: dict[int, EditedItem] = {}
        for item_id, state in wanted.items():
            item = store.by_id(connection, item_id)
            if item is None:
                continue
            before = facts_store.fields(connection, item_id)
            for name, value in state.items():
                history_store.put(connection, item_id, name, value)
            fresh = store.by_id(connection, item_id) or item
            settle_item(connection, fresh, before, is_undo=True, stamp=stamp, now=now)
            facts_store.update(connection, item_id, {}, stamp=stamp, now=now)
            done[item_id] = item
        with_pictures = [
            item_id
            for item_id, state in wanted.items()
            if item_id in done and any(name.startswith(("choice/", "picture/")) for name in state)
        ]
        settle_pictures(connection, with_pictures, stamp=stamp, now=now)
        return done


def _speaks(wish: Wish) -> bool:
    """Whether a wish is about more than pictures."""
    return bool(wish.fields or wish.ids or (wish.lock | wish.unlock) - set(PICTURES))


def _tasks(
    connection: sqlite3.Connection,
    item_ids: Sequence[int],
    wish: Wish,
    choices: Mapping[PictureKind, Choice],
    *,
    strict: bool,
) -> list[Task]:
    """What a wish means for some items; those with nothing to do are left out."""
    found = (_task(connection, item_id, wish, choices, strict=strict) for item_id in item_ids)
    return [task for task in found if task is not None]


def _task(
    connection: sqlite3.Connection,
    item_id: int,
    wish: Wish,
    choices: Mapping[PictureKind, Choice],
    *,
    strict: bool,
) -> Task | None:
    """What a wish means for an item; None when it is gone or there is nothing to do."""
    item = store.by_id(connection, item_id)
    if item is None:
        return None
    known = facts_store.fields(connection, item_id)
    step = step_of(wish, present(item, known, store.written_of(connection, item_id)), strict=strict)
    chosen = {row.kind: row for row in pictures.rows_in(connection, item_id) if row.is_chosen}
    news = {kind: choice for kind, choice in choices.items() if not _stands(choice, chosen.get(kind))}
    return Task(item=item, before=known, step=step, choices=news) if step or news else None


def _stands(choice: Choice, chosen: pictures.Row | None) -> bool:
    if chosen is None or choice is None:
        return chosen is None and choice is None
    if isinstance(choice, Given):
        return chosen.path == choice.path and chosen.origin == choice.origin
    return chosen.artwork_id == choice


def _put_picture(connection: sqlite3.Connection, item_id: int, kind: PictureKind, choice: Choice) -> int | None:
    if not isinstance(choice, Given):
        return choice
    picture = {"path": choice.path, "content_hash": choice.content_hash, "origin": choice.origin, **choice.facts}
    return artwork_store.put_own(connection, item_id, kind, picture, most=MOST_OWN)


def _taken_back(
    connection: sqlite3.Connection,
    edit: history_store.Edit,
    befores: Mapping[int, history_store.State],
    item_ids: Sequence[int],
) -> dict[int, history_store.State]:
    """What to set of these items to undo an edit, where there is anything."""
    current = history_store.states(connection, item_ids)
    found: dict[int, history_store.State] = {}
    for item_id, now in current.items():
        after = history_store.after(connection, edit.edit_id, item_id)
        wanted = history.taken_back(
            befores[item_id], now if after is None else after, now, by_hand=edit.what in history.BY_HAND
        )
        if wanted:
            found[item_id] = wanted
    return found


def sources_of(there: Present, known: Known) -> dict[str, str]:
    """Where the value of each field comes from, by the contract's names; fields without a value are left out. Pure."""
    winning = merge(known.fields, known.locked)
    found: dict[str, str] = {}
    for name in FIELDS_OF[there.kind]:
        field = NAMES[name]
        won = winning.get(field)
        if won is not None and (won.source == "manual" or not same(won.value, None)):
            found[name] = won.source
        elif not same(there.values[field], None):
            found[name] = "embedded" if there.kind in MUSIC else "filename"
    return found


def _match_state(state: str | None, item: EditedItem) -> str:
    if state in {"auto", "manual"}:
        return state
    return "auto" if item.columns["is_matched"] else "none"


async def _paths(read: Reader, item: EditedItem) -> list[str]:
    statement = store.FOLDERS_BELOW if item.kind in {"show", "season", "artist", "album"} else store.PATHS_OF
    return [row["path"] for row in await read(statement, {"item_id": item.item_id})]
