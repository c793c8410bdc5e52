"""Runs in the frozen program before all else: gives the surroundings back as the person who started it had them.

PyInstaller's starter points LD_LIBRARY_PATH at our own libraries and starts the program again, so that the loader has
read it. From then on it serves nobody here; but every program started from here, be it ffmpeg of the system, a browser
or the system's Python, would load our libraries in place of its own. A child of our own is no exception: without the
starter's notes it is started like the first one and finds everything by itself.
"""

import os
import sys

# Where the OpenSSL that comes along looks for those who may vouch for others, and where systems keep them that are not
# Debian: Fedora, openSUSE, Arch, macOS.
DEBIAN = "/usr/lib/ssl/certs"
CERTIFICATES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)

if sys.platform != "win32":
    for name in ("LD_LIBRARY_PATH", "LIBPATH"):
        # What was there stays under the second name too: yt-dlp knows it and does the same once more.
        own = os.environ.get(f"{name}_ORIG")
        if own is not None:
            os.environ[name] = own
        else:
            os.environ.pop(name, None)
    if not ({"SSL_CERT_FILE", "SSL_CERT_DIR"} & set(os.environ) or os.path.isdir(DEBIAN)):  # noqa: PTH112 - not loaded yet
        for file in CERTIFICATES:
            if os.path.exists(file):  # noqa: PTH110 - likewise
                os.environ["SSL_CERT_FILE"] = file
                break
for name in [name for name in os.environ if name.startswith("_PYI_")]:
    del os.environ[name]
