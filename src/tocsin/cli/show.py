"""The terminal of the demo: the map, the lines, the keys; the server is a process beside it."""

from __future__ import annotations

import contextlib
import shutil
import signal
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from rich.console import Console
from rich.live import Live
from rich.text import Text

from tocsin.bootstrap import profile_folder, recorded, verified
from tocsin.cli.options import Door
from tocsin.cli.output import SIGNS, Exit, console, fail, lasting, moment
from tocsin.cli.replay import read_script
from tocsin.cli.sse import Lost, Told, follow
from tocsin.clock import monotonic_s
from tocsin.formats.profile import Profile
from tocsin.formats.profile.maps import FILE as MAP_FILE
from tocsin.formats.profile.maps import read_maps
from tocsin.ops.demo import wire
from tocsin.ops.demo.figures import kept
from tocsin.ops.demo.grid import laid_out
from tocsin.ops.demo.keyboard import Keyboard
from tocsin.ops.demo.screen import Screen
from tocsin.ops.demo.script import Script
from tocsin.ops.demo.stage import Stage, free_port
from tocsin.ops.demo.wire import Wish
from tocsin.settings import Settings

REFRESHED_A_SECOND = 8
MAP_ROWS = 13
MAP_COLUMNS = 96
READY_S = 60.0
LANGUAGE = "en"
ORDER = ("active", "partial", "unconfirmed", "cleared", "no-information", "none")
WISHES: Mapping[str, Wish] = {
    " ": Wish.PAUSE, "f": Wish.FASTER, "F": Wish.FASTER, "j": Wish.JUMP, "J": Wish.JUMP,
}  # fmt: skip


def run(
    house: Settings, folder: Path, *, port: int | None, is_max: bool, ends: bool, keeps: bool
) -> float:
    """Play the demo with its server and pages; return the seconds it took.

    ``ends``: return when everything was played, else only when told to. ``keeps``: leave the data
    folder where it is.
    """
    profile, script = read_script(house)
    began = monotonic_s()
    with Keyboard() as board, _terminating():
        mode = "max" if is_max else ("keys" if board.is_terminal else "paced")
        show = Show(house, profile, script, folder, port or free_port(), mode)
        try:
            show.play(board, ends=ends)
        except KeyboardInterrupt:
            pass
        finally:
            show.close()
    if not keeps:
        shutil.rmtree(folder, ignore_errors=True)
    return monotonic_s() - began


@contextlib.contextmanager
def _terminating() -> Iterator[None]:
    """Make SIGTERM end the demo as Ctrl-C does, its server with it."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Show:
    """One performance: hears the replay and the stream, and does what keys ask."""

    def __init__(
        self,
        house: Settings,
        profile: Profile,
        script: Script,
        folder: Path,
        port: int,
        mode: str,
    ) -> None:
        self._house = house
        self._world = profile.world
        self._script = script
        self._out: Console = console(stderr=not console().is_terminal)
        self._is_live = self._out.is_terminal
        self._stage = Stage(folder, port, mode, self._hear)
        self._held = next((a.hold for a in reversed(script.acts) if a.hold is not None), None)
        place = self._name(self._held.region) if self._held is not None else ""
        self._screen = Screen(
            zone=self._world.time_zone,
            cells=self._cells(house),
            signs=SIGNS,
            place=place,
            links=self._links(),
        )
        self._ready = threading.Event()
        self._done = threading.Event()
        self._closed = threading.Event()
        self._changed = threading.Event()
        self._asked_at: float | None = None
        self._pulling = threading.Lock()
        self._seen: dict[str, int] = {}
        self._group: tuple[str, str, str, list[str]] | None = None

    # -- running ---------------------------------------------------------------------------------

    def play(self, board: Keyboard, *, ends: bool) -> None:
        """Start the server and show what happens until it is over or somebody quits."""
        self._stage.start()
        if not self._ready.wait(READY_S):
            fail(Exit.UNREACHABLE, "demo", "not-started", f"see {self._stage.log_file}")
        for name, task in (("stream", self._watch), ("states", self._refresh)):
            threading.Thread(target=task, name=name, daemon=True).start()
        if not self._is_live:
            for name, link in self._screen.links:
                self._out.print(f"  {name:13} {link}")
        with self._drawn():
            while not (ends and self._done.is_set()):
                key = board.pressed()
                if any(sign in "qQ" for sign in key):
                    return
                for sign in key:
                    self._press(sign)
                if not board.is_open and self._done.wait(1.0 if not ends else 0.2):
                    self._changed.wait(0.5)

    def close(self) -> None:
        """End the server, and the threads with it."""
        self._closed.set()
        with self._pulling:
            self._stage.stop()

    @contextlib.contextmanager
    def _drawn(self) -> Iterator[None]:
        if not self._is_live:
            yield
            return
        with Live(
            get_renderable=self._screen.draw,
            console=self._out,
            refresh_per_second=REFRESHED_A_SECOND,
            screen=False,
        ):
            yield

    # -- keys ------------------------------------------------------------------------------------

    def _press(self, key: str) -> None:
        if key in WISHES:
            self._stage.wish(WISHES[key])
        elif key in "aA":
            self._asked_at = monotonic_s()
            self._stage.wish(Wish.CLEAR)
        elif key in "kK":
            threading.Thread(target=self._pull, name="plug", daemon=True).start()

    def _pull(self) -> None:
        """Kill the server, let it be seen, start it again, and compare what it knew."""
        if not self._pulling.acquire(blocking=False):
            return
        try:
            self._ready.clear()
            self._screen.is_lost = True
            self._stage.pull_the_plug()
            self._line("K  the plug is pulled: kill -9, no goodbye", "bold red")
            if self._closed.wait(self._script.pace.down_s):
                return
            acknowledged = dict(self._stage.acknowledged)
            began = monotonic_s()
            self._stage.start()
            if not self._ready.wait(READY_S):
                self._line(f"it does not come back: see {self._stage.log_file}", "bold red")
                return
            took = monotonic_s() - began
            found = kept(recorded(self._house), acknowledged)
            verdict = verified(self._house)
            chain = "ok" if verdict.is_ok else f"broken: {verdict.misfit}"
            well = verdict.is_ok and not found.lost and not found.doubled
            self._keep(
                f"back after {took:.1f} s: {found.lost} lost, {found.doubled} doubled, "
                f"chain {chain} ({found.acknowledged} acknowledged alerts and entries, "
                f"{verdict.rows} events)",
                "bold green" if well else "bold red",
            )
        finally:
            self._pulling.release()

    # -- hearing ---------------------------------------------------------------------------------

    def _hear(self, told: wire.Told) -> None:
        """Take what the replay tells; called in the thread that reads it."""
        screen = self._screen
        match told:
            case wire.Opened(link):
                home = link.partition("/start/")[0]  # a session is of one name of the machine
                desk = ("Desk", f"{home}/desk  (after the console's link)")
                screen.links = (*screen.links, ("Console, once", link), desk)
            case wire.Ready(steps, done):
                screen.steps, screen.done = steps, done
                self._ready.set()
            case wire.Begun(act):
                name = self._script.acts[act].names.get(LANGUAGE, "")
                screen.act = f"Act {act + 1} of {len(self._script.acts)}: {name}"
                self._line(screen.act, "bold")
            case wire.Moment(at, step, paused, speed):
                screen.at, screen.is_paused, screen.speed = at, paused, speed
                screen.done = step
            case wire.Holding(region, on):
                place = self._name(region)
                screen.holding = f"{place} waits: press A to give its all-clear" if on else ""
                if on:
                    self._line(screen.holding, "bold")
            case wire.Noted(at, sign, words):
                line = Text(f"  {self._clock(at)}  ").append(f"{sign:8}", style="bold magenta")
                self._put(line.append(f" {words}"))
            case wire.Refused(rule, helped):
                self._asked_at = None
                self._line(f"refused: {rule}: {helped}", "yellow")
            case wire.Acknowledged() as accepted:
                if self._asked_at is not None:
                    self._line(f"all-clear saved in {accepted.took_ms:.0f} ms", "green")
            case wire.Entered():
                pass  # the stage keeps it, to be compared after a kill
            case wire.Done():
                self._line("Everything was played. The pages stay until q.", "bold")
                self._done.set()

    def _watch(self) -> None:
        """Follow the public stream, as any page does."""
        door = Door(self._stage.url, None)
        for told in follow(door):
            if self._closed.is_set():
                return
            if isinstance(told, Lost):
                self._screen.is_lost = True
                continue
            self._screen.is_lost = False
            if told.event == "alert":
                self._alert(told)
            if told.event != "heartbeat":
                self._changed.set()

    def _alert(self, told: Told) -> None:
        alert = told.data.get("alert", told.data)
        before = self._seen.get(alert["id"], 0)
        if alert["revision"] <= before:
            return
        self._seen[alert["id"]] = alert["revision"]
        if alert["state"] == "active" and before:
            return  # it only lasts longer
        at = moment(alert["ended"] or alert["sent"])
        place = ", ".join(self._name(code) for code in alert["area"]["regions"])
        note = ""
        if alert["state"] == "cleared":
            note = f"after {lasting(at - moment(alert['sent']))}"
            held = self._held
            if self._asked_at is not None and held and held.region in alert["area"]["regions"]:
                took = (monotonic_s() - self._asked_at) * 1000
                self._asked_at = None
                note += f"; on the stream {took:.0f} ms after the key"
        symbol, word, style = SIGNS[alert["state"]]
        hazard = self._world.hazards[alert["hazard"]].names.get(LANGUAGE, alert["hazard"])
        line = Text(f"  {self._clock(at)}  ")
        line.append(f"{symbol} {word:11}", style=style)
        line.append(f" {hazard:10} {place}  {note}")
        self._put(line)
        if "after the key" in note:
            self._screen.kept = [*self._screen.kept[-1:], line]

    def _refresh(self) -> None:
        """Fetch the states after each change, as often as a page would."""
        with httpx.Client(base_url=self._stage.url, timeout=5) as http:
            while not self._closed.is_set():
                self._changed.wait(2.0)
                self._changed.clear()
                with contextlib.suppress(httpx.HTTPError, ValueError):
                    answer = http.get("/api/v1/state")
                    if answer.is_success:
                        self._screen.states = self._by_region(answer.json())

    def _by_region(self, body: dict[str, Any]) -> dict[str, str]:
        tree = self._world.tree
        silent = tree.mask(body["no_information"])
        found = {
            cell.region: "none" if tree.mask([cell.region]) & ~silent else "no-information"
            for cell in self._screen.cells
        }
        for line in body["states"]:
            region, state = line["region"], line["state"]
            if region in found and ORDER.index(state) < ORDER.index(found[region]):
                found[region] = state
        return found

    # -- words -----------------------------------------------------------------------------------

    def _line(self, words: str, style: str) -> None:
        self._put(Text(f"  {words}", style=style))

    def _keep(self, words: str, style: str) -> None:
        """Tell what a key came to, and leave it in sight."""
        self._line(words, style)
        self._screen.kept = [*self._screen.kept[-1:], Text(f"  {words}", style=style)]

    def _put(self, line: Text) -> None:
        if self._is_live:
            self._screen.lines.append(line)
        else:
            self._out.print(line)

    def _clock(self, at: datetime) -> str:
        return at.astimezone(ZoneInfo(self._world.time_zone)).strftime("%H:%M")

    def _name(self, geocode: str) -> str:
        label = self._world.short.get(geocode, {}).get(LANGUAGE)
        return label or self._world.tree[geocode].name(LANGUAGE)

    def _links(self) -> list[tuple[str, str]]:
        links = [("Live map", f"{self._stage.url}/")]
        if self._held is not None:
            region = self._world.tree[self._held.region]
            code = region.ids.get("iso3166_2", region.geocode)
            links.append(("Public page", f"{self._stage.url}/r/{code}"))
        links.append(("Situation", f"{self._stage.url}/situation"))
        return links

    def _cells(self, house: Settings) -> Any:
        drawn = read_maps((profile_folder(house.profile) / MAP_FILE).read_bytes())
        country = drawn.maps[self._world.tree.root]
        names = {code: self._name(code) for code in country.labels}
        columns = min(MAP_COLUMNS, max(60, self._out.width - 4))
        return laid_out(country, names, columns, MAP_ROWS)
