"""HTTP of finding photos (photos §6.5, 10.2, 10.4)."""

from collections.abc import Awaitable, Callable, Sequence

from homemedia.accounts.models import Anybody, Caller
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.routes import Routes
from homemedia.core.problems import BadRequest
from homemedia.photos.search import EXPLORED_CITIES, PHOTOS_OF_A_CITY, Order, Search, Slice, offset_of
from homemedia.photos.search_wire import (
    KINDS,
    USUAL_SIZE,
    USUAL_SMART_SIZE,
    ExploreAnswer,
    Explored,
    FilterBody,
    LargeQuery,
    MetadataSearchBody,
    NamedPlace,
    PlacesQuery,
    RandomSearchBody,
    SearchAnswer,
    SmartSearchBody,
    SuggestionsQuery,
    TotalAnswer,
    named_place,
    search_answer,
)
from homemedia.photos.whereabouts import Town
from homemedia.photos.wire import Asset

BODY_BYTES = 32 << 20


async def _unknown(_name: str) -> Sequence[Town]:
    return ()


class SearchRoutes:
    """Searches of photos.

    Args:
        search: finds them.
        towns_of: towns by their name, wherever they are; none where nobody knows any.
    """

    routes = Routes("photos", prefix="/api/search", family=Family.PHOTOS)

    def __init__(self, search: Search, towns_of: Callable[[str], Awaitable[Sequence[Town]]] | None = None) -> None:
        self._search = search
        self._towns_of = towns_of or _unknown

    @routes.post("/metadata", permission="asset.read", max_body=BODY_BYTES)
    async def by_facts(self, actor: Anybody, body: MetadataSearchBody) -> SearchAnswer:
        """Find photos that are as asked for; with nothing asked for, all of them."""
        size = body.size or USUAL_SIZE
        part = Slice(size, offset_of(body.page, body.cursor, size))
        found = await self._search.by_facts(
            actor, body.wanted, part, order=body.sorted, has_people=bool(body.with_people)
        )
        return search_answer(found, size)

    @routes.post("/smart", permission="asset.read", max_body=BODY_BYTES)
    async def by_words(self, actor: Caller, body: SmartSearchBody) -> SearchAnswer:
        """Find photos of which something is said, or that look like another."""
        size = body.size or USUAL_SMART_SIZE
        part = Slice(size, offset_of(body.page, body.cursor, size))
        has_people = bool(body.with_people)
        if body.query_asset_id is not None and not (body.query or "").strip():
            like = checked_uuid(body.query_asset_id, "queryAssetId")
            return search_answer(await self._search.alike(actor, like, body.wanted, part, has_people=has_people), size)
        if not (body.query or "").strip():
            raise BadRequest("Either `query` or `queryAssetId` must be set")
        found = await self._search.by_words(actor, body.query or "", body.wanted, part, has_people=has_people)
        return search_answer(found, size)

    @routes.post("/statistics", permission="asset.statistics", max_body=BODY_BYTES)
    async def count(self, actor: Caller, body: FilterBody) -> TotalAnswer:
        """Count the photos that are as asked for."""
        return TotalAnswer(total=await self._search.count(actor, body.wanted))

    @routes.post("/random", permission="asset.read", max_body=BODY_BYTES)
    async def random(self, actor: Caller, body: RandomSearchBody) -> list[Asset]:
        """Pick some of the photos that are as asked for, others every time."""
        return await self._search.some(
            actor, body.wanted, body.size or USUAL_SIZE, order=Order("random"), has_people=bool(body.with_people)
        )

    @routes.post("/large-assets", permission="asset.read", max_body=BODY_BYTES)
    async def largest(self, actor: Caller, query: LargeQuery, body: FilterBody | None = None) -> list[Asset]:
        """List the largest photos and videos, the largest first."""
        wanted = (body or FilterBody()).wanted
        return await self._search.largest(actor, wanted, query.min_file_size, query.size)

    @routes.get("/suggestions", permission="asset.read")
    async def suggestions(self, actor: Caller, query: SuggestionsQuery) -> list[str | None]:
        """List what there is to search for: countries, cities, cameras."""
        if query.type is None and query.query is None:
            raise BadRequest(
                "Validation failed", field="type", reason="Invalid input: expected string, received undefined"
            )
        kinds = KINDS if query.type is None else (query.type,)
        return await self._search.values(actor, kinds, query.wanted, query=query.query, has_null=query.include_null)

    @routes.get("/explore", permission="asset.read")
    async def explore(self, actor: Caller) -> list[ExploreAnswer]:
        """Show cities with many photos, and what came in last."""
        cities = await self._search.cities(actor, at_least=PHOTOS_OF_A_CITY, limit=EXPLORED_CITIES)
        newest = await self._search.newest(actor, EXPLORED_CITIES)
        return [
            ExploreAnswer(
                field_name="exifInfo.city", items=[Explored(value=city, data=asset) for city, asset in cities]
            ),
            ExploreAnswer(field_name="createdAt", items=[Explored(value=one.created_at, data=one) for one in newest]),
        ]

    @routes.get("/cities", permission="asset.read")
    async def cities(self, actor: Caller) -> list[Asset]:
        """Show one photo of each city."""
        return [asset for _, asset in await self._search.cities(actor)]

    @routes.get("/places", permission="asset.read")
    async def places(self, actor: Caller, query: PlacesQuery) -> list[NamedPlace]:  # noqa: ARG002 - any member may
        """List towns by their name; none where there are no names of places."""
        return [named_place(town) for town in await self._towns_of(query.name)]
