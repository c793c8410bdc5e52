"""Who plays what, for administrators; one's own players, for everybody; and how to end one."""

import asyncio
from collections.abc import Sequence

from homemedia.accounts import Admin, Caller, Member
from homemedia.accounts.devices_store import devices
from homemedia.core.db import Database
from homemedia.core.http.routes import Routes
from homemedia.core.problems import NotFound, Unavailable
from homemedia.library.browse_cards import Cards
from homemedia.library.files import FileService, PlayableFile
from homemedia.playback.activity import Activity, Watching
from homemedia.playback.activity_wire import ActivityAnswer, PlayCard, Plays, StopQuery, play_card, processor
from homemedia.playback.session_wire import Stopped


class ActivityRoutes:
    routes = Routes("playback", prefix="/api/home/playback")

    def __init__(self, activity: Activity, db: Database, cards: Cards, files: FileService) -> None:
        self._activity = activity
        self._db = db
        self._cards = cards
        self._files = files
        # What is known of files that are read as they are, as long as they are.
        self._known: dict[int, PlayableFile] = {}

    @routes.get("/activity")
    async def everybody(self, actor: Admin) -> ActivityAnswer:
        """List who plays what, how and at which speed, the newest first."""
        watching = self._activity.watching()
        return ActivityAnswer(playing=await self._described(actor, watching), processor=processor())

    @routes.get("/mine")
    async def mine(self, actor: Caller) -> Plays:
        """List what the caller plays, on all of his devices, the newest first."""
        watching = self._activity.watching(actor.user_id)
        return Plays(playing=await self._described(actor, watching))

    @routes.delete("/activity/{play_id}")
    async def stop(self, actor: Caller, play_id: str, query: StopQuery) -> Stopped:
        """End what one of the caller's devices plays, or as an administrator anybody's; its player says why."""
        self._activity.stop(actor, play_id, "elsewhere" if query.elsewhere else None)
        return Stopped()

    async def _described(self, actor: Member, watching: Sequence[Watching]) -> list[PlayCard]:
        if not watching:
            return []
        read = self._db.read
        found, cards, files = await asyncio.gather(
            devices(read, (one.member.session_id for one in watching)),
            self._cards.cards(read, self._cards.visible(actor), actor, [one.thing.item_id for one in watching]),
            self._files_of(actor, watching),
        )
        return [
            play_card(
                one,
                actor_sign_in=actor.session_id,
                sees_addresses=actor.is_admin,
                device=found.get(one.member.session_id),
                item=cards.get(one.thing.item_id),
                file=files.get(one.thing.file_id or 0),
            )
            for one in watching
        ]

    async def _files_of(self, actor: Member, watching: Sequence[Watching]) -> dict[int, PlayableFile]:
        """What is known of files that are read as they are."""
        found: dict[int, PlayableFile] = {}
        for number in {one.thing.file_id for one in watching if one.session is None and one.thing.file_id is not None}:
            try:
                found[number] = self._known.get(number) or await self._files.playable(actor, number)
            except (NotFound, Unavailable):
                continue
        # Others may have asked meanwhile: what they found stays for as long as somebody plays it.
        played = {file_id for _, file_id in self._activity.played()}
        self._known = {number: file for number, file in {**self._known, **found}.items() if number in played}
        return found
