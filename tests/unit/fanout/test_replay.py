"""An id that no stream gave is never looked up."""

import pytest

from tocsin.core.alert import Audience
from tocsin.fanout.replay import missed


class Memory:
    """Remembers what it was asked."""

    def __init__(self):
        self.asked = []

    def recent(self, audience, after):
        self.asked.append((audience, after))
        return []


@pytest.mark.parametrize(
    "last", ["", " 1", "1 ", "+1", "-1", "01", "1.0", "1e3", "0x1", "١", "1" * 19, "a"]
)
def test_a_malformed_id_is_of_no_use(last):
    memory = Memory()
    assert missed(memory, Audience.PUBLIC, last) is None
    assert memory.asked == []


@pytest.mark.parametrize("last", ["0", "7", "999999999999999999"])
def test_a_number_is_asked_for(last):
    memory = Memory()
    assert missed(memory, Audience.DRILL, last) == []
    assert memory.asked == [(Audience.DRILL, int(last))]
