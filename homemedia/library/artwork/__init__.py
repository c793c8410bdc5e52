"""Posters, stills and backgrounds of items: found beside the films, or made from them, and served in any size."""

from homemedia.library.artwork.maker import ArtworkMaker

__all__ = ["ArtworkMaker"]
