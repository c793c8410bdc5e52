"""How devices find the server: mDNS. Nothing here knows films or members."""

from homemedia.discovery.announcer import Announcer
from homemedia.discovery.mdns import Announcement

__all__ = ["Announcement", "Announcer"]
