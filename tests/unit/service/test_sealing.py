"""The register sealed beside the chain: opened with its key, empty without it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kit.houses import KYIV
from kit.works import DOWN, WIRED, Works
from kit.world import NOW
from tocsin.core import infra_events as ie
from tocsin.core.alert import Audience
from tocsin.core.claims import Where
from tocsin.core.facilities import Facility, Serves
from tocsin.journal import codec
from tocsin.keys.kinds import Purpose
from tocsin.keys.sealed import seal
from tocsin.keys.store import KeyStore
from tocsin.service import snapshot
from tocsin.service.sealing import SealedCodec, sealed_facility

SECRET = ("Vinohradar mast", "behind the wood", "powered-by", "tv-tower")
"""Words of a description that stand nowhere but in it."""
MAST = Facility(
    kind="tv-tower", name="Vinohradar mast", where=Where(geocode=KYIV, position=(30.4, 50.5)),
    note="behind the wood", serves=(Serves(channel="tv", regions=(KYIV,)),),
)  # fmt: skip


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    store = KeyStore(tmp_path / "keys")
    store.prepare(NOW)
    return store


def opening(keys: KeyStore | None, texts: dict[str, bytes]) -> SealedCodec:
    """A codec over these texts."""
    return SealedCodec(codec, texts.get, keys)


def entered(content: str) -> ie.InstallationRegistered:
    """What the mast's entry is decided as."""
    return ie.InstallationRegistered(
        at=NOW, installation_id="x", handle="X", content=content, facility=MAST
    )


# -- one description -------------------------------------------------------------------------------


def test_what_was_sealed_is_opened_again_whole(keys):
    content, sealed = sealed_facility(keys, MAST)
    read = opening(keys, {content: sealed})
    kind, version, data = read.encode(entered(content))
    assert read.decode(kind, version, data) == entered(content)
    for word in (*SECRET, KYIV):
        assert word.encode() not in data
        assert word.encode() not in sealed


def test_the_same_description_is_sealed_otherwise_each_time(keys):
    assert sealed_facility(keys, MAST)[0] != sealed_facility(keys, MAST)[0]


def test_without_a_key_or_with_another_s_nothing_opens_and_nothing_breaks(keys, tmp_path):
    content, sealed = sealed_facility(keys, MAST)
    strangers = KeyStore(tmp_path / "other")
    strangers.prepare(NOW)
    for store in (None, KeyStore(tmp_path / "empty"), strangers):
        read = opening(store, {content: sealed})
        found = read.decode(*read.encode(entered(content)))
        assert isinstance(found, ie.InstallationRegistered)
        assert (found.facility, found.content) == (None, content)


def test_what_is_gone_or_damaged_or_something_else_does_not_open(keys):
    content, sealed = sealed_facility(keys, MAST)
    poem = seal(keys.key(Purpose.SEAL), b'{"kind": 7}')
    for texts in ({}, {content: sealed[:-1] + b"x"}, {content: b"plain"}, {content: poem}):
        assert opening(keys, texts).facility(content) is None


def test_what_was_sealed_under_an_older_key_opens_after_a_new_one(keys):
    content, sealed = sealed_facility(keys, MAST)
    keys.rotate(Purpose.SEAL, NOW + timedelta(days=1))
    newer, sealed_newly = sealed_facility(keys, MAST)
    read = opening(keys, {content: sealed, newer: sealed_newly})
    assert read.facility(content) == read.facility(newer) == MAST
    (current, *_) = keys.all(Purpose.SEAL)
    only = KeyStore(keys._folder.parent / "moved")  # noqa: SLF001
    only._held[Purpose.SEAL] = (current,)  # noqa: SLF001  # the older one was taken away
    assert opening(only, {content: sealed, newer: sealed_newly}).facility(content) is None
    assert opening(only, {content: sealed, newer: sealed_newly}).facility(newer) == MAST


def test_every_other_event_passes_as_it_is(keys):
    said = ie.ChannelsChanged(at=NOW, channel="tv", may_not=("north",))
    read = opening(keys, {})
    assert read.decode(*read.encode(said)) == said


# -- a snapshot ------------------------------------------------------------------------------------


def test_a_snapshot_holds_no_description_and_comes_back_with_the_key():
    works = Works.with_mandates(WIRED)
    plant = works.add("plant", kind="power-plant")
    mast = works.add("Vinohradar mast", needs=(plant,), note="behind the wood", kind="tv-tower")
    gone = works.add("gone")
    works.say(mast, DOWN, struck=True)
    works.erase(gone)
    written = snapshot.written(WIRED.tree, works.state, {Audience.PUBLIC: 7}, {}, {})
    facilities = {one.content: one.facility for one in works.infra.installations.values()}
    for word in ("behind the wood", "powered-by", "tv-tower"):
        assert word.encode() not in written
    read = snapshot.read(WIRED.tree, written)
    assert read is not None
    assert snapshot.state_of(read, facilities.get) == works.state
    bare = snapshot.state_of(read, lambda _: None)
    works.lose_the_key()
    assert bare == works.state
