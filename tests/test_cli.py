"""The program as a person starts it: a process of its own, its words, its end."""

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey

from homemedia.accounts.keys import base58

PATIENCE_S = 60
STOP_S = 30
PASSWORD = "correct horse"


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "homemedia.cli", *words]


def _environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOMEMEDIA_")}
    return {**kept, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config"), "DISPLAY": "", **more}


def _run(folder: Path, *words: str, **more: Any) -> "subprocess.CompletedProcess[str]":
    environment = _environment(folder, **more.pop("environment", {}))
    return subprocess.run(
        _command(*words), env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False, **more
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ask(port: int, path: str, body: dict[str, str] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", data, timeout=PATIENCE_S) as answer:
        return json.loads(answer.read())


@contextlib.contextmanager
def _serving(folder: Path, *words: str) -> "Iterator[tuple[int, subprocess.Popen[str]]]":
    port = _free_port()
    data = str(folder / "data")
    process = subprocess.Popen(
        _command("serve", "--host", "127.0.0.1", "--port", str(port), "--data-dir", data, *words),
        env=_environment(folder),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                _ask(port, "/api/server")
                break
            except urllib.error.URLError:
                assert process.poll() is None, process.stderr.read() if process.stderr else ""
                assert time.monotonic() < deadline
        yield port, process
    finally:
        process.kill()
        process.communicate()


def test_server_stops_cleanly_when_told(tmp_path: Path) -> None:
    with _serving(tmp_path) as (port, process):
        _ask(port, "/api/auth/setup", {"username": "admin", "password": PASSWORD})
        process.send_signal(signal.SIGTERM)
        _, words = process.communicate(timeout=STOP_S)

    assert process.returncode == 0
    assert "Traceback" not in words
    assert not (tmp_path / "data" / "homemedia.db-wal").exists(), "the log was folded into the database"


def test_server_is_ended_by_another_call_that_waits_for_it(tmp_path: Path) -> None:
    with _serving(tmp_path) as (_, process):
        ended = _run(tmp_path, "stop", "--data-dir", str(tmp_path / "data"))
        status = process.wait(1)
    again = _run(tmp_path, "stop", "--data-dir", str(tmp_path / "data"))

    assert (ended.returncode, status) == (0, 0)
    assert (again.returncode, again.stdout.strip()) == (0, "HomeMedia does not run.")


def test_taken_port_is_said_with_the_next_free_one(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        done = _run(tmp_path, "serve", "--host", "127.0.0.1", "--port", str(port), "--data-dir", str(tmp_path / "d"))

    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert "--port" in done.stderr


def test_second_server_on_one_data_folder_refuses_and_names_the_first(tmp_path: Path) -> None:
    with _serving(tmp_path) as (port, _):
        done = _run(tmp_path, "serve", "--port", "0", "--data-dir", str(tmp_path / "data"))

    assert done.returncode == 1
    assert f"http://127.0.0.1:{port}" in done.stderr


def test_killed_server_starts_again_on_a_whole_database(tmp_path: Path) -> None:
    with _serving(tmp_path) as (port, process):
        _ask(port, "/api/auth/setup", {"username": "admin", "password": PASSWORD})
        process.kill()
        process.wait()
    with _serving(tmp_path) as (port, _):
        assert _ask(port, "/api/server")["setupRequired"] is False

    with contextlib.closing(sqlite3.connect(tmp_path / "data" / "homemedia.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_damaged_database_is_kept_and_said(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "homemedia.db").write_bytes(b"this is not a database " * 300)

    done = _run(tmp_path, "serve", "--port", "0", "--data-dir", str(data))

    assert done.returncode == 1
    assert "left as it is" in done.stderr
    assert "Traceback" not in done.stderr
    assert (data / "homemedia.db").read_bytes().startswith(b"this is not")


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
def test_data_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)

    done = _run(tmp_path, "serve", "--port", "0", "--data-dir", str(tmp_path / "locked" / "data"))

    assert done.returncode == 1
    assert "cannot be used" in done.stderr


def test_data_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("", encoding="utf-8")

    done = _run(tmp_path, "serve", "--port", "0", "--data-dir", str(tmp_path / "data"))

    assert done.returncode == 1
    assert "cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_unknown_setting_is_an_error_with_a_hint(tmp_path: Path) -> None:
    config = tmp_path / "homemedia.toml"
    config.write_text("[server]\nprot = 1\n", encoding="utf-8")

    done = _run(tmp_path, "serve", "--config", str(config), "--data-dir", str(tmp_path / "d"))

    assert (done.returncode, "server.port" in done.stderr) == (1, True)


def test_forgotten_password_is_set_anew_and_ends_the_sessions(tmp_path: Path) -> None:
    with _serving(tmp_path) as (port, _):
        token = _ask(port, "/api/auth/setup", {"username": "Lina", "password": PASSWORD})["token"]

        words = ("user", "reset-password", "lina", "--password-stdin", "--data-dir", str(tmp_path / "data"))
        done = _run(tmp_path, *words, input="new password\n")
        unknown = _run(tmp_path, "user", "reset-password", "nobody", *words[3:], input="new password\n")

        assert done.returncode == 0, done.stderr
        assert (unknown.returncode, "Traceback" in unknown.stderr) == (1, False)
        assert _ask(port, "/api/auth/login", {"username": "lina", "password": "new password"})["token"]
        request = urllib.request.Request(f"http://127.0.0.1:{port}/api/auth/me")
        request.add_header("Authorization", f"Bearer {token}")
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(request, timeout=PATIENCE_S)


def test_doctor_says_what_is_found_and_what_is_wrong(tmp_path: Path) -> None:
    with _serving(tmp_path):
        well = _run(tmp_path, "doctor", "--data-dir", str(tmp_path / "data"))
    (tmp_path / "data" / "homemedia.db").write_bytes(b"x" * 5000)
    ill = _run(tmp_path, "doctor", "--data-dir", str(tmp_path / "data"), "--log-level", "info")

    assert well.returncode == 0, well.stdout
    assert "running at http://127.0.0.1" in well.stdout
    assert "ffmpeg" in well.stdout
    assert ill.returncode == 1
    assert "damaged" in ill.stdout


def test_version_and_document_need_no_server(tmp_path: Path) -> None:
    assert _run(tmp_path, "--version").stdout.startswith("HomeMedia ")
    assert json.loads(_run(tmp_path, "openapi").stdout)["openapi"] == "3.1.0"


def test_unknown_worker_is_a_mistake_on_the_command_line(tmp_path: Path) -> None:
    assert _run(tmp_path, "worker", "juggling").returncode == 2


def test_who_waits_is_let_in_from_the_servers_own_computer(tmp_path: Path) -> None:
    words = ("--data-dir", str(tmp_path / "data"))
    none_yet = _run(tmp_path, "user", "waiting", *words)
    with _serving(tmp_path) as (port, _):
        _ask(port, "/api/auth/setup", {"username": "admin", "password": PASSWORD})
        nobody = _run(tmp_path, "user", "waiting", *words)
        key = SigningKey(bytes(32))
        asked = {"public_key": base58(key.verify_key.encode()), "email": "zoe@example.org"}

        def show() -> Any:
            message = _ask(port, "/api/auth/create_session", asked)["challenge"]
            shown = {"message": message, "signed_message": base58(key.sign(message.encode()).signature)}
            return _ask(port, "/api/auth/verify_key", asked | shown)

        assert show()["approval_required"]
        listed = _run(tmp_path, "user", "waiting", *words)
        unknown = _run(tmp_path, "user", "approve", "nobody", *words)
        approved = _run(tmp_path, "user", "approve", "Zoe", *words)
        assert "access_token" in show()

    assert (none_yet.returncode, "Traceback" in none_yet.stderr) == (1, False)
    assert nobody.stdout == "Nobody waits to be let in.\n"
    assert listed.stdout == "zoe  (says to be zoe@example.org)\n"
    assert (unknown.returncode, "Nobody named nobody waits" in unknown.stderr) == (1, True)
    assert approved.stdout == "zoe is in.\n"


def test_database_is_copied_listed_and_put_back(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert "There is no household" in _run(tmp_path, "backup", "make", "--data-dir", str(data)).stderr
    data.mkdir()
    with contextlib.closing(sqlite3.connect(data / "homemedia.db")) as made:
        made.execute("CREATE TABLE thing (what TEXT)")

    assert _run(tmp_path, "backup", "make", "--data-dir", str(data)).returncode == 0
    listed = _run(tmp_path, "backup", "list", "--data-dir", str(data)).stdout.split()
    name = listed[-1]
    (data / "homemedia.db").write_bytes(b"ruined")
    refused = _run(tmp_path, "backup", "restore", "no-such.db", "--data-dir", str(data))
    restored = _run(tmp_path, "backup", "restore", name, "--data-dir", str(data))

    assert (refused.returncode, "no backup named" in refused.stderr) == (1, True)
    assert (restored.returncode, restored.stdout.count("put back")) == (0, 1), restored.stderr
    with contextlib.closing(sqlite3.connect(data / "homemedia.db")) as there:
        assert there.execute("SELECT count(*) FROM thing").fetchone() == (0,)
