"""Makes pictures in the background for items that have none: embedded covers and frame grabs."""

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.jobs import JobRun, Jobs
from homemedia.core.places import Places
from homemedia.media import MediaTools

KIND = "artwork"
LANE = "image"


class ArtworkMaker:
    """An async context manager. Call `register` before jobs start."""

    def __init__(self, db: Database, tools: MediaTools, jobs: Jobs, places: Places, clock: Clock) -> None:
        self._db = db
        self._tools = tools
        self._jobs = jobs
        self._places = places
        self._clock = clock

    def register(self) -> None:
        """Tell the queue who does jobs of kind `artwork`; the lane `image` must be declared."""
        self._jobs.register(KIND, LANE, self._work)

    async def wish(self, tx: Write, library_id: str) -> None:
        """Have pictures made for everything in this library that has none yet."""
        await tx.enqueue(KIND, library_id)

    async def _work(self, run: JobRun) -> None:
        _ = run
