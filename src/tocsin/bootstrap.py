"""Builds the process from ``Settings``; the only file that names concrete engines.

A ``Node`` is one running house: journal, service, hub, pages. ``read_only`` opens a folder
beside a running server, for questions and for ``verify``.
"""

from __future__ import annotations

import contextlib
import functools
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import structlog
from starlette.applications import Starlette

from tocsin.checks.identity import Credentials, first_token
from tocsin.checks.passkeys import Passkeys
from tocsin.checks.passwords import Passwords
from tocsin.checks.resolve import Places
from tocsin.clock import Clock, Ids, SystemClock
from tocsin.core import commands as co
from tocsin.core.area import RegionTree
from tocsin.core.events import Event
from tocsin.errors import ProfileProblem
from tocsin.fanout.desk import DeskHub
from tocsin.fanout.hub import Hub
from tocsin.formats.profile import Profile, load_profile, read_geometry
from tocsin.formats.profile.geometry import FILE as GEOMETRY
from tocsin.intake.fetch import fetch
from tocsin.intake.reports import Feeds, feeds_of
from tocsin.journal import codec, snapshots
from tocsin.journal.sqlite import SqliteJournal
from tocsin.journal.verify import Onward, Verdict, verify
from tocsin.keys.kinds import Purpose
from tocsin.keys.store import KeyStore, open_keys
from tocsin.projections.desk import Desk as DeskFold
from tocsin.reader.gazetteer import Gazetteer
from tocsin.reader.model import assist
from tocsin.registry.sqlite import SqliteRegistry
from tocsin.service.chainwatch import ChainWatch
from tocsin.service.desk import Desk
from tocsin.service.heads import Heads
from tocsin.service.housetime import HouseTime, TrustedTime
from tocsin.service.intake import Intake
from tocsin.service.officers import Officers, origin_of
from tocsin.service.past import Past
from tocsin.service.ports import Journal, Row
from tocsin.service.project import Projections
from tocsin.service.record import Codec
from tocsin.service.records import Records
from tocsin.service.reports import Reports
from tocsin.service.schedule import Scheduler
from tocsin.service.sealing import SealedCodec
from tocsin.service.snapshot import layout
from tocsin.service.submit import Service
from tocsin.service.unopened import Unopened, of_events, of_house, unopened
from tocsin.settings import Profile as ProfileSetting
from tocsin.settings import Settings
from tocsin.web.app import build_app
from tocsin.web.console import doors, pages, people, records
from tocsin.web.console.frame import refused_page
from tocsin.web.desk import infra_pages
from tocsin.web.desk import pages as desk_pages
from tocsin.web.desk import wave_pages as desk_waves
from tocsin.web.endpoint import House
from tocsin.web.past import SOURCE as PAST
from tocsin.web.public import real, situation, voices, wave_pages
from tocsin.web.public.pages import PAGES, no_moment, not_found

log = structlog.get_logger()

ALL_PAGES = (
    *PAGES,
    *pages.PAGES,
    *doors.PAGES,
    *people.PAGES,
    *records.PAGES,
    *wave_pages.PAGES,
    *voices.PAGES,
    *situation.PAGES,
    *desk_pages.PAGES,
    *real.PAGES,
    *infra_pages.PAGES,
    *desk_waves.PAGES,
)


def profile_folder(setting: ProfileSetting) -> Traversable:
    """Return the folder of the profile that the settings name, or of the only bundled one.

    Raises:
        ProfileProblem: there is no such profile, or none is named and several are bundled.
    """
    if setting.folder is not None:
        if not setting.folder.is_dir():
            raise ProfileProblem(f"{setting.folder} is not a folder")
        return setting.folder
    bundled = resources.files("tocsin") / "data" / "profiles"
    names = sorted(each.name for each in bundled.iterdir() if each.is_dir())
    name = setting.id or (names[0] if len(names) == 1 else "")
    if name not in names:
        raise ProfileProblem(f"profile.id must be one of: {', '.join(names)}")
    return bundled / name


def open_profile(setting: ProfileSetting) -> Profile:
    """Read the profile that the settings name; about 50 ms.

    Raises:
        ProfileProblem: it is missing or has a slip; the message names file, key and rule.
    """
    folder = profile_folder(setting)
    return load_profile(lambda name: (folder / name).read_bytes())


class KeptSnapshots:
    """The snapshot file of a data folder, as the service asks for it."""

    def __init__(self, folder: Path, journal: Journal, tree: RegionTree) -> None:
        self._folder = folder
        self._journal = journal
        self._layout = layout(tree)

    def load(self) -> tuple[int, bytes] | None:
        """Return the newest snapshot if it fits the journal; one that does not is only slow."""
        try:
            found = snapshots.load(self._folder, self._journal, self._layout)
        except snapshots.SnapshotRefused as refused:
            log.warning("snapshot_refused", reason=str(refused))
            return None
        return (found.seq, found.state) if found is not None else None

    def save(self, seq: int, row_hash: bytes, data: bytes) -> None:
        """Keep a snapshot in place of the one before."""
        snapshots.save(self._folder, snapshots.Snapshot(seq, row_hash, self._layout, data))


@dataclass(slots=True)
class Node:
    """One running house. ``start`` and ``stop`` belong to the event loop that serves it."""

    settings: Settings
    profile: Profile
    journal: SqliteJournal
    service: Service
    time: HouseTime | TrustedTime
    scheduler: Scheduler
    hub: Hub
    app: Starlette
    token_file: Path
    officers: Officers
    heads: Heads
    chain: ChainWatch
    desk_hub: DeskHub
    registry: SqliteRegistry
    reports: Reports
    feeds: Feeds
    intake: Intake
    keys: KeyStore
    own_mandate: bool = True
    officers_app: Starlette | None = None
    """What is served on the officers' own port, where the settings name one."""

    @property
    def origin(self) -> str:
        """The address that officers open."""
        return self.officers.origin

    def first_link(self) -> str | None:
        """Return the one-time link that makes the first administrator; None once there is one."""
        token = self.officers.links.keep_first(self.settings.journal.folder)
        return None if token is None else f"{self.origin}/start/{token}"

    def unopened(self) -> Unopened:
        """Return how much of what the house keeps sealed does not open: a key may be gone."""
        service = self.service
        sealed = of_house(service.state, service.ledger)
        return unopened(sealed, service.text, self.keys)

    async def say_goodbye(self) -> None:
        """End the streams: whoever serves them waits for them."""
        await self.hub.stop()
        await self.desk_hub.stop()

    async def start(self, *, accept_clock: bool = False) -> None:
        """Fold the journal and begin to serve."""
        self.service.load()
        self.service.start()
        if accept_clock:
            await self.service.submit(co.AcceptClock(wall=self.time.accept(), by="start"))
        world = self.profile.world
        has_mandate = any(m.sender == world.authority for m in self.service.state.mandates)
        if self.own_mandate and not has_mandate:
            await self.service.submit(
                co.GiveMandate(sender=world.authority, regions=(world.tree.root,), by="first start")
            )
        self.hub.start()
        self.desk_hub.start()
        self.scheduler.start()
        self.officers.start()
        self.heads.start()
        self.chain.start()
        self.feeds.start()

    async def stop(self) -> None:
        """Say goodbye to the streams, finish what is under way, save the fold, let go."""
        await self.feeds.stop()
        await self.scheduler.stop()
        await self.chain.stop()
        await self.say_goodbye()
        await self.officers.stop()
        await self.service.stop()
        await self.heads.stop()
        self.service.save_snapshot()
        self.registry.close()
        self.journal.close()


def open_node(
    settings: Settings,
    *,
    profile: Profile | None = None,
    clock: Clock | None = None,
    own_mandate: bool = True,
    accept_clock: bool = False,
    name: str | None = None,
    desk_port: int | None = None,
) -> Node:
    """Open a data folder and put a house together over it; nothing runs before ``start``.

    Args:
        settings: the whole settings; the data folder is ``journal.folder``.
        profile: a profile that is read already.
        clock: another clock than the machine's: a replay's. It is believed as it is.
        own_mandate: give the profile's own authority its mandate at the first start.
        accept_clock: believe the wall clock from the start on (RELIABILITY P22).
        name: for the title of a demo; None for a real house.
        desk_port: the port that officers open, where the system has chosen it.

    Raises:
        ProfileProblem: the profile cannot be used.
        JournalUnavailable: the folder cannot be used, or another process writes it.
    """
    profile = profile or open_profile(settings.profile)
    folder = settings.journal.folder
    journal = SqliteJournal.open(folder)
    last = journal.last_reading()
    time = HouseTime(SystemClock(), last) if clock is None else TrustedTime(clock)
    ids = Ids(time.now)
    keys = open_keys(folder, settings.keys)
    keys.prepare(time.now())
    registry = SqliteRegistry.open(folder)
    opening = SealedCodec(codec, journal.text, keys)
    service = Service(
        world=profile.world,
        journal=journal,
        codec=opening,
        clock=time,
        new_id=ids,
        snapshots=KeptSnapshots(folder, journal, profile.world.tree),
        batch_most=settings.journal.batch_max,
    )
    hub = Hub(
        service,
        heartbeat_s=settings.hub.heartbeat_s,
        backlog_events=settings.hub.backlog_events,
        backlog_bytes=settings.hub.backlog_bytes,
        stalled_s=settings.hub.stalled_s,
    )
    credentials = Credentials(first_token(folder))
    title = next(iter(profile.world.names.values()), profile.world.id)
    desk = Desk(
        registry=registry,
        auditor=service,
        clock=time if clock is None else SystemClock(),  # a replay's days pass; a shift does not
        new_id=ids,
        salt=keys.key(Purpose.SEAL).secret,
        rules=settings.officers,
        tree=profile.world.tree,
        hazards=profile.world.hazards,
        passwords=Passwords(),
        passkeys=Passkeys(origin_of(settings, desk_port), title),
    )
    officers = Officers(desk, credentials, house=title)
    heads = Heads(
        service,
        journal,
        key=lambda: keys.key(Purpose.HEAD),
        known=lambda: tuple(key.public for key in keys.all(Purpose.HEAD)),
        folder=folder,
        places=settings.heads.places,
        every_s=settings.heads.every_s,
    )
    desk_hub = DeskHub(
        service,
        DeskFold(profile.world.tree),
        Records(journal, opening),
        heartbeat_s=settings.hub.heartbeat_s,
    )
    borders = profile_folder(settings.profile) / GEOMETRY
    reports = Reports(
        service,
        keys,
        functools.partial(Gazetteer.open, Path(str(profile_folder(settings.profile)))),
        functools.partial(assist, settings=settings.reader_model)
        if settings.reader_model.address
        else None,
    )
    places = Places(profile.world.tree, lambda: read_geometry(borders.read_bytes()))
    house = House(
        service=service,
        hub=hub,
        credentials=credentials,
        places=places,
        max_body_bytes=settings.web.max_body_bytes,
        officers=officers,
        proxies=frozenset(settings.web.proxies),
    )
    house.shared["profile"] = profile
    house.shared["profile_folder"] = profile_folder(settings.profile)
    house.shared["demo"] = name
    house.shared["keys"] = keys
    house.shared[PAST] = Past(journal, opening)
    house.shared["desk_hub"] = desk_hub
    house.shared["reports"] = reports
    fetching = functools.partial(fetch, allow=settings.reports.inside)
    house.shared["fetch"] = fetching
    feeds = Feeds(
        reports, feeds_of(settings.reports.feeds), fetching, every_s=settings.reports.every_s,
        most_at_once=settings.reports.most_at_once, chance=secrets.SystemRandom().random,
        inside=settings.reports.inside,
    )  # fmt: skip
    house.shared["feeds"] = feeds
    intake = house.shared["intake"] = Intake(service, desk)
    chain = ChainWatch(Onward(journal).go_on)
    house.shared["chain"] = chain
    house.shared["refused_page"] = functools.partial(refused_page, house)
    house.shared["moment_page"] = functools.partial(no_moment, house)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await node.start(accept_clock=accept_clock)
        try:
            yield
        finally:
            await node.stop()

    apart = settings.officers.port is not None
    build = functools.partial(
        build_app, house, pages=ALL_PAGES, not_found=functools.partial(not_found, house)
    )
    app = build(lifespan=lifespan, officers=not apart)
    node = Node(
        settings=settings,
        profile=profile,
        journal=journal,
        service=service,
        time=time,
        scheduler=Scheduler(service, time),
        hub=hub,
        app=app,
        token_file=folder / "first-token",
        officers=officers,
        heads=heads,
        chain=chain,
        desk_hub=desk_hub,
        registry=registry,
        reports=reports,
        feeds=feeds,
        intake=intake,
        keys=keys,
        own_mandate=own_mandate,
        officers_app=build() if apart else None,
    )
    return node


@dataclass(frozen=True, slots=True)
class Reader:
    """A data folder opened to be read: its journal, and the fold of it."""

    profile: Profile
    journal: SqliteJournal
    seen: Projections

    def history(self) -> Iterator[tuple[Row, Event]]:
        """Yield every row with its event, by number."""
        for row in self.journal.read():
            yield row, codec.decode_row(row)


@contextlib.contextmanager
def read_only(settings: Settings, *, fold: bool = True) -> Iterator[Reader]:
    """Open a data folder beside whoever writes it; ``fold`` reads the whole journal.

    Raises:
        JournalUnavailable: there is no journal in the folder.
    """
    profile = open_profile(settings.profile)
    journal = SqliteJournal.open(settings.journal.folder, readonly=True)
    try:
        seen = Projections(profile.world, codec, journal)
        if fold:
            seen.load()
        yield Reader(profile, journal, seen)
    finally:
        journal.close()


@dataclass(frozen=True, slots=True)
class Writer:
    """A data folder under its writer's lock, for who writes it without serving: the importer."""

    profile: Profile
    folder: Traversable
    journal: Journal
    codec: Codec
    clock: Clock
    new_id: Callable[[], str]
    snapshots: KeptSnapshots

    def save_snapshot(self) -> None:
        """Save the fold, so that the next start is quick. Blocking: it reads the whole journal."""
        seen = Projections(self.profile.world, self.codec, self.journal)
        if seen.load():
            self.snapshots.save(seen.seq, seen.hash, seen.snapshot())


@contextlib.contextmanager
def writing(settings: Settings) -> Iterator[Writer]:
    """Open a data folder to write it in bulk.

    Raises:
        JournalUnavailable: another process writes there, or the disk refuses.
    """
    profile = open_profile(settings.profile)
    journal = SqliteJournal.open(settings.journal.folder)
    try:
        yield Writer(
            profile=profile,
            folder=profile_folder(settings.profile),
            journal=journal,
            codec=codec,
            clock=SystemClock(),
            new_id=Ids(),
            snapshots=KeptSnapshots(settings.journal.folder, journal, profile.world.tree),
        )
    finally:
        journal.close()


def verified(settings: Settings) -> Verdict:
    """Walk the whole chain of a data folder; return how far it fits and what does not.

    Raises:
        JournalUnavailable: there is no journal in the folder.
    """
    journal = SqliteJournal.open(settings.journal.folder, readonly=True)
    try:
        return verify(journal)
    finally:
        journal.close()


def sealed_unopened(settings: Settings) -> Unopened:
    """Try everything that a data folder keeps sealed with the keys that are there.

    Raises:
        JournalUnavailable: there is no journal in the folder.
    """
    journal = SqliteJournal.open(settings.journal.folder, readonly=True)
    keys = open_keys(settings.journal.folder, settings.keys)
    try:
        events = (codec.decode(row.kind, row.version, row.data) for row in journal.read())
        return unopened(of_events(events), journal.text, keys)
    finally:
        journal.close()


def recorded(settings: Settings) -> Iterator[tuple[Row, Event]]:
    """Yield every row of a data folder with its event; works beside a running server.

    Raises:
        JournalUnavailable: there is no journal in the folder.
    """
    journal = SqliteJournal.open(settings.journal.folder, readonly=True)
    try:
        for row in journal.read():
            yield row, codec.decode(row.kind, row.version, row.data)
    finally:
        journal.close()
