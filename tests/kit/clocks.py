"""A clock that stands still until it is told to go on."""

from datetime import UTC, datetime, timedelta

from tocsin.clock import Reading

NOON = datetime(2022, 10, 11, 9, 0, tzinfo=UTC)


class FakeClock:
    """Wall and boot clock of one machine; ``step`` moves both, ``jump`` the wall clock alone."""

    def __init__(self, start: datetime = NOON, boot_id: str = "boot-1", boot_s: float = 100.0):
        self.wall, self.boot_id, self.boot_s = start, boot_id, boot_s

    def now(self) -> datetime:
        return self.wall

    def reading(self) -> Reading:
        return Reading(self.boot_id, self.boot_s, self.wall)

    def step(self, **parts: float) -> None:
        self.wall += timedelta(**parts)
        self.boot_s += timedelta(**parts).total_seconds()

    def jump(self, **parts: float) -> None:
        self.wall += timedelta(**parts)

    def reboot(self, **away: float) -> None:
        self.boot_id += "+"
        self.boot_s = 10.0
        self.wall += timedelta(**away)
