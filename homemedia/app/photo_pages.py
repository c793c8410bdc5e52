"""Photos as members see them: timelines, searches, albums, people, what they are put in order by."""

from collections.abc import Awaitable, Callable
from typing import Any

from homemedia.accounts.photo_account.preferences import PhotoPreferenceService
from homemedia.app.accounts import Accounts
from homemedia.app.base import Base
from homemedia.app.entrance import Entrance
from homemedia.app.sharing import Sharing
from homemedia.core.db import Write
from homemedia.library.rendition import KeptRenditions
from homemedia.media.photo_models import PhotoFacts
from homemedia.media.tools import MediaTools
from homemedia.photos.again import Again
from homemedia.photos.albums.activities import Activities
from homemedia.photos.albums.activity_routes import ActivityRoutes as AlbumActivityRoutes
from homemedia.photos.albums.contents import Contents
from homemedia.photos.albums.members import Members
from homemedia.photos.albums.partner_routes import PartnerRoutes
from homemedia.photos.albums.partners import Partners
from homemedia.photos.albums.routes import AlbumRoutes
from homemedia.photos.albums.service import Albums
from homemedia.photos.albums.telling import Teller
from homemedia.photos.assets import Assets
from homemedia.photos.assets_routes import AssetRoutes, MetadataRoutes
from homemedia.photos.changes import Changes
from homemedia.photos.downloads import Downloads
from homemedia.photos.downloads_routes import DownloadRoutes
from homemedia.photos.folders_routes import FolderRoutes as PhotoFolderRoutes
from homemedia.photos.index import PhotoIndex
from homemedia.photos.meaning import Meaning
from homemedia.photos.organise.duplicate_routes import DuplicateRoutes
from homemedia.photos.organise.duplicates import Duplicates
from homemedia.photos.organise.faces import Faces
from homemedia.photos.organise.memories import Memories
from homemedia.photos.organise.memory_routes import MemoryRoutes
from homemedia.photos.organise.people import People as PhotoPeople
from homemedia.photos.organise.people_routes import PeopleRoutes
from homemedia.photos.organise.portraits import Portraits
from homemedia.photos.organise.stack_routes import StackRoutes
from homemedia.photos.organise.stacks import Stacks
from homemedia.photos.organise.tag_routes import TagRoutes
from homemedia.photos.organise.tags import Tags
from homemedia.photos.removal import Removal
from homemedia.photos.search import Search
from homemedia.photos.search_routes import SearchRoutes
from homemedia.photos.settle import Settle
from homemedia.photos.settle_store import Owed
from homemedia.photos.shared_links import SharedLinks
from homemedia.photos.shared_links_routes import SharedLinkRoutes
from homemedia.photos.sidecars import Sidecars
from homemedia.photos.timeline import Timeline
from homemedia.photos.timeline_routes import MapRoutes, TimelineRoutes
from homemedia.photos.whereabouts import Place, Whereabouts

PAGE_ROUTES: tuple[Any, ...] = (
    AlbumRoutes,
    AlbumActivityRoutes,
    PartnerRoutes,
    SharedLinkRoutes,
    TagRoutes,
    StackRoutes,
    PeopleRoutes,
    MemoryRoutes,
    DuplicateRoutes,
    AssetRoutes,
    MetadataRoutes,
    TimelineRoutes,
    MapRoutes,
    SearchRoutes,
    DownloadRoutes,
    PhotoFolderRoutes,
)


class PhotoPages:
    """What shows photos.

    Attributes:
        contents: what lies in albums.
    """

    contents: Contents

    def __init__(self, base: Base, entrance: Entrance, accounts: Accounts, sharing: Sharing) -> None:
        self._base = base
        self._entrance = entrance
        self._accounts = accounts
        self._sharing = sharing

    def albums(self, removal: Removal) -> tuple[object, ...]:
        """What members put together and show each other."""
        db, clock, grants, sharing = self._base.db, self._base.clock, self._entrance.grants, self._sharing
        preferences = PhotoPreferenceService(db, self._accounts.preferences)
        contents = self.contents = Contents(db, grants, clock)
        members = Members(db, grants, clock)
        albums = Albums(db, grants, contents, members, preferences.album_order, clock)
        partners = Partners(db, grants, clock)
        teller = Teller(grants, clock)
        removal.before.append(contents.leaving)
        self._accounts.members.purgers.extend((albums.forget, partners.forget, grants.forget))
        return (
            AlbumRoutes(db, albums, contents, members, teller, clock),
            SharedLinkRoutes(
                db,
                SharedLinks(db, sharing.shares, albums.access, clock),
                sharing.links,
                sharing.link_door,
                teller,
                self._entrance.site,
                sharing.visit,
            ),
            AlbumActivityRoutes(db, Activities(db, grants, clock)),
            PartnerRoutes(db, partners),
        )

    def organised(
        self, tools: MediaTools, settle: Settle, removal: Removal, kept: KeptRenditions, sidecars: Sidecars
    ) -> tuple[object, ...]:
        """What photos are put in order by."""
        db, clock, config = self._base.db, self._base.clock, self._accounts.photo_config
        preferences = PhotoPreferenceService(db, self._accounts.preferences)
        tags, stacks = Tags(db, clock), Stacks(db, clock)
        tags.after_edit = sidecars.tagged
        people, faces = PhotoPeople(db, preferences.least_faces, clock), Faces(db, clock)
        memories, duplicates = Memories(db, clock), Duplicates(db)

        async def take_faces(tx: Write, photo: Owed, facts: PhotoFacts) -> None:
            if config.takes_faces:
                await faces.take_faces(tx, photo, facts)

        settle.after_facts.extend((tags.take_keywords, take_faces))
        settle.after_all.append(duplicates.look)
        removal.before.append(faces.leaving)
        self._entrance.sweeper.more.append(memories.sweep)
        self._accounts.members.purgers.extend((tags.forget, stacks.forget, people.forget, memories.forget))
        return (
            TagRoutes(tags),
            StackRoutes(db, stacks),
            PeopleRoutes(people, faces, Portraits(db, kept, tools)),
            MemoryRoutes(db, memories, clock),
            DuplicateRoutes(db, duplicates),
        )

    async def browse(
        self,
        shown: Meaning,
        sidecars: Sidecars,
        whereabouts: Whereabouts,
        place_of: Callable[[float, float], Awaitable[Place]],
        wake: Callable[[Write, object], Awaitable[None]],
    ) -> tuple[object, ...]:
        """What members look at, look for and edit."""
        base, db, clock = self._base, self._base.db, self._base.clock
        index = await base.stack.enter("photo index", PhotoIndex(db, base.bus))
        search = Search(db, index, clock)
        search.showing, search.showing_same = shown.of_words, shown.of_photo
        assets = Assets(db, clock)
        self._accounts.photo_accounts.counts = assets.totals
        changes = Changes(db, clock)
        changes.place_of = place_of
        changes.after_leaving = self.contents.left
        changes.after_edit = sidecars.wish
        again = Again(db, clock)
        again.wake = wake
        downloads = await base.stack.enter("downloads", Downloads(db, search, clock))
        downloads.preferences_of = self._accounts.photo_preferences.of
        download_routes = DownloadRoutes(downloads)
        download_routes.held = self._sharing.held
        return (
            AssetRoutes(assets, changes, search, again),
            MetadataRoutes(changes),
            TimelineRoutes(Timeline(db, search, clock)),
            MapRoutes(search, place_of),
            PhotoFolderRoutes(db),
            SearchRoutes(search, whereabouts.named),
            download_routes,
        )
