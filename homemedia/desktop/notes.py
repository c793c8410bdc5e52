"""Notes in the corner of the screen on Linux, by the desktop's notification service; none where there is none.

Everything here belongs on the main thread of GTK, and nothing waits for an answer. Needs gi.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from gi.repository import Gio, GLib

_log = logging.getLogger(__name__)

SERVICE = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
WAIT_MS = 5000
KEPT = 20


class Notes:
    """Shows notes; pressing one calls `open_page` with its address.

    Source:
        Desktop Notifications Specification 1.2: the action "default" is a press on the note itself; title is plain
        text, the body may be marked up.
    """

    def __init__(self, open_page: Callable[[str], None], *, picture: str) -> None:
        self._open_page = open_page
        self._picture = picture
        self._addresses: dict[int, str] = {}
        self._bus: Any = None

    def notify(self, title: str, body: str, address: str) -> None:
        try:
            bus = self._connected()
        except GLib.GError as err:
            _log.info("no note, there is no session bus: %s", err)
            return
        hints = {"desktop-entry": GLib.Variant("s", "homemedia")}
        content = GLib.Variant(
            "(susssasa{sv}i)",
            ("HomeMedia", 0, self._picture, title, GLib.markup_escape_text(body), ["default", "Open"], hints, -1),
        )

        def told(source: Any, result: Any) -> None:  # noqa: ANN401 - gi has no types
            try:
                number = source.call_finish(result).unpack()[0]
            except GLib.GError as err:
                _log.info("no note, there is no service for them: %s", err)
                return
            self._addresses[number] = address
            while len(self._addresses) > KEPT:
                del self._addresses[next(iter(self._addresses))]

        bus.call(SERVICE, PATH, SERVICE, "Notify", content, None, Gio.DBusCallFlags.NONE, WAIT_MS, None, told)

    def _connected(self) -> Any:  # noqa: ANN401
        if self._bus is None:
            self._bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
            # Without this a bus that ends (the person logs out) would end us at once, the icon's goodbye unsaid.
            self._bus.set_exit_on_close(False)
            self._bus.signal_subscribe(
                SERVICE, SERVICE, "ActionInvoked", PATH, None, Gio.DBusSignalFlags.NONE, self._pressed
            )
        return self._bus

    def _pressed(self, *signal: Any) -> None:  # noqa: ANN401
        number, action = signal[5].unpack()
        if action == "default" and number in self._addresses:
            self._open_page(self._addresses.pop(number))
