"""The server about itself: info, health, status, the folder picker. The services are made in `app/`."""

from homemedia.server.facts import ActiveSession, ItemCounts, LibraryFacts, NoLibrary, NoPlayback, PlaybackFacts

__all__ = ["ActiveSession", "ItemCounts", "LibraryFacts", "NoLibrary", "NoPlayback", "PlaybackFacts"]
