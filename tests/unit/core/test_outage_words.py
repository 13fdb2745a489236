"""What was said of an outage stays, told or not, as far as it is kept."""

from __future__ import annotations

from kit.chronicle import Chronicle
from tocsin.core import infra_commands as ic
from tocsin.core.infrastructure import WORDS_KEPT


def said(story, outage_id=None, **more):
    """Say something of an outage; return how it stands."""
    usual = {"service": "power", "source": "The grid", "regions": ("n1",), "outage_id": outage_id}
    made = story.tell(ic.ReportOutage(**{**usual, **more}))
    return story.state.infra.outages[made[0].outage_id]


def test_each_word_stays_whole_and_the_last_is_how_it_stands():
    story = Chronicle.with_mandates()
    one = said(story, tell=False, settlements=("Riverton",))
    one = said(story, one.id, source="The town", restored_share=0.4)
    first, last = one.words
    assert (first.source, first.settlements, first.restored_share, first.told) == (
        "The grid", ("Riverton",), 0.0, False,
    )  # fmt: skip
    assert (last.source, last.settlements, last.restored_share, last.told) == (
        "The town", (), 0.4, True,
    )  # fmt: skip
    assert (last.source, last.regions, last.ended_at) == (one.source, one.regions, one.ended_at)
    assert (first.at, last.at) == (one.at, one.changed_at)


def test_the_oldest_words_go_first():
    story = Chronicle.with_mandates()
    one = said(story)
    for number in range(WORDS_KEPT):
        one = said(story, one.id, source=f"Word {number}")
    assert len(one.words) == WORDS_KEPT
    assert one.words[0].source == "Word 0"
    assert one.words[-1].source == f"Word {WORDS_KEPT - 1}"
