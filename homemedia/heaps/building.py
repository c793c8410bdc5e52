"""What needs a document that is built: inside the worker only (heaps §4.5-4.7).

Every document is made empty and given all of it, merged, at once; edits of ours are taken from the event of their
transaction, which holds exactly them.
"""

import contextlib
from collections.abc import Iterator
from typing import Any, Final

import msgspec
import pycrdt

from homemedia.core.problems import Unprocessable
from homemedia.heaps import crdt

META: Final = "meta"


class MetaWish(msgspec.Struct, frozen=True, kw_only=True):
    """An edit of `meta`: fields to set; None takes one out."""

    update: bytes
    fields: dict[str, Any]


class RootsWish(msgspec.Struct, frozen=True, kw_only=True):
    """An edit of several maps of a document, by their names: keys to set; None takes one out."""

    update: bytes
    roots: dict[str, dict[str, Any]]


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    updates: tuple[bytes, ...]


class Grow(msgspec.Struct, frozen=True, kw_only=True):
    known: bytes
    known_vector: bytes
    data: bytes


class Compare(msgspec.Struct, frozen=True, kw_only=True):
    update: bytes
    vector: bytes


def edit_meta(wish: MetaWish) -> bytes:
    """The update that sets fields of a document's `meta`.

    Raises:
        Unprocessable: `block_unreadable`.
    """
    doc = built(wish.update)
    meta = doc.get(META, type=pycrdt.Map)
    told: list[bytes] = []
    subscription = doc.observe(lambda event: told.append(event.update))
    with doc.transaction():
        for name, value in wish.fields.items():
            if value is not None:
                meta[name] = value
            elif name in meta:
                del meta[name]
    doc.unobserve(subscription)
    return crdt.merged(told)


def edit_roots(wishes: list[RootsWish]) -> list[bytes]:
    """As `edit_meta`, for many documents and more of each; b"" for one that cannot be read."""
    return [_edited(wish) for wish in wishes]


def _edited(wish: RootsWish) -> bytes:
    try:
        doc = built(wish.update)
    except Unprocessable:
        return b""
    told: list[bytes] = []
    subscription = doc.observe(lambda event: told.append(event.update))
    with doc.transaction():
        for root, fields in wish.roots.items():
            found = doc.get(root, type=pycrdt.Map)
            for name, value in fields.items():
                if value is not None:
                    found[name] = value
                elif name in found:
                    del found[name]
    doc.unobserve(subscription)
    return crdt.merged(told) if told else crdt.EMPTY_UPDATE


def merge(wish: Merge) -> bytes:
    """As `crdt.merged`, for what is large.

    Raises:
        Unprocessable: `invalid_update`.
    """
    with _told():
        return crdt.merged(wish.updates)


def grow(wish: Grow) -> crdt.Grown:
    """As `crdt.grown`, for what is large.

    Raises:
        Unprocessable: `invalid_update`.
    """
    with _told():
        return crdt.grown(wish.known, wish.known_vector, wish.data)


def vector(update: bytes) -> bytes:
    """As `crdt.vector_of`, for what is large.

    Raises:
        Unprocessable: `invalid_update`.
    """
    with _told():
        return crdt.vector_of(update)


def compare(wish: Compare) -> bytes:
    """As `crdt.lacking`, for what is large.

    Raises:
        Unprocessable: `invalid_update`.
    """
    with _told():
        return crdt.lacking(wish.update, wish.vector)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """What is no update is told across the pipe by its code."""
    try:
        yield
    except (crdt.InvalidUpdateError, crdt.InvalidVectorError) as err:
        raise Unprocessable("These bytes are no update.", code=crdt.INVALID) from err


def built(update: bytes) -> "pycrdt.Doc[Any]":
    """A document of all of it.

    Raises:
        Unprocessable: `block_unreadable`.
    """
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    try:
        with crdt.judged():
            doc.apply_update(update)
    except crdt.InvalidUpdateError as err:
        raise Unprocessable("This block's document cannot be read.", code="block_unreadable") from err
    return doc


def shrink(update: bytes) -> bytes:
    """The same document in fewer bytes, what was deleted dropped; b"" where that cannot be had without risk.

    Only without a gap and without characters of two units, up to 8 MiB, and only when state vectors before and after
    say the same (heaps §4.5).
    """
    vector = crdt.vector_of(update)
    if len(update) > crdt.MAX_BUILT_BYTES or crdt.has_astral(update) or crdt.has_gap(update, vector):
        return b""
    try:
        doc = built(update)
    except Unprocessable:
        return b""
    made = bytes(doc.get_update())
    said = crdt.decoded_vector(vector)
    if len(made) >= len(update) or crdt.decoded_vector(crdt.vector_of(made)) != said:
        return b""
    return made
