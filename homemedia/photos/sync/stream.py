"""One answer of the sync stream: the lines an app lacks, page by page as they are sent."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

import msgspec

from homemedia.accounts import Member
from homemedia.accounts.photo_account import store as accounts
from homemedia.core.db import Reader
from homemedia.core.ids import uuid7_of
from homemedia.photos.sync import store, wire
from homemedia.photos.sync.cursor import START, Cursor, cursor_of, end_of, update_id
from homemedia.photos.sync.kinds import Entity, Request
from homemedia.photos.sync.plan import PLAN, Contents, Given, Gone, Make, Members, OwnDocuments, Rows, Step
from homemedia.sharing.rights import Right

# So many rows are read and made into lines at once: about 5 ms of the event loop.
PAGE = 250
# So many photos of one member are rather sorted, page by page, than found among those of all: 3 ms.
FEW = 2000
OPEN_END = Cursor(1 << 47, "g", "g")
COMPLETE = "complete"
DOCUMENTS = ("preferences", "onboarding")
_encode = msgspec.json.Encoder().encode
Note = Callable[[Entity, str], Awaitable[None]]
Document = Callable[[str], Awaitable[object]]


class Stream:
    """Lines for one app.

    Args:
        read: the database; each page is a reading of its own.
        actor: who asks.
        acks: what his app acknowledged, by the name of the kind.
        now: ms.
        note: writes an acknowledgement down that the app need not make itself.
        documents: what a member set for himself, by the name of the document.
    """

    def __init__(
        self,
        read: Reader,
        actor: Member,
        acks: Mapping[str, str],
        now: int,
        *,
        note: Note,
        documents: Mapping[str, Document],
    ) -> None:
        self._read = read
        self._actor = actor
        self._acks = acks
        self._note = note
        self._documents = documents
        self._until = START
        self._has_few = False
        self._args: dict[str, object] = {
            "viewer_id": actor.user_id,
            "granted_at": now,
            "right": int(Right.VIEW),
            "right_to_know": int(Right.SEE_METADATA),
            # Hiding and showing again lets an app begin anew.
            "with_hidden": 0,
            "limit": PAGE,
        }

    async def lines(self, requests: Iterable[Request]) -> AsyncIterator[bytes]:
        """The lines in their order, some hundreds at a time."""
        self._until = end_of(await store.last_stamp(self._read))
        self._has_few = await store.count(self._read, self._actor.user_id) <= FEW
        has_partners = await store.has_partners(self._read, self._args)
        wanted = set(requests)
        for request, steps in PLAN.items():
            if request in wanted:
                for step in steps:
                    if isinstance(step, Rows) and step.is_of_partners and not has_partners:
                        continue
                    async for lines in self._serve(step):
                        yield b"".join(lines)
        # Later lines may be newer than the beginning; their names are never above the last one's.
        end = end_of(await store.last_stamp(self._read))
        yield line(Entity.COMPLETE, wire.Nothing(), end.text)

    def _serve(self, step: Step) -> AsyncIterator[list[bytes]]:
        match step:
            case Gone():
                return self._pages(step.entity, step.sql, wire.gone, more={"kind": step.kind})
            case Rows():
                sql = step.sql_of_few if self._has_few and step.sql_of_few else step.sql
                return self._pages(step.entity, sql, step.make, until=OPEN_END if step.is_open else None)
            case Given():
                return self._given(step)
            case Contents():
                return self._contents(step)
            case Members():
                return self._members(step)
            case OwnDocuments():
                return self._own_documents()

    async def _pages(
        self,
        entity: Entity,
        sql: str,
        make: Make,
        *,
        until: Cursor | None = None,
        more: Mapping[str, object] = MappingProxyType({}),
    ) -> AsyncIterator[list[bytes]]:
        args = {**self._args, **more, **(until or self._until).args("to")}
        async for rows in self._rows(sql, args, self._known(entity) or START):
            yield [line(entity, make(row), id_of(row)) for row in rows]

    async def _rows(self, sql: str, args: dict[str, object], cursor: Cursor) -> AsyncIterator[Sequence[sqlite3.Row]]:
        while found := await self._read(sql, {**args, **cursor.args("from")}):
            is_last = len(found) < PAGE
            # Of rows with one name a page has all or none, so that the next one begins behind them.
            rows = found if is_last else _without_half(found)
            yield rows
            if is_last:
                return
            cursor = cursor_of(id_of(rows[-1])) or START

    async def _given(self, step: Given) -> AsyncIterator[list[bytes]]:
        so_far = self._acks.get(step.entity.value, "").split("|")[1:]
        since, reached = so_far if len(so_far) > 1 else ("", "")
        givers = await self._read(step.givers, {**self._args, "since": since, "until": self._until.text})
        upto = self._known(step.of)
        if upto is None:
            if givers:
                await self._note(step.entity, f"{step.entity.value}|{givers[-1]['create_id']}|{COMPLETE}")
            return
        for giver in givers:
            create_id = giver["create_id"]
            if create_id == since and reached == COMPLETE:
                continue
            begin = cursor_of(reached) if create_id == since else None
            args = {**self._args, **upto.args("to"), "target_id": giver["target_id"]}
            async for rows in self._rows(step.sql, args, begin or START):
                yield [line(step.entity, step.make(row), create_id, id_of(row)) for row in rows]
            yield [ack_line(step.entity, create_id, COMPLETE)]

    async def _contents(self, step: Contents) -> AsyncIterator[list[bytes]]:
        known = self._known(step.created)
        in_albums = self._known(Entity.ALBUM_TO_ASSET)
        if known is not None:
            known = max(known, in_albums or START, key=lambda one: (one.stamp, one.key))
            async for lines in self._pages(step.updated, step.updated_sql, step.make, more=known.args("known")):
                yield lines
        is_first = step.updated.value not in self._acks
        async for lines in self._pages(step.created, step.created_sql, step.make):
            yield ([ack_line(step.updated, self._until.text)] if is_first else []) + lines
            is_first = False

    async def _members(self, step: Members) -> AsyncIterator[list[bytes]]:
        found = {one.member.user_id: one for one in await accounts.accounts(self._read, with_removed=True)}
        own = self._actor.user_id if step.is_own else None
        kinds = '["account"]' if step.is_own else '["public"]'
        make = wire.auth_user if step.is_own else wire.user
        args = {**self._args, **OPEN_END.args("to"), "user_id": own, "kinds": kinds}
        async for rows in self._rows(store.MARKS, args, self._known(step.entity) or START):
            told = [row for row in rows if row["user_id"] in found]
            yield [line(step.entity, make(found[row["user_id"]]), id_of(row)) for row in told]

    async def _own_documents(self) -> AsyncIterator[list[bytes]]:
        me = self._actor.user_id
        kinds = msgspec.json.encode(DOCUMENTS).decode()
        args = {**self._args, **self._until.args("to"), "user_id": me, "kinds": kinds}
        async for rows in self._rows(store.MARKS, args, self._known(Entity.USER_METADATA) or START):
            lines = []
            for row in rows:
                value = await self._documents[row["kind"]](me)
                told = wire.SyncUserMetadata(user_id=me, key=row["kind"], value=value)
                lines.append(line(Entity.USER_METADATA, told, id_of(row)))
            yield lines

    def _known(self, entity: Entity) -> Cursor | None:
        """How far an app has the lines of a kind; None when it never acknowledged one."""
        ack = self._acks.get(entity.value)
        return None if ack is None else cursor_of(ack.split("|")[1])


def line(entity: Entity, data: object, *ids: str) -> bytes:
    return _encode(wire.Line(entity.value, data, "|".join((entity.value, *ids)))) + b"\n"


def ack_line(entity: Entity, *ids: str) -> bytes:
    """A line that says nothing but how far an app has come with another kind."""
    return _encode(wire.Line(Entity.ACK.value, wire.Nothing(), "|".join((entity.value, *ids)))) + b"\n"


def id_of(row: sqlite3.Row) -> str:
    """The name of a row's state."""
    if "mark" in row.keys():  # noqa: SIM118 - a row is no mapping: `in` would look through its values
        return str(row["mark"])
    return update_id(row["stamp"], row["key"]) if row["key"] else uuid7_of(row["stamp"])


def _without_half(rows: Sequence[sqlite3.Row]) -> Sequence[sqlite3.Row]:
    last = id_of(rows[-1])
    whole = next((at for at in range(len(rows) - 1, -1, -1) if id_of(rows[at]) != last), None)
    return rows if whole is None else rows[: whole + 1]
