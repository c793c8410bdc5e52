"""What a slice tells of its things so that they can be shared; nothing here names one (shares §2.1, 3.2)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, Protocol

import msgspec

from homemedia.accounts import Member
from homemedia.core.db import Reader

ThingState = Literal["there", "trashed", "offline"]


class Cover(msgspec.Struct, frozen=True):
    """What a grant may name and still cover a thing.

    Attributes:
        is_direct: a grant that does not inherit covers it as well.
    """

    target_type: str
    target_id: str
    is_direct: bool = True


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """Something that can be shared.

    Attributes:
        kind: what a person calls it: film, show, album, image, video, library, folder, …
        owner_id: the member it belongs to; None for what belongs to the house, so to every administrator.
        count: how many things a container holds, 1 for a single one, None where it is dear to know.
        covers: itself first.
    """

    target_type: str
    target_id: str
    title: str
    kind: str
    owner_id: str | None
    state: ThingState = "there"
    count: int | None = None
    covers: tuple[Cover, ...] = ()


class Target(Protocol):
    """What a slice knows of its own things."""

    kinds: frozenset[str]

    async def look(self, read: Reader, target_type: str, target_ids: Sequence[str]) -> Mapping[str, Thing]:
        """Things by id; what is gone, and what is another slice's, is left out."""

    async def seen(self, read: Reader, member: Member, target_type: str, target_ids: Sequence[str]) -> set[str]:
        """Those that a member may open, whatever it is by; his limits have been applied."""


class Targets:
    """Every slice's things."""

    def __init__(self) -> None:
        self._targets: list[Target] = []

    def register(self, target: Target) -> None:
        """Let a slice's things be shared."""
        self._targets.append(target)

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset().union(*(target.kinds for target in self._targets))

    async def look(self, read: Reader, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Thing]:
        """Things by kind and id; what is gone is left out."""
        found: dict[tuple[str, str], Thing] = {}
        for target_type, ids in _by_kind(wanted).items():
            for target in self._targets:
                if target_type in target.kinds:
                    things = await target.look(read, target_type, sorted(ids))
                    found |= {(target_type, target_id): thing for target_id, thing in things.items()}
        return found

    async def one(self, read: Reader, target_type: str, target_id: str) -> Thing | None:
        return (await self.look(read, [(target_type, target_id)])).get((target_type, target_id))

    async def seen(self, read: Reader, member: Member, target_type: str, target_ids: Sequence[str]) -> set[str]:
        """Those that a member may open."""
        found: set[str] = set()
        for target in self._targets:
            if target_type in target.kinds:
                found |= await target.seen(read, member, target_type, target_ids)
        return found


def _by_kind(wanted: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    grouped: dict[str, set[str]] = {}
    for target_type, target_id in wanted:
        grouped.setdefault(target_type, set()).add(target_id)
    return grouped
