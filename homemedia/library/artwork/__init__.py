"""Posters, stills and backgrounds of items: found beside the films, or made from them, and served in any size."""

from homemedia.library.artwork.maker import ArtworkMaker
from homemedia.library.artwork.renditions import Renditions
from homemedia.library.artwork.routes import ArtworkRoutes

__all__ = ["ArtworkMaker", "ArtworkRoutes", "Renditions"]
