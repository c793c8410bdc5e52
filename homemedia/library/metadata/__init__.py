"""What is known about items beyond their file names: NFO files, embedded tags, and which source wins."""

from homemedia.library.metadata.models import Problem, RefreshResult
from homemedia.library.metadata.reader import MetadataReader

__all__ = ["MetadataReader", "Problem", "RefreshResult"]
