"""The options that many verbs share, and the settings they make together."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from tocsin.settings import FILE_NAME, Secret, Settings, load

TOKEN_FILE = "first-token"  # noqa: S105  # the name of a file, not a secret

Data = Annotated[
    Path | None,
    typer.Option("--data", help="The data folder (setting journal.folder).", metavar="DIR"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text; times in UTC.")]
Server = Annotated[
    str | None,
    typer.Option("--server", help="Address of the house (TOCSIN_SERVER).", metavar="URL"),
]
Token = Annotated[
    str | None,
    typer.Option("--token", help="The token to speak with (TOCSIN_TOKEN).", metavar="TOKEN"),
]
TokenFile = Annotated[
    Path | None,
    typer.Option("--token-file", help="File that holds the token.", metavar="FILE"),
]
Config = Annotated[
    Path | None,
    typer.Option("--config", help=f"Settings file; {FILE_NAME} here if it exists.", metavar="FILE"),
]
Language = Annotated[
    str, typer.Option("--language", help="Language of names, such as en.", metavar="LANG")
]
Yes = Annotated[
    bool, typer.Option("--yes", help="Do not ask for the word; needs --people where it warns.")
]


def settings(config: Path | None = None, flags: Mapping[str, object] | None = None) -> Settings:
    """Return the settings: file, then variables, then flags.

    Raises:
        SettingsRefused: a key is unknown or a value does not fit.
    """
    file = config
    if file is None and Path(FILE_NAME).is_file():
        file = Path(FILE_NAME)
    return load(file, os.environ, flags)


@dataclass(frozen=True, slots=True)
class Door:
    """Which house a verb speaks to, and with which token, if any."""

    server: str
    token: str | None


def door(
    server: str | None,
    token: str | None,
    data: Path | None,
    config: Path | None = None,
    token_file: Path | None = None,
) -> Door:
    """Return the house to speak to: flags, then TOCSIN_SERVER and TOCSIN_TOKEN, then settings.

    The token may also be the first one of a data folder on this machine. Without one, whoever has
    signed in speaks (``kept``).
    """
    known = settings(config).client
    address = server or os.environ.get("TOCSIN_SERVER") or known.server
    if token is not None and token_file is not None:
        raise typer.BadParameter("give --token or --token-file, not both")
    if token_file is not None:
        token = secret_of(token_file)
    spoken = token or os.environ.get("TOCSIN_TOKEN")
    if spoken is None and isinstance(known.token, Secret):
        spoken = known.token.reveal()
    if spoken is None and data is not None:
        spoken = secret_of(data / TOKEN_FILE)
    return Door(address.rstrip("/"), spoken)


def secret_of(file: Path) -> str:
    """Return what a file of one secret holds, without the line's end."""
    try:
        found = file.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as slip:
        raise typer.BadParameter(f"{file}: {slip.strerror}") from slip
    except UnicodeDecodeError as slip:
        raise typer.BadParameter(f"{file}: it is not text") from slip
    if not found:
        raise typer.BadParameter(f"{file}: it is empty")
    return found
