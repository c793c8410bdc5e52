"""The one grant: who may see or do what with whose things."""

from homemedia.sharing.events import GrantsChanged
from homemedia.sharing.grants import Grants
from homemedia.sharing.rights import Granted, libraries_of

__all__ = ["Granted", "Grants", "GrantsChanged", "libraries_of"]
