"""Watching: where each member is in what, what comes next, what may please."""

from homemedia.playback.events import WatchlistChanged, WatchStateChanged
from homemedia.playback.hubs import Hubs
from homemedia.playback.progress import ProgressService
from homemedia.playback.rules import Thresholds
from homemedia.playback.store import WATCH_SQL, watch_sql

__all__ = ["WATCH_SQL", "Hubs", "ProgressService", "Thresholds", "WatchStateChanged", "WatchlistChanged", "watch_sql"]
