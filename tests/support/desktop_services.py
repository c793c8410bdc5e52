"""What a desktop offers on its bus, as stand-ins; run by the system's Python, which has gi.

desktop_services.py notes         takes notes, prints each as a line of JSON, and presses each
desktop_services.py panel TEXT    takes icons in, prints how one looks, presses the entry TEXT of its menu, ends
"""

import json
import sys
from typing import Any

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402 - its version is chosen first

NOTES = "org.freedesktop.Notifications"
WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
NOTES_XML = f"""<node><interface name="{NOTES}">
<method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
<arg type="a{{sv}}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/></method>
<signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal></interface></node>"""
WATCHER_XML = f"""<node><interface name="{WATCHER}">
<method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
<property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
<property name="ProtocolVersion" type="i" access="read"/>
<signal name="StatusNotifierHostRegistered"/></interface></node>"""


def tell(**facts: Any) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def serve(name: str, path: str, xml: str, on_call: Any, on_get: Any = None) -> Any:
    """Own `name`; `on_call(bus, sender, method, words)` answers."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)

    def called(_bus: Any, sender: str, _path: str, _face: str, method: str, words: Any, asked: Any) -> None:
        asked.return_value(on_call(bus, sender, method, words.unpack()))

    def got(_bus: Any, _sender: str, _path: str, _face: str, wanted: str) -> Any:
        return on_get(wanted)

    bus.register_object(path, Gio.DBusNodeInfo.new_for_xml(xml).interfaces[0], called, got, None)
    Gio.bus_own_name_on_connection(bus, name, Gio.BusNameOwnerFlags.NONE, lambda *_: tell(ready=True), None)
    return bus


def notes() -> None:
    number = 0

    def on_call(bus: Any, _sender: str, _method: str, words: Any) -> Any:
        nonlocal number
        number += 1
        tell(title=words[3], body=words[4], picture=words[2])
        pressed = GLib.Variant("(us)", (number, "default"))
        GLib.timeout_add(
            200,
            lambda: bus.emit_signal(None, "/org/freedesktop/Notifications", NOTES, "ActionInvoked", pressed) and False,
        )
        return GLib.Variant("(u)", (number,))

    serve(NOTES, "/org/freedesktop/Notifications", NOTES_XML, on_call)
    GLib.MainLoop().run()


def panel(wanted: str) -> None:
    loop = GLib.MainLoop()

    def ask(bus: Any, owner: str, path: str, face: str, method: str, words: Any) -> Any:
        return bus.call_sync(owner, path, face, method, words, None, Gio.DBusCallFlags.NONE, 5000, None).unpack()

    def look(bus: Any, owner: str, path: str) -> bool:
        def known(name: str) -> Any:
            words = GLib.Variant("(ss)", (ITEM, name))
            return ask(bus, owner, path, "org.freedesktop.DBus.Properties", "Get", words)[0]

        menu = known("Menu")
        layout = ask(bus, owner, menu, MENU, "GetLayout", GLib.Variant("(iias)", (0, -1, [])))[1]
        lines = {one[1].get("label", "-"): one[0] for one in layout[2]}
        if wanted not in lines or known("Status") != "Active":
            return True  # the server has not answered yet
        tell(title=known("Title"), picture=known("IconName"), lines=list(lines))
        press = GLib.Variant("(isvu)", (lines[wanted], "clicked", GLib.Variant("i", 0), 0))
        ask(bus, owner, menu, MENU, "Event", press)
        loop.quit()
        return False

    def on_call(bus: Any, sender: str, _method: str, words: Any) -> None:
        path = words[0] if words[0].startswith("/") else "/StatusNotifierItem"
        GLib.timeout_add(200, look, bus, sender, path)

    values = {"IsStatusNotifierHostRegistered": GLib.Variant("b", True), "ProtocolVersion": GLib.Variant("i", 0)}
    serve(WATCHER, "/StatusNotifierWatcher", WATCHER_XML, on_call, values.__getitem__)
    loop.run()


if __name__ == "__main__":
    if sys.argv[1] == "notes":
        notes()
    else:
        panel(sys.argv[2])
