"""Style sheets, scripts and icons, served as they are written.

Their address holds a hash of all of them together, so a browser may keep them for ever and
a script's relative imports stay within one build. Read once, at start; compressed when first
asked for, because the drawing tool's files are large and most readers never see them.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

MEDIA = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "webmanifest": "application/manifest+json",
}


FOLDERS = ("console", "desk", "vendor")
"""Beside what lies open: the officers' scripts, and the tools of others that they draw with."""


@dataclass(frozen=True)
class Served:
    """One file: its bytes, the same compressed, its type."""

    body: bytes
    media: str

    @cached_property
    def small(self) -> bytes:
        """Return the bytes compressed."""
        return gzip.compress(self.body, 9, mtime=0)


class Files:
    """Everything under ``web/static``."""

    def __init__(self) -> None:
        found: dict[str, Served] = {}
        whole = hashlib.sha256()
        for name, each in _all(files("tocsin") / "web" / "static"):
            media = MEDIA.get(name.rpartition(".")[2])
            if media is None:
                continue
            body = each.read_bytes()
            whole.update(name.encode() + b"\0" + body + b"\0")
            found[name] = Served(body, media)
        self._found = found
        self.build = whole.hexdigest()[:12]

    def get(self, name: str) -> Served | None:
        """Return a file by its name (``console/keys.js``), None where there is none."""
        return self._found.get(name)

    def path(self, name: str) -> str:
        """Return a file's address.

        Raises:
            KeyError: there is no such file.
        """
        if name not in self._found:
            raise KeyError(name)
        return f"/static/{self.build}/{name}"


def _all(root: Traversable) -> Iterator[tuple[str, Traversable]]:
    """Yield every file with its name below ``root``, in the order of names."""
    for each in sorted(root.iterdir(), key=lambda f: f.name):
        if each.is_file():
            yield each.name, each
    for folder in FOLDERS:
        for each in sorted((root / folder).iterdir(), key=lambda f: f.name):
            yield f"{folder}/{each.name}", each
