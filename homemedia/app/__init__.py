"""The composition root: builds every part of one household's server once, in order, and stops them in reverse.

Nothing else builds services. Siblings that must know of each other meet here, through a protocol or an event. Each
slice has a module, which receives what it stands on and answers its routes; `server.py` has the order.
"""

from homemedia.app.offline import approve_member, list_waiting, reset_password
from homemedia.app.routes import api_document, declared_routes
from homemedia.app.server import Server

__all__ = ["Server", "api_document", "approve_member", "declared_routes", "list_waiting", "reset_password"]
