"""What open pages hear: frames of our own client's channel, and the photo apps' channel beside it."""

from typing import Any, Protocol

import msgspec
from aiohttp import web

from homemedia.accounts import (
    HouseholdChanged,
    InvitesChanged,
    Member,
    MemberChanged,
    PictureChanged,
    SessionEnded,
    SessionsChanged,
)
from homemedia.accounts.codes.senders import CodeShown
from homemedia.app.accounts import Accounts
from homemedia.app.base import Base
from homemedia.app.entrance import Entrance
from homemedia.app.sharing import Sharing
from homemedia.core.http.live import LiveChannel
from homemedia.library.events import ItemsChanged, LibrariesChanged, ScanFinished, ScanProgressed, ScanStarted
from homemedia.library.sight import LibrarySight
from homemedia.notifications import InboxChanged, NoticeTold
from homemedia.notifications.wire import share_notice
from homemedia.photos.albums.events import AlbumChanged, AlbumGone, AlbumTalk, PartnersChanged
from homemedia.photos.events import PhotosChanged, PhotosDeleted, PhotosReady, PhotosRestored, PhotosTrashed
from homemedia.photos.live.channel import AppChannel
from homemedia.photos.live.news import News
from homemedia.photos.organise.events import MemoriesChanged, PeopleChanged, StacksChanged, TagsChanged
from homemedia.playback import WatchlistChanged, WatchStateChanged
from homemedia.playback.activity import SENTENCES
from homemedia.playback.events import ActivityChanged, PlaybackStopped
from homemedia.server.photo.wire import VersionAnswer
from homemedia.sharing import GrantsChanged
from homemedia.sharing.events import LinkChanged, SharesChanged

PhotoEvent = PhotosChanged | PhotosReady | PhotosTrashed | PhotosRestored | PhotosDeleted
PHOTO_FRAMES: dict[type[PhotoEvent], str] = {
    PhotosChanged: "photos.changed",
    PhotosReady: "photos.ready",
    PhotosTrashed: "photos.trashed",
    PhotosRestored: "photos.restored",
    PhotosDeleted: "photos.deleted",
}
MAX_TOLD_IDS = 100


class Sight(Protocol):
    """What a slice keeps at hand of who sees what, for as long as he listens."""

    async def learn(self, member: Member) -> None:
        """Look what a member sees by now."""

    def forget(self, session_id: str) -> None:
        """A session has ended."""


class Live:
    """The channels.

    Attributes:
        sights: asked to look whenever somebody begins to listen, or his rights change.
        channel: our own client's.
        apps: the photo apps'.
    """

    def __init__(self, base: Base, entrance: Entrance, accounts: Accounts, sharing: Sharing) -> None:
        self._base = base
        self._guard = entrance.guard
        self._members = accounts.members
        self._sharing = sharing
        self._sight = LibrarySight(base.db, base.clock)
        self.sights: list[Sight] = [self._sight]
        self.channel = LiveChannel(base.bus, self._who_listens, base.clock)
        self.apps = AppChannel(
            self._guard.of_app_socket,
            self._members.fresh,
            lambda: ("on_server_version", VersionAnswer()),
            base.clock,
        )

    def start(self) -> None:
        """Tell from now on."""
        stack = self._base.stack
        self._follow()
        self._tell_of_house()
        self._tell_of_library()
        self._tell_of_playback()
        self._tell_of_photos()
        self._tell_of_notices()
        stack.push("live channel", self.channel.close)
        stack.push("app channel", self.apps.close)
        News(self._base.db, self.apps, self._base.bus)

    async def close(self) -> None:
        """End every socket; who listens comes back by himself."""
        await self.channel.close()
        await self.apps.close()

    async def _who_listens(self, request: web.Request, token: str | None) -> Any:  # noqa: ANN401 - the live channel knows no members
        member = await self._guard.of_socket(request, token)
        await self._learn(member)
        return member

    async def _who_listens_still(self, member: Member) -> Member | None:
        fresh = await self._members.fresh(member)
        if fresh is not None:
            await self._learn(fresh)
        return fresh

    async def _learn(self, member: Member) -> None:
        for sight in self.sights:
            await sight.learn(member)

    def _forget(self, event: SessionEnded) -> None:
        for sight in self.sights:
            sight.forget(event.session_id)

    def _follow(self) -> None:
        """Who may hear what changes while he listens."""
        bus, live, transfers = self._base.bus, self.channel, self._sharing.transfers
        live.renew = self._who_listens_still
        live.is_same = lambda one, other: one.user_id == other.user_id
        bus.subscribe(SessionEnded, self._forget)
        bus.subscribe(MemberChanged, lambda _event: live.look_again())
        bus.subscribe(GrantsChanged, lambda _event: live.look_again())
        bus.subscribe(GrantsChanged, lambda event: transfers.look_again(event.user_id))
        bus.subscribe(MemberChanged, lambda event: self._sharing.shares.welcome(event.user_id))
        bus.subscribe(LinkChanged, lambda event: transfers.look_again(f"share:{event.share_id}"))
        bus.subscribe(SessionEnded, lambda event: live.end(lambda actor: actor.session_id == event.session_id))

    def _tell_of_house(self) -> None:
        forward = self.channel.forward
        forward(
            SharesChanged,
            "shares.changed",
            "shares",
            _nothing_more,
            lambda actor, event: actor.is_admin or event.is_household or actor.user_id in event.user_ids,
        )
        forward(HouseholdChanged, "household.changed", "system", _nothing_more)
        forward(
            MemberChanged,
            "member.changed",
            "members",
            lambda event: {"user_id": event.user_id},
            lambda actor, event: actor.is_admin or actor.user_id == event.user_id,
        )
        forward(InvitesChanged, "invites.changed", "members", _nothing_more, _is_admin)
        forward(
            SessionsChanged,
            "sessions.changed",
            "members",
            lambda event: {"user_id": event.user_id},
            lambda actor, event: actor.is_admin or actor.user_id == event.user_id,
        )
        forward(CodeShown, "codes.changed", "members", _nothing_more, _is_admin)
        # Only who is there can have a picture, and everybody sees it.
        forward(PictureChanged, "member.picture", "members", lambda event: {"user_id": event.user_id})

    def _tell_of_library(self) -> None:
        forward = self.channel.forward
        forward(
            ItemsChanged,
            "library.changed",
            "library",
            lambda event: {"library_id": event.library_id, "cursor": event.stamp},
            lambda actor, event: self._sight.sees(actor, event.library_id),
        )
        forward(LibrariesChanged, "libraries.changed", "library", _nothing_more)
        forward(ScanStarted, "scan.started", "scans", _scan_frame, _is_admin)
        forward(ScanProgressed, "scan.progress", "scans", _scan_frame, _is_admin)
        forward(ScanFinished, "scan.finished", "scans", _scan_frame, _is_admin)

    def _tell_of_playback(self) -> None:
        forward = self.channel.forward
        forward(
            WatchStateChanged,
            "playback.progress",
            "playback",
            lambda event: {"rating_key": event.rating_key},
            lambda actor, event: actor.user_id == event.user_id,
        )
        forward(
            WatchlistChanged,
            "playback.watchlist",
            "playback",
            lambda event: {"rating_key": event.rating_key, "watchlisted": event.is_listed},
            lambda actor, event: actor.user_id == event.user_id,
        )
        forward(
            ActivityChanged,
            "playback.activity",
            "playback",
            _nothing_more,
            lambda actor, event: actor.is_admin or actor.user_id in event.user_ids,
        )
        forward(
            PlaybackStopped,
            "playback.stopped",
            "playback",
            _stopped_frame,
            lambda actor, event: actor.session_id == event.sign_in_id,
        )

    def _tell_of_photos(self) -> None:
        forward = self.channel.forward
        for kind, name in PHOTO_FRAMES.items():
            forward(kind, name, "photos", _photo_frame, _is_owner)
        forward(AlbumChanged, "album.changed", "photos", _album_frame, _is_in_album)
        forward(AlbumGone, "album.gone", "photos", _album_frame, _is_in_album)
        forward(AlbumTalk, "album.talk", "photos", _album_frame, _is_in_album)
        forward(TagsChanged, "photos.tags", "photos", _nothing_more, _owns)
        forward(StacksChanged, "photos.stacks", "photos", _nothing_more, _owns)
        forward(PeopleChanged, "photos.people", "photos", _nothing_more, _owns)
        forward(MemoriesChanged, "photos.memories", "photos", _nothing_more, _owns)
        forward(
            PartnersChanged,
            "partners.changed",
            "photos",
            lambda event: {"shared_by_id": event.shared_by_id, "shared_with_id": event.shared_with_id},
            lambda actor, event: actor.user_id in {event.shared_by_id, event.shared_with_id},
        )

    def _tell_of_notices(self) -> None:
        forward = self.channel.forward
        forward(
            InboxChanged,
            "notifications.changed",
            "notifications",
            lambda event: {"unread": event.unread},
            lambda actor, event: actor.user_id == event.user_id,
        )
        forward(
            NoticeTold,
            "share.notification",
            "notifications",
            lambda event: msgspec.to_builtins(share_notice(event.notice)) if event.notice.family == "share" else None,
            lambda actor, event: actor.user_id == event.notice.user_id,
        )


def _is_admin(actor: Member, _event: object) -> bool:
    return actor.is_admin


def _scan_frame(event: ScanStarted | ScanProgressed | ScanFinished) -> dict[str, Any]:
    return {"scan": {"scan_id": str(event.scan_id), "library_id": event.library_id}}


def _photo_frame(event: PhotoEvent) -> dict[str, Any]:
    return {"photo_ids": event.photo_ids[:MAX_TOLD_IDS]}


def _is_owner(actor: Member, event: PhotoEvent) -> bool:
    return actor.user_id == event.owner_id


def _nothing_more(_event: object) -> dict[str, Any]:
    return {}


def _owns(actor: Member, event: TagsChanged | StacksChanged | PeopleChanged | MemoriesChanged) -> bool:
    return actor.user_id == event.owner_id


def _album_frame(event: AlbumChanged | AlbumGone | AlbumTalk) -> dict[str, Any]:
    return {"album_id": event.album_id}


def _is_in_album(actor: Member, event: AlbumChanged | AlbumGone | AlbumTalk) -> bool:
    return actor.user_id in event.user_ids


def _stopped_frame(event: PlaybackStopped) -> dict[str, Any]:
    return {
        "session_id": event.session_id,
        "rating_key": event.rating_key,
        "file_id": event.file_id,
        "why": event.why,
        "message": SENTENCES[event.why],
    }
