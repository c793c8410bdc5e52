"""The pictures of TMDb as the edit page offers them."""

from collections.abc import Sequence
from pathlib import Path

from homemedia.library.editing.pictures import REMOTE, RemotePicture
from homemedia.library.tmdb.pictures import PictureHouse
from homemedia.library.tmdb.problems import TmdbError
from homemedia.library.tmdb.service import TmdbService

MOST_OF_A_KIND = 30


class TmdbPictures:
    """What TMDb offers; nothing when it cannot be asked."""

    def __init__(self, tmdb: TmdbService, house: PictureHouse) -> None:
        self._tmdb = tmdb
        self._house = house

    async def candidates(self, item_id: int) -> Sequence[RemotePicture]:
        """What can be chosen for an item, the best first."""
        try:
            found = await self._tmdb.candidates(item_id)
        except TmdbError:
            return []
        return [
            RemotePicture(
                id=REMOTE + one.id,
                kind=one.kind,
                url=f"/api/artwork/{one.id}/thumb",
                width=one.width,
                height=one.height,
            )
            for kind in ("thumb", "art")
            for one in [one for one in found if one.kind == kind][:MOST_OF_A_KIND]
        ]

    async def fetch(self, candidate_id: str) -> Path | None:
        """The picture itself."""
        return await self._house.picture_of(candidate_id.removeprefix(REMOTE), whole=True)
