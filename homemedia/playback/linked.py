"""Streams for who holds a link: as for members, under the name of the visit (shares §6.5)."""

import re
from typing import Final

from homemedia.accounts import Member
from homemedia.playback import renditions
from homemedia.playback.advice import Adviser
from homemedia.playback.decide import Wish
from homemedia.playback.planning import film_of, maker_of
from homemedia.playback.profiles import parse
from homemedia.playback.renditions import SubtitleSource
from homemedia.playback.sessions import Order, Sessions

_LINE: Final = re.compile(r"^(?![#\s])(?=.)", re.MULTILINE)
_URI: Final = 'URI="'


class LinkedStreams:
    """As `sharing.links.slices.LinkStreams`."""

    def __init__(self, adviser: Adviser, sessions: Sessions, subtitles: SubtitleSource) -> None:
        self._adviser = adviser
        self._sessions = sessions
        self._subtitles = subtitles

    async def open(self, player: Member, file_id: int, *, profile: str | None, address: str) -> str:
        """Begin a stream; its list of variants, whose addresses are whole and carry a token of the visit."""
        advice = await self._adviser.advise(player, file_id, parse(profile or "web"), Wish(), needs_stream=True)
        film = film_of(advice, 0)
        order = Order(
            film=film,
            maker=maker_of(advice, film, burnt=None, bitmaps=None, failed=self._adviser.means.failed),
            pace=advice.means.pace,
            # Who loads the page anew leaves no stream behind.
            client_name=player.session_id,
            address=address,
            folder=advice.means.temp_dir,
        )
        session = await self._sessions.open(player, order)
        if film.subtitles:
            await self._subtitles.expect(film.file)
        return whole(renditions.master(session), f"/api/transcode/{session.session_id}/")

    def end(self, visits: str) -> None:
        """The visits whose names begin so are over, and their streams with them."""
        self._sessions.end_of_visits(visits)

    def end_others(self, visits: str, current: str) -> None:
        """As `end`, but for those whose names begin as `current`."""
        self._sessions.end_of_visits(visits, but=current)


def whole(text: str, base: str) -> str:
    """A playlist that is read at another address than the one its own addresses start from."""
    return _LINE.sub(base, text).replace(_URI, _URI + base)
