"""The families of routes: one program speaks as several documents do, and their errors differ in a few fields."""

import enum

from aiohttp import web


class Family(enum.Enum):
    """Whose document a route stands in; `HOUSE` are the watch API's and our own."""

    HOUSE = "house"
    PHOTOS = "photos"
    CLIPS = "clips"
    HEAPS = "heaps"


# Set when a typed route begins to answer: what it is, and the word an API key must carry for it ("" for none).
FAMILY: web.RequestKey[Family] = web.RequestKey("family", Family)
# By the path that was declared: of an address that is asked in a way it does not take, no route begins to answer.
FAMILIES: web.AppKey[dict[str, Family]] = web.AppKey("families")
PERMISSION: web.RequestKey[str] = web.RequestKey("permission", str)
# Whether who holds a link may ask a route at all; what he is shown is the handler's to say.
ADMITS_GUEST: web.RequestKey[bool] = web.RequestKey("admits_guest", bool)
# What an API key must carry for a route that names no word of its own.
ALL = "all"
