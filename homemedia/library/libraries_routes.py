"""HTTP: libraries and their scans, for administrators (watch contract 3.4)."""

import msgspec

from homemedia.accounts import Admin, Member
from homemedia.core.http.routes import Routes
from homemedia.core.problems import NotFound
from homemedia.library.browse import Browse
from homemedia.library.browse_wire import LibraryCard
from homemedia.library.jobs import ScanDesk, Ticket
from homemedia.library.libraries import LibraryService
from homemedia.library.libraries_wire import (
    Deleted,
    LibraryAnswer,
    LibraryChanges,
    NewLibrary,
    ProblemPage,
    ProblemQuery,
    RefreshRequest,
    ScanRequest,
    ScanStatus,
    ScanTicket,
    error_wire,
    last_wire,
    running_wire,
)
from homemedia.library.models import Library, LibraryKind, Problem

ERRORS_SHOWN = 50
MAX_LIMIT = 200
# What a request without a body asks for.
WHOLE, EVERYTHING = ScanRequest(), RefreshRequest()


class LibraryAdminRoutes:
    routes = Routes("library", prefix="/api")

    def __init__(self, libraries: LibraryService, desk: ScanDesk, browse: Browse) -> None:
        self._libraries = libraries
        self._browse = browse
        self._desk = desk

    @routes.post("/libraries", status=201)
    async def create_library(self, actor: Admin, body: NewLibrary) -> LibraryAnswer:
        """Make a library of some folders and begin to scan it."""
        paths = body.paths or ((body.path,) if body.path else ())
        library = await self._libraries.create(
            actor, name=body.name, kind=body.type, paths=paths, language=body.language, options=body.options
        )
        return LibraryAnswer(library=await self._card(actor, library))

    @routes.put("/libraries/{id}")
    async def change_library(self, actor: Admin, id: str, body: LibraryChanges) -> LibraryAnswer:
        """Change a library's name, folders, language, options or place."""
        library = await self._libraries.change(
            id,
            name=body.name,
            kind=body.type,
            paths=body.paths or ((body.path,) if body.path else None),
            language=body.language,
            options=body.options,
            position=body.position,
        )
        return LibraryAnswer(library=await self._card(actor, library))

    @routes.delete("/libraries/{id}")
    async def remove_library(self, actor: Admin, id: str) -> Deleted:
        """Remove a library; its files stay where they are, what was watched is kept."""
        await self._libraries.remove(actor, id)
        return Deleted(id=id)

    @routes.post("/libraries/{id}/scan", status=202)
    async def scan_library(self, actor: Admin, id: str, body: ScanRequest = WHOLE) -> ScanTicket:
        """Look for what changed in a library, or in one folder of it."""
        _ = actor
        library = await self._libraries.listed(id)
        return _ticket(await self._desk.scan_folder(library, body.path, force=body.force))

    @routes.post("/libraries/{id}/refresh", status=202)
    async def refresh_library(self, actor: Admin, id: str, body: RefreshRequest = EVERYTHING) -> ScanTicket:
        """Read NFO, tags and artwork of every item again."""
        _ = actor
        library = await self._libraries.listed(id)
        return _ticket(await self._desk.refresh(library.library_id, body.mode))

    @routes.get("/scan-status")
    async def scan_status(self, actor: Admin) -> ScanStatus:
        """What is being scanned, and how the last scan and refresh of each library ended."""
        # What lies in another member's heap is told to nobody.
        told = {
            library.library_id: library.name
            for library in await self._libraries.all()
            if library.kind is not LibraryKind.FOLDER or library.owner_id == actor.user_id
        }
        scans = [running_wire(row, told.get(row.key, ""), is_told=row.key in told) for row in await self._desk.open()]
        last = []
        for result in await self._desk.last():
            errors: list[Problem] = []
            if result.library_id in told:
                errors, _ = await self._libraries.problems(result.library_id, offset=0, limit=ERRORS_SHOWN)
            last.append(last_wire(result, errors))
        is_scanning = any(scan.state == "running" for scan in scans)
        return ScanStatus(scanning=is_scanning, paused=self._desk.is_paused, scans=scans, last=last)

    @routes.delete("/home/library/scans/{scan_id}")
    async def cancel_scan(self, actor: Admin, scan_id: int) -> Deleted:
        """End a scan; what it found so far stays."""
        _ = actor
        await self._desk.cancel(scan_id)
        return Deleted(id=str(scan_id))

    @routes.get("/home/library/{id}/problems")
    async def list_problems(self, actor: Admin, id: str, query: ProblemQuery) -> ProblemPage:
        """Everything of a library that could not be listed or read, and why."""
        _ = actor
        await self._libraries.listed(id)
        limit = min(query.limit, MAX_LIMIT)
        problems, count = await self._libraries.problems(id, offset=query.offset, limit=limit)
        return ProblemPage(
            problems=[error_wire(problem) for problem in problems],
            total_count=count,
            offset=query.offset,
            limit=limit,
        )

    async def _card(self, actor: Member, library: Library) -> LibraryCard:
        """The library as the list shows it.

        Raises:
            NotFound: somebody removed it meanwhile.
        """
        cards = (await self._browse.libraries(actor)).libraries
        found = next((card for card in cards if card.id == library.library_id), None)
        if found is None:
            raise NotFound("There is no such library.")
        # Its scan may still be waiting for its turn.
        is_scanning = any(row.key == library.library_id for row in await self._desk.open())
        return msgspec.structs.replace(found, scanning=is_scanning)


def _ticket(ticket: Ticket) -> ScanTicket:
    return ScanTicket(status=ticket.status, scan_id=str(ticket.scan_id))
