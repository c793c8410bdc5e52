"""The command line. `homemedia` alone does what a person expects: start the server and show its page."""

import argparse
import asyncio
import gc
import getpass
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from homemedia import __version__
from homemedia.core.problems import AppError, StartRefused

EXIT_REFUSED = 1
EXIT_USAGE = 2
# Films being streamed are cut, the database is closed; a hanging disk may take longer.
STOP_PATIENCE_S = 30.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; the exit status: 0 well, 1 refused with a reason, 2 a mistake on the command line."""
    argv = list(sys.argv[1:] if arguments is None else arguments)
    if argv[:1] == ["worker"]:
        # A child of our own, thousands of times: no settings, no parser, straight to its work.
        return _worker(argv[1:])
    parser = _parser()
    args = parser.parse_args(argv or ["start"])
    try:
        return int(args.run(args) or 0)
    except (StartRefused, AppError) as err:
        print(f"homemedia: {err}", file=sys.stderr)
        return EXIT_REFUSED
    except KeyboardInterrupt:
        return 130


def _worker(argv: Sequence[str]) -> int:
    if argv[:1] == ["media"]:
        from homemedia.media import worker  # noqa: PLC0415 - decoders are loaded in this child alone

        worker.main()
        return 0
    if argv[:1] == ["clips"]:
        from homemedia.clips.download import child  # noqa: PLC0415 - the downloader is loaded in this child alone

        child.main()
        return 0
    if argv[:1] == ["heaps"]:
        from homemedia.heaps import worker as heaps_worker  # noqa: PLC0415 - documents are built in this child alone

        heaps_worker.main()
        return 0
    print(f"homemedia: there is no worker named {' '.join(argv) or '(nothing)'}", file=sys.stderr)
    return EXIT_USAGE


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data-dir", metavar="FOLDER", help="where the database and everything derived is kept")
    common.add_argument("--config", metavar="FILE", help="settings file (TOML)")
    common.add_argument("--log-level", choices=["debug", "info", "warning", "error"])
    parser = argparse.ArgumentParser(
        prog="homemedia",
        description="The films, shows and home videos of one household, on every screen in the house. "
        "Without a command: start the server and, the first time, open its page.",
    )
    parser.add_argument("--version", action="version", version=f"HomeMedia {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    for name, words in (
        ("start", "start, and open the page when a desktop is there"),
        ("serve", "start without a desktop"),
    ):
        start = commands.add_parser(name, parents=[common], help=words, description=words)
        start.add_argument("--host", help="address to listen on; every interface when left out")
        start.add_argument("--port", type=int, help="port to listen on; 8420 when left out")
        start.add_argument("--no-browser", action="store_true", help="never open a page")
        if name == "start":
            start.add_argument("--no-tray", action="store_true", help="show no icon beside the clock")
        start.set_defaults(run=_serve, is_desktop=name == "start")

    stop = commands.add_parser(
        "stop",
        parents=[common],
        help="end a HomeMedia that runs, and wait until it has",
        description="End the HomeMedia that runs for this user's data folder, as Quit at its icon does. Nothing is "
        "wrong when none runs.",
    )
    stop.set_defaults(run=_stop)

    tray = commands.add_parser(
        "tray",
        parents=[common],
        help="the icon beside the clock, for a server that runs",
        description="Show the icon of a server that runs already. `homemedia` alone shows it by itself; it is taken "
        "away when standard input closes, and when the server ends.",
    )
    tray.set_defaults(run=_tray)

    autostart = commands.add_parser(
        "autostart",
        parents=[common],
        help="start with the computer, or no more",
        description="Have HomeMedia started when this user signs in. With --service: by the user's systemd, for a "
        "machine without a desktop. A data folder or settings file that is named here is named at each start.",
    )
    autostart.add_argument("wish", choices=["on", "off", "status"])
    autostart.add_argument("--service", action="store_true", help="by systemd, without a desktop")
    autostart.set_defaults(run=_autostart)

    doctor = commands.add_parser("doctor", parents=[common], help="what is found, what is missing, what to do")
    doctor.set_defaults(run=_doctor)

    backup = commands.add_parser("backup", help="copies of the database")
    backup_commands = backup.add_subparsers(title="commands", metavar="COMMAND", required=True)
    make = backup_commands.add_parser("make", parents=[common], help="make one now, whether the server runs or not")
    make.set_defaults(run=_backup)
    listed = backup_commands.add_parser("list", parents=[common], help="which copies there are")
    listed.set_defaults(run=_backups)
    restore = backup_commands.add_parser(
        "restore",
        parents=[common],
        help="put a copy back",
        description="Put a copy of the database back while the server is stopped. What is there now is kept beside the "
        "copies. Photos and other files are not touched.",
    )
    restore.add_argument("name", metavar="NAME", help="as `backup list` tells it")
    restore.set_defaults(run=_restore)

    openapi = commands.add_parser("openapi", help="print the document of all routes (OpenAPI 3.1)")
    openapi.set_defaults(run=_openapi)

    user = commands.add_parser("user", help="members of the household")
    user_commands = user.add_subparsers(title="commands", metavar="COMMAND", required=True)
    reset = user_commands.add_parser("reset-password", parents=[common], help="set a new password, end all sessions")
    reset.add_argument("name", metavar="NAME", help="user name or e-mail")
    reset.add_argument("--password-stdin", action="store_true", help="read the new password from standard input")
    reset.set_defaults(run=_reset_password)
    waiting = user_commands.add_parser("waiting", parents=[common], help="who asks to be let in")
    waiting.set_defaults(run=_waiting)
    approve = user_commands.add_parser("approve", parents=[common], help="let somebody in who waits")
    approve.add_argument("name", metavar="NAME", help="user name, as `waiting` tells it")
    approve.set_defaults(run=_approve)
    return parser


def _settings(args: argparse.Namespace) -> tuple[Any, Any, Path | None]:
    """Settings, places and the settings file of this call."""
    from homemedia import settings as settings_module  # noqa: PLC0415 - `--help` needs none of this
    from homemedia.places import config_file, places_of  # noqa: PLC0415 - likewise

    file = config_file(args.config)
    flags = {
        "data_dir": args.data_dir,
        "server.log_level": args.log_level,
        "server.host": getattr(args, "host", None),
        "server.port": getattr(args, "port", None),
    }
    settings = settings_module.load(file=file, flags=flags)
    return settings, places_of(settings), file


def _serve(args: argparse.Namespace) -> int:
    # What is loaded now is there to stay: looking through it over and over for garbage takes a tenth of the start.
    gc.disable()
    try:
        return _start(args)
    finally:
        gc.enable()


def _start(args: argparse.Namespace) -> int:
    from homemedia import serve  # noqa: PLC0415 - the server's modules are loaded for the server alone

    has_desktop = args.is_desktop and (
        sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    )
    way = serve.Way(
        is_start=args.is_desktop,
        opens_browser=has_desktop and not args.no_browser,
        shows_tray=has_desktop and not args.no_tray,
    )
    try:
        settings, places, file = _settings(args)
        return serve.run(settings, places, config_file=file, way=way)
    except StartRefused as err:
        from homemedia.desktop import refused  # noqa: PLC0415 - for this alone

        if way.opens_browser and not refused.is_read():
            # Somebody clicked on it: nobody sees what is written to the terminal.
            refused.tell(str(err))
        raise


def _stop(args: argparse.Namespace) -> int:
    from homemedia.core.fs import DataLock  # noqa: PLC0415
    from homemedia.desktop.calls import Calls, Unreachable  # noqa: PLC0415

    _, places, _ = _settings(args)
    lock = DataLock(places.lock)
    if not places.lock.is_file() or lock.acquire() is None:
        lock.release()
        print("HomeMedia does not run.")
        return 0
    calls, end = Calls(places.data_dir), time.monotonic() + STOP_PATIENCE_S
    asked, why = False, ""
    while lock.acquire() is not None:
        if time.monotonic() > end:
            raise StartRefused(f"HomeMedia runs and does not end: {why or 'it was asked to'}.")
        if not asked:
            try:
                calls.post("stop", {})
                asked = True
            except Unreachable as err:  # one that is just starting opens its door in a moment
                why = str(err)
        time.sleep(0.1)
    lock.release()
    print("HomeMedia has ended.")
    return 0


def _tray(args: argparse.Namespace) -> int:
    from homemedia.desktop import tray  # noqa: PLC0415 - a toolkit is loaded in this process alone

    _, places, _ = _settings(args)
    return tray.main(["--data-dir", str(places.data_dir)])


def _autostart(args: argparse.Namespace) -> int:
    from homemedia.desktop import autostart, service  # noqa: PLC0415
    from homemedia.desktop.launch import person_command  # noqa: PLC0415

    if args.service and sys.platform != "linux":
        raise StartRefused("There is no systemd on this system. Leave --service out.")
    try:
        unit, entry = service.UserService(), autostart.of_this_system()
    except OSError as err:  # nobody knows a home of this user
        raise StartRefused(f"Whether HomeMedia starts with this computer cannot be seen: {err.strerror}.") from err
    named = _named_at_each_start(args)
    try:
        if args.wish == "status":
            command = None if args.service else entry.command()
            is_on = unit.is_on() if args.service else command is not None
            print(f"HomeMedia {'starts' if is_on else 'does not start'} with this computer.")
            return 0
        if args.service:
            if args.wish == "on":
                unit.switch_on([*person_command(), "serve", *named])
            else:
                unit.switch_off()
        else:
            autostart.switch(on=args.wish == "on", command=[*person_command(), "start", "--no-browser", *named])
    except OSError as err:
        raise StartRefused(f"{unit.where if args.service else entry.where}: {err.strerror or err}.") from err
    if args.wish == "off":
        print("HomeMedia does not start with this computer any more.")
        return 0
    print(f"HomeMedia starts with this computer: {unit.where if args.service else entry.where}")
    if args.service and not service.lingers():
        print("So far only when you sign in. With the machine itself: loginctl enable-linger")
    return 0


def _named_at_each_start(args: argparse.Namespace) -> list[str]:
    """Words for a folder or file that is not where it would be looked for anyway."""
    from homemedia.places import CONFIG, places_of, usual_config_file  # noqa: PLC0415
    from homemedia.settings import Settings  # noqa: PLC0415

    usual = {places_of(Settings()).data_dir, usual_config_file()}
    # By the variable the icon hands on what the server was started with.
    found = {"--config": args.config or os.environ.get(CONFIG), "--data-dir": args.data_dir}
    paths = {flag: Path(value).expanduser().absolute() for flag, value in found.items() if value}
    return [word for flag, path in paths.items() if path not in usual for word in (flag, str(path))]


def _doctor(args: argparse.Namespace) -> int:
    from homemedia import doctor  # noqa: PLC0415

    settings, places, file = _settings(args)
    return doctor.run(settings, places, config_file=file)


def _backup(args: argparse.Namespace) -> int:
    from homemedia.server.backup import copying  # noqa: PLC0415

    _, places, _ = _settings(args)
    if not places.database.is_file():
        raise StartRefused(f"There is no household in {places.data_dir} yet.")
    made = copying.copy(places.database, places.backup_dir, now_ms=_now_ms())
    print(f"{places.backup_dir / made.name}  {made.size_bytes / (1 << 20):.1f} MB")
    return 0


def _backups(args: argparse.Namespace) -> int:
    from homemedia.server.backup import copying  # noqa: PLC0415

    _, places, _ = _settings(args)
    found = copying.copies(places.backup_dir)
    for one in found:
        at = datetime.fromtimestamp(one.made_at / 1000, UTC).astimezone()
        print(f"{at:%Y-%m-%d %H:%M}  {one.size_bytes / (1 << 20):8.1f} MB  {one.name}")
    if not found:
        print(f"There is no backup in {places.backup_dir}.")
    return 0


def _restore(args: argparse.Namespace) -> int:
    from homemedia.core.fs import DataLock  # noqa: PLC0415
    from homemedia.server.backup import copying  # noqa: PLC0415

    _, places, _ = _settings(args)
    lock = DataLock(places.lock)
    if lock.acquire() is not None:
        raise StartRefused("HomeMedia is running. Stop it first, then put the backup back.")
    try:
        kept = copying.restore(places.database, places.backup_dir, args.name, now_ms=_now_ms())
    finally:
        lock.release()
    print(f"{args.name} is put back. What was there before is {kept}.")
    return 0


def _now_ms() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)


def _openapi(_args: argparse.Namespace) -> int:
    from homemedia.app import api_document  # noqa: PLC0415

    sys.stdout.write(api_document())
    return 0


def _reset_password(args: argparse.Namespace) -> int:
    from homemedia.app import reset_password  # noqa: PLC0415

    settings, places, _ = _settings(args)
    if args.password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = getpass.getpass(f"New password for {args.name}: ")
        if getpass.getpass("Once more: ") != password:
            raise StartRefused("The two passwords differ. Nothing was changed.")
    is_opened = asyncio.run(reset_password(settings, places, args.name, password))
    print(f"The password of {args.name} is set. All devices of this member must sign in again.")
    if is_opened:
        print("Signing in with passwords was switched off; it is on again.")
    return 0


def _waiting(args: argparse.Namespace) -> int:
    from homemedia.app import list_waiting  # noqa: PLC0415

    _, places, _ = _settings(args)
    found = asyncio.run(list_waiting(places))
    for name, label in found:
        print(f"{name}  (says to be {label})" if label else name)
    if not found:
        print("Nobody waits to be let in.")
    return 0


def _approve(args: argparse.Namespace) -> int:
    from homemedia.app import approve_member  # noqa: PLC0415

    _, places, _ = _settings(args)
    print(f"{asyncio.run(approve_member(places, args.name))} is in.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
