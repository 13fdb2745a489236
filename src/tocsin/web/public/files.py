"""Style sheets, scripts and icons, served as they are written.

Their address holds a hash of all of them together, so a browser may keep them for ever and
a script's relative imports stay within one build. Read and compressed once, at start.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from importlib.resources import files

MEDIA = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class Served:
    """One file: its bytes, the same compressed, its type."""

    body: bytes
    small: bytes
    media: str


class Files:
    """Everything under ``web/static``."""

    def __init__(self) -> None:
        found: dict[str, Served] = {}
        whole = hashlib.sha256()
        for each in sorted((files("tocsin") / "web" / "static").iterdir(), key=lambda f: f.name):
            media = MEDIA.get(each.name.rpartition(".")[2])
            if media is None:
                continue
            body = each.read_bytes()
            whole.update(each.name.encode() + b"\0" + body + b"\0")
            found[each.name] = Served(body, gzip.compress(body, 9, mtime=0), media)
        self._found = found
        self.build = whole.hexdigest()[:12]

    def get(self, name: str) -> Served | None:
        """Return a file by its name, None where there is none such."""
        return self._found.get(name)

    def path(self, name: str) -> str:
        """Return a file's address.

        Raises:
            KeyError: there is no such file.
        """
        if name not in self._found:
            raise KeyError(name)
        return f"/static/{self.build}/{name}"
