"""Whether the frozen program starts, answers and ends where it was built: `python packaging/smoke.py [PROGRAM]`.

Quick and shallow on purpose. What it can do is tried by tests/packaging/test_frozen.py in a system without Python.
"""

import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

DIST = Path(__file__).resolve().parents[1] / "dist"
PROGRAMS = {
    "win32": DIST / "homemedia" / "homemedia.exe",
    "darwin": DIST / "HomeMedia.app" / "Contents" / "MacOS" / "homemedia",
}
PATIENCE_S = 60


def main() -> int:
    """Start it in an empty folder, ask for its health and its page, stop it; 1 when something is missing."""
    program = Path(sys.argv[1]) if sys.argv[1:] else PROGRAMS.get(sys.platform, DIST / "homemedia" / "homemedia")
    subprocess.run([program, "--version"], check=True, timeout=PATIENCE_S)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        words = ["serve", "--host", "127.0.0.1", "--port", str(port), "--data-dir", folder, "--no-browser"]
        if sys.platform == "win32":
            flags, ending = subprocess.CREATE_NEW_PROCESS_GROUP, signal.CTRL_BREAK_EVENT
        else:
            flags, ending = 0, signal.SIGTERM
        began = time.monotonic()
        server = subprocess.Popen([program, *words], creationflags=flags)
        try:
            health = json.loads(answer(server, f"http://127.0.0.1:{port}/api/health"))
            print(f"{health['status']} after {time.monotonic() - began:.1f} s")
            page = answer(server, f"http://127.0.0.1:{port}/")
        finally:
            server.send_signal(ending)
            status = server.wait(PATIENCE_S)
    is_well = health["status"] == "ok" and b"<script" in page and status == 0
    print("well" if is_well else f"not well: {health}, ended with {status}")
    return 0 if is_well else 1


def answer(server: subprocess.Popen[bytes], url: str) -> bytes:
    """The bytes at `url`, as soon as somebody listens there."""
    end = time.monotonic() + PATIENCE_S
    asked = urllib.request.Request(url, headers={"Accept": "text/html, */*"})  # noqa: S310 - an address of our own
    while True:
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE_S) as said:  # noqa: S310 - likewise
                return bytes(said.read())
        except urllib.error.HTTPError:
            raise
        except (urllib.error.URLError, ConnectionError):
            if server.poll() is not None or time.monotonic() > end:
                raise
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())
