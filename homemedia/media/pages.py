"""First pages of PDFs as pictures, by PDFium (as Chrome shows them, without its scripts). Worker only."""

from pathlib import Path

import pypdfium2
from PIL import Image

from homemedia.core.problems import NotFound, Unprocessable
from homemedia.media.images import image_facts, saved
from homemedia.media.models import ImageFacts, StillRequest

# A page of a metre drawn for a screen; what is smaller is drawn no larger than so many pixels a point.
MOST_PIXELS_A_POINT = 4.0


def first_page(request: StillRequest) -> ImageFacts:
    """Save the first page as JPEG, `max_width` pixels along its longer side.

    Raises:
        NotFound: `file_missing`.
        Unprocessable: `page_unreadable`: no PDF, a damaged one, one behind a password; `not_written`.
    """
    saved(_drawn(request.source, request.max_width), request.target)
    return image_facts(request.target)


def _drawn(source: str, max_side: int) -> Image.Image:
    if not Path(source).is_file():
        raise NotFound("The document is not there any more.", code="file_missing")
    try:
        with pypdfium2.PdfDocument(source) as document:
            page = document[0]
            width, height = page.get_size()
            if not (width >= 1 and height >= 1):
                raise _unreadable()
            scale = min(max_side / max(width, height), MOST_PIXELS_A_POINT)
            # The bytes are PDFium's, and go with the document.
            image: Image.Image = page.render(scale=scale, rev_byteorder=True).to_pil()
            return image.convert("RGB").copy()
    except (pypdfium2.PdfiumError, IndexError, OSError, ValueError, MemoryError) as err:
        raise _unreadable() from err


def _unreadable() -> Unprocessable:
    return Unprocessable("The first page of this document cannot be shown.", code="page_unreadable")
