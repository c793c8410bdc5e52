"""The icon in the menu bar of macOS: a black form which the bar colours itself. Needs pyobjc, which pystray brings.

Everything of AppKit is done on the main thread. Loaded when pystray's backend is chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import AppKit
import pystray
from PyObjCTools import AppHelper

POINTS = 18


def on_main(do: Callable[[], None]) -> None:
    """Have it done by AppKit's thread, soon."""
    AppHelper.callAfter(do)


class MenuBar(pystray.Icon):
    _icon_image: Any

    def _run(self) -> None:
        # No place in the Dock, wherever it was started from; a bundle says so in its Info.plist (LSUIElement).
        self._app.setActivationPolicy_(AppKit.NSApplicationActivationPolicyAccessory)
        super()._run()

    def _assert_image(self) -> None:
        if self._icon_image is not None:
            return
        image = AppKit.NSImage.alloc().initWithSize_((POINTS, POINTS))
        for side in (POINTS, 2 * POINTS):
            form = AppKit.NSBitmapImageRep.imageRepWithContentsOfFile_(str(self._icon.template(side)))
            form.setSize_((POINTS, POINTS))
            image.addRepresentation_(form)
        image.setTemplate_(True)
        self._icon_image = image
        self._status_item.button().setImage_(image)


CLASSES = {"darwin": MenuBar}
