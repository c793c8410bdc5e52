"""What a damaged picture may raise. In the worker only."""

import struct
import zlib

from PIL import Image

# What Pillow raises on damaged files, by its own tests and by ours; each plug-in has its own.
DAMAGE = (
    *(OSError, ValueError, SyntaxError, EOFError, MemoryError, IndexError, KeyError, TypeError, OverflowError),
    *(struct.error, zlib.error, ZeroDivisionError, RuntimeError, Image.DecompressionBombError),
)
