"""Every setting there is: its name, type, unit, default, limits and one line of help.

One object, read once by ``bootstrap``; each adapter is handed only its own part. It comes
from ``tocsin.toml``, then variables (``TOCSIN_HUB__HEARTBEAT_S=5``), then flags; the later
one wins. A key that is not here is refused with its path, never ignored. A secret can be
read from a file instead: ``token_file = "..."`` stands for ``token``. What a country decides
(reminders, second persons, how long an alert lasts) is in its profile, not here.

``tocsin config show`` prints this file as commented TOML, ``config check`` reads one,
``config docs`` makes the reference page: all three from the object itself.
"""

from __future__ import annotations

import json
import tomllib
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

PREFIX = "TOCSIN_"
FILE_NAME = "tocsin.toml"

Seconds = Annotated[float, Meta(gt=0, le=31_536_000, extra={"unit": "s"})]
Count = Annotated[int, Meta(ge=1)]
Port = Annotated[int, Meta(ge=0, le=65535)]


class SettingsRefused(ValueError):
    """The settings cannot be used: the message names the place, the key and the reason."""


class Secret:
    """A value that prints as ``***``: in logs, in errors, in ``config show``."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value itself; only the adapter that needs it calls this."""
        return self._value

    def __repr__(self) -> str:
        """Return three stars, whatever the value."""
        return "***"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        """Tell whether both hold the same value."""
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        """Return the value's hash."""
        return hash(self._value)


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the settings file; a misspelt key is refused, never ignored."""


class Web(Part, frozen=True, kw_only=True):
    """The port that everything is served on."""

    host: Annotated[str, Meta(min_length=1, description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[Port, Meta(description="TCP port; 0 lets the system choose.")] = 8080
    max_body_bytes: Annotated[
        int,
        Meta(ge=1024, description="A request body larger than this is refused unread."),
    ] = 2_097_152
    proxies: Annotated[
        tuple[str, ...],
        Meta(
            description="Addresses of proxies in front of it: their word on who asks is believed."
        ),
    ] = ()


class Hub(Part, frozen=True, kw_only=True):
    """The live streams."""

    heartbeat_s: Annotated[
        float,
        Meta(
            gt=0,
            lt=20,  # a page calls itself fresh for 20 s (DESIGN section 7)
            description="A stream with nothing to say says so this often.",
            extra={"unit": "s"},
        ),
    ] = 15.0
    backlog_events: Annotated[
        Count,
        Meta(description="A connection this many events behind gets each alert's state only."),
    ] = 256
    backlog_bytes: Annotated[
        int,
        Meta(ge=4096, description="A connection this far behind gets each alert's state only."),
    ] = 1_048_576
    stalled_s: Annotated[
        Seconds, Meta(description="One that stays behind this long is closed, and resumes.")
    ] = 10.0


class Journal(Part, frozen=True, kw_only=True):
    """Where everything decided is written down."""

    folder: Annotated[
        Path, Meta(description="The house's data folder; made, mode 0700, if it is missing.")
    ] = Path("tocsin-data")
    batch_max: Annotated[
        int, Meta(ge=1, le=10_000, description="Commands that may share one write to the disk.")
    ] = 512


class Heads(Part, frozen=True, kw_only=True):
    """Signed ends of the journal: what shows that it was cut off or written anew."""

    every_s: Annotated[
        Seconds,
        Meta(description="The journal's end is signed this often, and at each alert."),
    ] = 60.0
    places: Annotated[
        tuple[Path, ...],
        Meta(
            description="Folders on other disks or machines that get each head too. They must "
            "exist: a place that is not mounted is not made."
        ),
    ] = ()


class Keys(Part, frozen=True, kw_only=True):
    """Key files of your own; unset: made in the data folder's `keys` at the first start."""

    head: Annotated[
        Path | None, Meta(description="An Ed25519 private key in PEM; signs the journal's heads.")
    ] = None
    seal: Annotated[
        Path | None, Meta(description="64 or more hex digits; hashes the addresses of strangers.")
    ] = None


class Officers(Part, frozen=True, kw_only=True):
    """Whoever warns: where they sign in, and for how long."""

    host: Annotated[
        str, Meta(min_length=1, description="Address that the officers' own port listens on.")
    ] = "127.0.0.1"
    port: Annotated[
        Port | None,
        Meta(description="A port of their own for officers; unset: everything is on the one port."),
    ] = None
    origin: Annotated[
        Annotated[str, Meta(pattern=r"^https?://[^/?#@]+$")] | None,
        Meta(
            description="The address that officers open, as `https://warn.example.org`: passkeys "
            "hold for it alone. Unset: localhost on their port.",
        ),
    ] = None
    shift_h: Annotated[
        float,
        Meta(gt=0, le=72, description="A sign-in lasts this long.", extra={"unit": "h"}),
    ] = 12.0
    session_rotate_min: Annotated[
        float,
        Meta(gt=0, description="A session's token is changed this often.", extra={"unit": "min"}),
    ] = 15.0
    invite_h: Annotated[
        float,
        Meta(gt=0, le=720, description="A one-time link lasts this long.", extra={"unit": "h"}),
    ] = 24.0
    tries_per_min: Annotated[
        int,
        Meta(
            ge=1,
            le=1_000,
            description="Sign-in tries of one source a minute; a device that has signed in before "
            "has its own.",
        ),
    ] = 10


class Profile(Part, frozen=True, kw_only=True):
    """The country, region or campus that is warned: a folder of data."""

    id: Annotated[
        str,
        Meta(
            pattern=r"^([a-z0-9][a-z0-9-]*)?$",
            description="A bundled profile; empty: the only one that is bundled.",
        ),
    ] = ""
    folder: Annotated[
        Path | None, Meta(description="A folder of your own instead of a bundled profile.")
    ] = None


class Reports(Part, frozen=True, kw_only=True):
    """News that the desk reads by itself; a person confirms what comes of it."""

    feeds: Annotated[
        tuple[str, ...],
        Meta(
            description="RSS or Atom feeds, each as `OUTLET = ADDRESS`, with the outlet's name as "
            "the record shall show it."
        ),
    ] = ()
    every_s: Annotated[
        Seconds, Meta(description="A feed is asked this often, give or take a tenth.")
    ] = 300.0
    most_at_once: Annotated[
        Count, Meta(le=500, description="Reports taken from one feed at one time.")
    ] = 20
    inside: Annotated[
        tuple[str, ...],
        Meta(
            description="Addresses of your own network (`host:port`) that reports may be fetched "
            "from; all others must be public."
        ),
    ] = ()


class ReaderModel(Part, frozen=True, kw_only=True):
    """A language model that may point the reader at words; off by default."""

    address: Annotated[
        str,
        Meta(
            pattern=r"^(https?://[^\s/?#@]+(/[^\s?#@]*)?)?$",
            description="An OpenAI-compatible address, up to and with `/v1`. Every report that is "
            "read is sent there; empty: nothing leaves the house.",
        ),
    ] = ""
    model: Annotated[str, Meta(description="The model's name there.")] = ""
    key: Annotated[
        Secret | None, Meta(description="The key to speak with; unset: none is sent.")
    ] = None
    timeout_s: Annotated[
        float,
        Meta(gt=0, le=600, description="Longer is not waited for.", extra={"unit": "s"}),
    ] = 60.0
    max_bytes: Annotated[
        int, Meta(ge=1024, description="A longer answer is not read.", extra={"unit": "bytes"})
    ] = 262_144


class Log(Part, frozen=True, kw_only=True):
    """What the house says about itself, on standard error."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Meta(description="The least important level that is written."),
    ] = "info"
    form: Annotated[
        Literal["auto", "json", "console"],
        Meta(description="One JSON object a line, or columns; auto: columns on a terminal."),
    ] = "auto"


class Client(Part, frozen=True, kw_only=True):
    """Which house the command line speaks to."""

    server: Annotated[str, Meta(pattern=r"^https?://", description="Its address.")] = (
        "http://127.0.0.1:8080"
    )
    token: Annotated[
        Secret | None, Meta(description="The token to speak with; unset: read only.")
    ] = None


class Settings(Part, frozen=True, kw_only=True):
    """The whole file."""

    web: Web = Web()
    hub: Hub = Hub()
    journal: Journal = Journal()
    heads: Heads = Heads()
    keys: Keys = Keys()
    officers: Officers = Officers()
    profile: Profile = Profile()
    reports: Reports = Reports()
    reader_model: ReaderModel = ReaderModel()
    log: Log = Log()
    client: Client = Client()


@dataclass(frozen=True, slots=True)
class Line:
    """One setting as people read it; ``default`` and ``limits`` are text, ``-`` for none."""

    part: str
    name: str
    kind: str
    unit: str
    default: str
    limits: str
    help: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"{PREFIX}{self.part}__{self.name}".upper()


# -- reading -------------------------------------------------------------------------------------


def load(
    file: Path | None = None,
    environ: Mapping[str, str] | None = None,
    flags: Mapping[str, object] | None = None,
) -> Settings:
    """Return the settings: those of the file, then of the variables, then of the flags.

    Args:
        file: a TOML file; None for none. A file that is named but missing is refused.
        environ: variables, such as ``os.environ``; those without the prefix are left alone.
        flags: values by dotted name (``"web.port"``); None means that the flag was not given.

    Raises:
        SettingsRefused: a key is unknown, a value does not fit, or a file cannot be read.
    """
    tree: dict[str, Any] = {}
    if file is not None:
        tree = _read_toml(file)
        _check(tree, str(file))
    for variable, text in sorted((environ or {}).items()):
        if not variable.startswith(PREFIX):
            continue
        part, found, name = variable.removeprefix(PREFIX).lower().partition("__")
        if found:
            _put(tree, part, name, _from_text(part, name, text, variable))
            _check(tree, variable)
        elif part.split("_")[0] in Settings.__struct_fields__:
            raise SettingsRefused(f"{variable}: two underscores stand between part and name")
    for dotted, value in (flags or {}).items():
        if value is not None:
            part, name = dotted.split(".", 1)
            plain = str(value) if isinstance(value, Path) else value
            _put(tree, part, name, plain)
            _check(tree, f"flag for {dotted}")
    return _check(tree, "settings")


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise SettingsRefused(f"{file}: cannot be read: {problem.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise SettingsRefused(f"{file}: is not TOML: {problem}") from None


def _put(tree: dict[str, Any], part: str, name: str, value: object) -> None:
    table = tree.setdefault(part, {})
    if isinstance(table, dict):
        table[name] = value
        for other in (f"{name}_file", name.removesuffix("_file")):  # the later one wins
            if other != name and other in table:
                del table[other]


def _from_text(part: str, name: str, text: str, variable: str) -> object:
    """Return a variable's text as its setting's type: text stays, the rest is read as JSON."""
    hints = _hints(part)
    if name not in hints or {str, Path, Secret} & set(_plain_types(hints[name])):
        return text
    if _is_words(hints[name]):
        return text
    try:
        return json.loads(text)
    except ValueError:
        kinds = _kind(hints[name])
        raise SettingsRefused(f"{variable}: expected {kinds}, got {text!r}") from None


def _check(tree: Mapping[str, Any], source: str) -> Settings:
    try:
        return msgspec.convert(_unfiled(tree, source), Settings, dec_hook=_decode)
    except msgspec.ValidationError as problem:
        raise SettingsRefused(f"{source}: {problem}") from None


def _unfiled(tree: Mapping[str, Any], source: str) -> dict[str, Any]:
    """Return the tree with every ``NAME_file`` of a secret replaced by what the file holds."""
    result: dict[str, Any] = dict(tree)
    for part, table in tree.items():
        if not isinstance(table, Mapping):
            continue
        secrets = {name for name, hint in _hints(part).items() if Secret in _plain_types(hint)}
        plain = dict(table)
        for name in secrets:
            key = f"{name}_file"
            if key not in plain:
                continue
            if name in plain:
                raise SettingsRefused(
                    f"{source}: `{name}` and `{key}` are both set - at `$.{part}`"
                )
            try:
                plain[name] = Path(str(plain.pop(key))).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as problem:
                reason = problem.strerror if isinstance(problem, OSError) else "not UTF-8"
                raise SettingsRefused(
                    f"{source}: the file cannot be read: {reason} - at `$.{part}.{key}`"
                ) from None
        result[part] = plain
    return result


def _decode(kind: type, value: object) -> object:
    if not isinstance(value, str):
        raise TypeError(f"Expected `str`, got `{type(value).__name__}`")
    if kind is Secret:
        return Secret(value)
    if kind is Path:
        if not value:
            raise ValueError("Expected the name of a file or folder, got none")
        return Path(value)
    raise NotImplementedError(kind)


# -- showing -------------------------------------------------------------------------------------


def lines() -> list[Line]:
    """Return every setting there is, in the order of this file."""
    return [
        _line(part, name, hint, getattr(getattr(Settings(), part), name))
        for part in Settings.__struct_fields__
        for name, hint in _hints(part).items()
    ]


def show(settings: Settings) -> str:
    """Return the settings as a commented ``tocsin.toml``; secrets as ``***``, commented out."""
    text: list[str] = []
    last = ""
    for line in lines():
        if line.part != last:
            last = line.part
            text += ["", f"# {_help_of(last)}", f"[{last}]"]
        facts = "; ".join(fact for fact in (line.unit, line.limits) if fact != "-")
        text.append(f"# {line.help}" + (f" ({facts})" if facts else ""))
        value = getattr(getattr(settings, line.part), line.name)
        hidden = value is None or isinstance(value, Secret)
        text.append(
            f"# {line.name} = {_toml(value)}" if hidden else f"{line.name} = {_toml(value)}"
        )
    return "\n".join(text).lstrip("\n") + "\n"


def docs() -> str:
    """Return the reference page of all settings, in Markdown."""
    text = [
        "# Settings",
        "",
        "Made by `tocsin config docs`; do not edit. Settings come from `tocsin.toml`, then from",
        "variables, then from flags: the later one wins. A key not listed here is refused with its",
        "path. `NAME_file` reads a secret's value from a file.",
    ]
    last = ""
    for line in lines():
        if line.part != last:
            last = line.part
            text += [
                *("", f"## {last}", "", _help_of(last), ""),
                "| key | variable | type | unit | default | limits | what it does |",
                "|---|---|---|---|---|---|---|",
            ]
        cells = (f"`{line.name}`", f"`{line.variable}`", line.kind, line.unit, f"`{line.default}`")
        text.append("| " + " | ".join((*cells, line.limits, line.help)) + " |")
    return "\n".join(text) + "\n"


def _line(part: str, name: str, hint: object, default: object) -> Line:
    metas = list(_metas(hint))
    limits = [
        f"{sign} {getattr(meta, limit)}"
        for meta in metas
        for limit, sign in (("gt", "over"), ("ge", "at least"), ("lt", "under"), ("le", "at most"))
        if getattr(meta, limit) is not None
    ]
    return Line(
        part=part,
        name=name,
        kind=_kind(hint),
        unit=next((m.extra["unit"] for m in metas if m.extra and "unit" in m.extra), "-"),
        default=_toml(default),
        limits=", ".join(limits) or "-",
        help=next((m.description for m in metas if m.description), ""),
    )


def _hints(part: str) -> dict[str, Any]:
    whole = typing.get_type_hints(Settings, include_extras=True)
    return typing.get_type_hints(whole[part], include_extras=True) if part in whole else {}


def _help_of(part: str) -> str:
    return (typing.get_type_hints(Settings)[part].__doc__ or "").splitlines()[0]


def _inner(hint: object) -> tuple[object, ...]:
    """Return what a hint is made of: its base if annotated, its choices if a union."""
    if typing.get_origin(hint) is Annotated:
        return (typing.get_args(hint)[0],)
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return typing.get_args(hint)
    return ()


def _metas(hint: object) -> Iterator[Meta]:
    """Yield the notes of a hint, the outermost first."""
    if typing.get_origin(hint) is Annotated:
        yield from (note for note in typing.get_args(hint)[1:] if isinstance(note, Meta))
    for part in _inner(hint):
        yield from _metas(part)


def _plain_types(hint: object) -> Iterator[object]:
    inner = _inner(hint)
    if not inner:
        yield hint
    for part in inner:
        yield from _plain_types(part)


def _is_words(hint: object) -> bool:
    return any(typing.get_origin(kind) is Literal for kind in _plain_types(hint))


_KINDS: dict[object, str] = {
    str: "text",
    Path: "path",
    tuple[Path, ...]: "list of paths",
    tuple[str, ...]: "list of texts",
    int: "whole number",
    float: "number",
    Secret: "secret",
    types.NoneType: "unset",
}


def _kind(hint: object) -> str:
    """Return a hint in people's words: ``whole number or unset``."""
    words: list[str] = []
    for kind in _plain_types(hint):
        if typing.get_origin(kind) is Literal:
            words.append(" or ".join(f"`{choice}`" for choice in typing.get_args(kind)))
        else:
            words.append(_KINDS[kind])
    return " or ".join(words)


def _toml(value: object) -> str:
    """Return a value as it stands in TOML; what is unset as ``unset``."""
    match value:
        case None:
            return "unset"
        case Secret():
            return repr(value)
        case Path():
            return json.dumps(str(value), ensure_ascii=False)
        case str():
            return json.dumps(value, ensure_ascii=False)
        case tuple():
            return "[" + ", ".join(_toml(each) for each in value) + "]"
        case _:
            return str(value)
