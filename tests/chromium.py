"""Pages looked at in headless Chromium, over the DevTools protocol, with the standard library alone.

Tests that need it are skipped where there is no Chromium; those that run axe-core where there is no
copy of it: `AXE_CORE` names the file `axe.min.js`, else it is looked for in `node_modules`.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import shutil
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE = 30  # seconds for a page to load; a busy machine is slow
_SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)


def program() -> str | None:
    """The path of Chromium, None where there is none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def axe_core() -> Path | None:
    """The file axe.min.js, None where there is none."""
    places = [Path(os.environ["AXE_CORE"])] if os.environ.get("AXE_CORE") else []
    places += [folder / "node_modules" for folder in (ROOT, ROOT.parent)]
    for place in places:
        file = place / "axe-core" / "axe.min.js" if place.is_dir() else place
        if file.is_file():
            return file
    return None


class WebSocket:
    """Enough of RFC 6455 to talk to Chromium on this machine."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        address = (parts.hostname or "", parts.port or 80)
        self._socket = socket.create_connection(address, timeout=PATIENCE)
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        lines = [
            f"GET {parts.path} HTTP/1.1",
            f"Host: {parts.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
        ]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self._stream = self._socket.makefile("rb")
        assert b"101" in self._stream.readline()
        while self._stream.readline() not in (b"\r\n", b""):
            pass

    def send(self, text: str) -> None:
        data, mask = text.encode(), secrets.token_bytes(4)
        size = len(data)
        if size < 126:
            head = struct.pack("!BB", 0x81, 0x80 | size)
        elif size < 1 << 16:
            head = struct.pack("!BBH", 0x81, 0x80 | 126, size)
        else:
            head = struct.pack("!BBQ", 0x81, 0x80 | 127, size)
        stretched = (mask * (size // 4 + 1))[:size]
        masked = (int.from_bytes(data, "big") ^ int.from_bytes(stretched, "big")).to_bytes(
            size, "big"
        )
        self._socket.sendall(head + mask + masked)

    def receive(self) -> str:
        """The next text; its pieces joined."""
        parts = []
        while True:
            first, size = self._stream.read(2)
            size &= 0x7F
            if size == 126:
                (size,) = struct.unpack("!H", self._stream.read(2))
            elif size == 127:
                (size,) = struct.unpack("!Q", self._stream.read(8))
            data = self._stream.read(size)
            if first & 0x0F in (0, 1):
                parts.append(data)
                if first & 0x80:
                    return b"".join(parts).decode()

    def close(self) -> None:
        self._stream.close()
        self._socket.close()


@dataclass
class Seen:
    """What a page did: what it wrote to the console, what it asked for."""

    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


class Chromium:
    """One browser, one tab."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket, self._last = socket, 0
        self._session = ""
        self._loaded = False
        self.seen = Seen()
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        found = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = found["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command of the protocol, and its answer. Raises AssertionError where it fails."""
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._socket.send(json.dumps(message))
        while True:
            found = json.loads(self._socket.receive())
            if found.get("id") == self._last:
                assert "error" not in found, (method, found["error"])
                return dict(found.get("result", {}))
            self._note(found)

    def _note(self, event: dict[str, Any]) -> None:
        method, given = event.get("method"), event.get("params", {})
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Network.requestWillBeSent":
            self.seen.requests.append(given["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.seen.errors.append(json.dumps(given["exceptionDetails"])[:500])
        elif method == "Runtime.consoleAPICalled" and given["type"] in ("error", "warning"):
            self.seen.errors.append(json.dumps(given["args"])[:500])
        elif method == "Log.entryAdded" and given["entry"]["level"] in ("error", "warning"):
            self.seen.errors.append(given["entry"]["text"])

    def open(self, url: str, width: int = 1440, height: int = 1000, scheme: str = "light") -> None:
        """Go to a page, as a screen of that size in that colour scheme would see it."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.prefer(scheme)
        self.seen = Seen()
        self._loaded = False
        self.call("Page.navigate", url=url)
        until = time.monotonic() + PATIENCE
        while not self._loaded and time.monotonic() < until:
            self._note(json.loads(self._socket.receive()))
        self.evaluate("1")

    def prefer(self, scheme: str, media: str = "") -> None:
        """Light or dark, screen or print."""
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.call("Emulation.setEmulatedMedia", media=media, features=features)

    def evaluate(self, script: str) -> Any:
        """The value of an expression; a promise is waited for."""
        found = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def press(self, key: str, code: int, *, text: str = "", shift: bool = False) -> None:
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                windowsVirtualKeyCode=code,
                modifiers=8 if shift else 0,
                **({"text": text} if text and kind == "keyDown" else {}),
            )

    def type(self, text: str) -> None:
        self.call("Input.insertText", text=text)

    def axe(self, source: Path) -> list[str]:
        """What axe-core finds serious or critical, a line each."""
        self.evaluate(source.read_text("utf-8") + ";1")
        found = self.evaluate("axe.run(document, {resultTypes: ['violations']})")
        serious = ("serious", "critical")
        return [
            f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}"
            for each in found["violations"]
            if each["impact"] in serious
        ]

    def screenshot(self, place: Path, *, whole: bool = True) -> None:
        taken = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        place.write_bytes(base64.b64decode(taken["data"]))

    def pdf(self, place: Path, **options: Any) -> None:
        made = self.call("Page.printToPDF", preferCSSPageSize=True, **options)
        place.write_bytes(base64.b64decode(made["data"]))


@contextmanager
def started(path: str) -> Iterator[Chromium]:
    """A browser with a profile of its own, which goes with it."""
    profile = Path(tempfile.mkdtemp(prefix="plaincrm-chromium-"))
    with subprocess.Popen(
        [path, *_SWITCHES, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            found = WebSocket(_address(profile, process))
            browser = Chromium(found)
            yield browser
            with suppress(OSError, AssertionError, ValueError):
                browser.call("Page.close")
            found.close()
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            shutil.rmtree(profile, ignore_errors=True)


def _address(profile: Path, process: subprocess.Popen[bytes]) -> str:
    """Where it listens, as it writes it down itself."""
    place = profile / "DevToolsActivePort"
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        if place.is_file() and len(lines := place.read_text().split()) == 2:
            return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} did not start")
