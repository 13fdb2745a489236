"""A house without its doors: service over a real SQLite journal and the bundled profile."""

import contextlib
import functools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.clocks import FakeClock
from tocsin.bootstrap import KeptSnapshots, open_profile
from tocsin.clock import Ids
from tocsin.core import commands as co
from tocsin.core.alert import Realm, Status
from tocsin.core.area import Area
from tocsin.core.world import World
from tocsin.errors import JournalUnavailable
from tocsin.formats.profile import Profile
from tocsin.journal import codec
from tocsin.journal.sqlite import SqliteJournal
from tocsin.keys.store import open_keys
from tocsin.service.bulk import Bulk
from tocsin.service.housetime import TrustedTime
from tocsin.service.ports import Row
from tocsin.service.sealing import SealedCodec
from tocsin.service.submit import Service
from tocsin.settings import Keys
from tocsin.settings import Profile as ProfileSetting

KYIV, LVIV = "UA80000000000093317", "UA46000000000026241"


@functools.cache
def profile() -> Profile:
    """The bundled profile, read once."""
    return open_profile(ProfileSetting(id="ua"))


def issue(
    *regions: str,
    hazard: str = "air-raid",
    sender: str | None = None,
    realm: Realm = Realm.LIVE,
    **more: Any,
) -> co.IssueAlert:
    """A command as an operator of the profile's own authority gives it."""
    status = Status.ACTUAL if realm is Realm.LIVE else Status.EXERCISE
    sender = sender or profile().world.authority
    return co.IssueAlert(
        realm=realm, status=status, sender=sender, hazard=hazard, area=Area(regions=regions), **more
    )


class Refusing:
    """A journal whose disk can be told to refuse."""

    def __init__(self, journal: SqliteJournal) -> None:
        self._journal = journal
        self.refuse = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)

    def append(self, *args: Any, **kwargs: Any) -> list[tuple[Row, ...]]:
        if self.refuse:
            raise JournalUnavailable("the disk is full")
        return self._journal.append(*args, **kwargs)


@dataclass
class Home:
    """What a test holds."""

    world: World
    journal: Refusing
    service: Service
    time: TrustedTime

    def append_elsewhere(self, *commands: co.Command) -> None:
        """Append as another node would, past this service."""
        ids = Ids(self.time.now)
        bulk = Bulk(
            world=self.world, journal=self.journal, codec=codec, clock=self.time, new_id=ids
        )
        for command in commands:
            bulk.ask(command, self.time.now())
        bulk.flush()


@contextlib.asynccontextmanager
async def house(
    folder: Path,
    clock: FakeClock | None = None,
    *,
    snapshots: bool = True,
    readonly: bool = False,
) -> AsyncIterator[Home]:
    """A running service over ``folder``, with the mandate that a first start gives."""
    world = profile().world
    journal = Refusing(SqliteJournal.open(folder, readonly=readonly))
    time = TrustedTime(clock or FakeClock())
    keys = open_keys(folder, Keys())
    if not readonly:
        keys.prepare(time.now())
    service = Service(
        world=world,
        journal=journal,
        codec=SealedCodec(codec, journal.text, keys),
        clock=time,
        new_id=Ids(time.now),
        snapshots=KeptSnapshots(folder, journal, world.tree) if snapshots else None,
    )
    service.load()
    service.start()
    try:
        if not service.state.mandates:
            await service.submit(co.GiveMandate(sender=world.authority, regions=(world.tree.root,)))
        yield Home(world, journal, service, time)
    finally:
        await service.stop()
        journal.close()
