"""What every slice is built on: database, jobs, events, the time, what was decided before the start."""

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.events import EventBus
from homemedia.core.jobs import Jobs
from homemedia.core.lifecycle import Stack
from homemedia.core.places import Places
from homemedia.library.audience import catch_up, keep_audiences
from homemedia.settings import Settings

# Jobs at once, by lane.
LANES = {"scan": 2, "image": 1, "online": 3, "upkeep": 1, "index": 1, "idle": 1, "photos": 1, "renditions": 1}


class Base:
    """The ground of one household's server.

    Attributes:
        stack: who is entered here ends with the server, in reverse order.
    """

    db: Database
    jobs: Jobs

    def __init__(self, settings: Settings, places: Places, clock: Clock) -> None:
        self.settings = settings
        self.places = places
        self.clock = clock
        self.bus = EventBus()
        self.stack = Stack()

    async def open(self) -> None:
        """Open the database, which is migrated already; jobs and events follow what it commits."""
        self.db = await Database.open(self.places.database, clock=self.clock)
        self.stack.push("database", self.db.close)
        keep_audiences(self.db)
        await catch_up(self.db)
        self.db.on_events = self.bus.publish
        self.stack.push("events", self.bus.close)
        self.jobs = Jobs(self.db, self.clock)
        for name, limit in LANES.items():
            self.jobs.lane(name, limit)
        self.db.on_jobs = self.jobs.wake
