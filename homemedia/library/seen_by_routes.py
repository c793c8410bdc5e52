"""HTTP of "what does this member see", for administrators."""

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts import Admin
from homemedia.accounts.restrictions import RestrictionsBody
from homemedia.accounts.wire import Libraries
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Wire
from homemedia.library.browse_wire import ItemCard
from homemedia.library.seen_by import MOST_CARDS, SeenBy, Sight, Why, Wish


class SeenByBody(Wire, frozen=True, kw_only=True):
    """Whose eyes, and what is to be tried on him first; nothing of it is kept.

    Without `userId`: somebody who is yet to come. `cards`: how many titles of each sort to show.
    """

    user_id: str | None = None
    restrictions: RestrictionsBody | None = None
    libraries: Libraries | UnsetType = UNSET
    cards: Annotated[int, msgspec.Meta(ge=0, le=MOST_CARDS)] = MOST_CARDS


class HiddenCard(Wire, frozen=True, kw_only=True):
    """A title that is not seen. `word` is the rating or label that keeps it away, or the age it is for."""

    item: ItemCard
    why: Why
    word: str | None


class SeenTitles(Wire, frozen=True, kw_only=True):
    count: int
    items: list[ItemCard]


class HiddenTitles(Wire, frozen=True, kw_only=True):
    count: int
    items: list[HiddenCard]


class LibrarySight(Wire, frozen=True, kw_only=True):
    """A library as somebody sees it; `open` is false where he is not let in at all."""

    id: str
    name: str
    type: str
    open: bool
    seen: SeenTitles
    hidden: HiddenTitles


class SeenByAnswer(Wire, frozen=True, kw_only=True):
    libraries: list[LibrarySight]


class SeenByRoutes:
    routes = Routes("library", prefix="/api/home/library")

    def __init__(self, eyes: SeenBy) -> None:
        self._eyes = eyes

    @routes.post("/seen-by")
    async def look(self, actor: Admin, body: SeenByBody) -> SeenByAnswer:  # noqa: ARG002 - any administrator may
        """Show what a member sees of each library and what not, also with limits that are only tried."""
        wish = Wish(user_id=body.user_id, restrictions=body.restrictions, libraries=body.libraries, cards=body.cards)
        return SeenByAnswer(libraries=[_sight(one) for one in await self._eyes.look(wish)])


def _sight(sight: Sight) -> LibrarySight:
    hidden = [HiddenCard(item=one.card, why=one.why, word=one.word) for one in sight.hidden]
    return LibrarySight(
        id=sight.library_id,
        name=sight.name,
        type=sight.kind,
        open=sight.is_open,
        seen=SeenTitles(count=sight.seen_count, items=sight.seen),
        hidden=HiddenTitles(count=sight.hidden_count, items=hidden),
    )
