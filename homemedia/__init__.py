"""HomeMedia: the films, shows and home videos of one household, on every screen in the house."""

__version__ = "0.1.0"

__all__ = ["__version__"]
