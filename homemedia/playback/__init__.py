"""Watching: where each member is in what, what comes next, what may please."""

from homemedia.playback.store import WATCH_SQL

__all__ = ["WATCH_SQL"]
