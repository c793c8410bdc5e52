"""The web client and the pages that carry it. Plain files; the server adds nothing but the address of the build."""

from homemedia.web.files import ClientFiles
from homemedia.web.pages import Pages

__all__ = ["ClientFiles", "Pages"]
