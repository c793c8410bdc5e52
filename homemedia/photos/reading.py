"""The one maker of what the photo API calls an asset, for every route that answers some."""

import itertools
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import cast

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts import Guest, Member
from homemedia.accounts.photo_account import store as accounts
from homemedia.accounts.photo_account.wire import PublicUser, public_user
from homemedia.core.db import Reader
from homemedia.photos import store, visible
from homemedia.photos.wire import Asset, PersonCard, TagCard, asset, bare_asset, person_card, stack_mark, tag_card

# So many are read and made at once: about 6 ms of the event loop.
BATCH = 250


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """Which parts of an asset that not every answer has are filled."""

    has_people: bool = True
    has_owner: bool = False


FULL = Shape(has_owner=True)
USUAL = Shape()
WITHOUT_PEOPLE = Shape(has_people=False)


async def for_actor(
    read: Reader, photo_ids: Iterable[str], actor: Member | Guest, *, at_ms: int, shape: Shape = USUAL
) -> list[Asset]:
    """As `assets`, for a member or for who holds a link, at a time in ms: each is told what he may know."""
    return [one async for batch in batches_for(read, photo_ids, actor, at_ms=at_ms, shape=shape) for one in batch]


async def batches_for(
    read: Reader, photo_ids: Iterable[str], actor: Member | Guest, *, at_ms: int, shape: Shape = USUAL
) -> AsyncIterator[list[Asset]]:
    """As `batches`, for a member or for who holds a link, at a time in ms: each is told what he may know."""
    rest = iter(photo_ids)
    while wanted := list(itertools.islice(rest, BATCH)):
        rows = await store.shown(read, wanted)
        if isinstance(actor, Guest):
            yield [_for_guest(row, knows_facts=visible.knows_facts(actor)) for row in rows]
            continue
        others = [row["photo_id"] for row in rows if row["owner_id"] != actor.user_id]
        untold = await visible.untold(read, actor, at_ms, others)
        told = await _dressed(read, [row for row in rows if row["photo_id"] not in untold], actor.user_id, shape)
        if not untold:
            yield told
            continue
        made = {one.id: one for one in told}
        yield [made.get(row["photo_id"]) or _for_guest(row, knows_facts=False) for row in rows]


def _for_guest(row: sqlite3.Row, *, knows_facts: bool) -> Asset:
    """What a link shows of a photo: no path of this machine, nothing that its owner alone says of it."""
    if not knows_facts:
        # A part of what members get: the document names no answer twice.
        return cast("Asset", bare_asset(row))
    found = asset(row, is_own=False)
    return msgspec.structs.replace(found, original_path=found.original_file_name, library_id=None)


async def assets(read: Reader, photo_ids: Iterable[str], *, viewer_id: str, shape: Shape = USUAL) -> list[Asset]:
    """Photos as answers, in this order; those that are not there are left out. Who may see them is asked before.

    Everything is told of them: for photos that may be another's there is `for_actor`.

    Args:
        read: a reader, or `Write.rows` inside a transaction.
        photo_ids: which.
        viewer_id: who is shown them; "" for the visitor of a link.
        shape: what is filled.
    """
    return [one async for batch in batches(read, photo_ids, viewer_id=viewer_id, shape=shape) for one in batch]


async def one_asset(read: Reader, photo_id: str, *, viewer_id: str, shape: Shape = USUAL) -> Asset | None:
    """One photo as an answer; None when there is none."""
    found = await assets(read, [photo_id], viewer_id=viewer_id, shape=shape)
    return found[0] if found else None


async def batches(
    read: Reader, photo_ids: Iterable[str], *, viewer_id: str, shape: Shape = USUAL
) -> AsyncIterator[list[Asset]]:
    """As `assets`, a few hundred at a time: for answers that are sent as they are made."""
    rest = iter(photo_ids)
    while wanted := list(itertools.islice(rest, BATCH)):
        rows = await store.shown(read, wanted)
        yield await _dressed(read, rows, viewer_id, shape)


async def _dressed(read: Reader, rows: Sequence[sqlite3.Row], viewer_id: str, shape: Shape) -> list[Asset]:
    own = [row["photo_id"] for row in rows if row["owner_id"] == viewer_id]
    tags: dict[str, list[TagCard]] = defaultdict(list)
    people: dict[str, list[PersonCard]] = defaultdict(list)
    if own:
        for row in await store.tags(read, own):
            tags[row["photo_id"]].append(tag_card(row))
    if own and shape.has_people:
        for row in await store.people(read, own):
            people[row["photo_id"]].append(person_card(row))
    stack_ids = {row["stack_id"] for row in rows if row["stack_id"]}
    stacks = {key: stack_mark(row) for key, row in (await store.stacks(read, stack_ids)).items()} if stack_ids else {}
    owners = await _owners(read, {row["owner_id"] for row in rows}) if shape.has_owner else {}
    return [
        asset(
            row,
            is_own=row["owner_id"] == viewer_id,
            stack=stacks.get(row["stack_id"]),
            people=people.get(row["photo_id"], ()),
            tags=tags.get(row["photo_id"], ()),
            owner=owners.get(row["owner_id"], UNSET),
        )
        for row in rows
    ]


async def _owners(read: Reader, user_ids: set[str]) -> dict[str, PublicUser | UnsetType]:
    found: dict[str, PublicUser | UnsetType] = {}
    for user_id in user_ids:
        account = await accounts.account(read, user_id, with_removed=True)
        found[user_id] = UNSET if account is None else public_user(account)
    return found
