"""What is announced after a commit when members put their photos in order: ids, never contents."""

import msgspec


class StacksChanged(msgspec.Struct, frozen=True, kw_only=True):
    """Photos of a member came into a stack, or out of one."""

    owner_id: str


class PeopleChanged(msgspec.Struct, frozen=True, kw_only=True):
    """People on a member's photos are new, have other names or faces, or are gone; `faced`: who looks different now."""

    owner_id: str
    faced: tuple[str, ...] = ()


class TagsChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A member's tags are others, or have other colours."""

    owner_id: str


class MemoriesChanged(msgspec.Struct, frozen=True, kw_only=True):
    """There is something new for a member to remember, or less."""

    owner_id: str
