"""A layered mapping is the dictionary that the same changes make, and never changes once made."""

from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st

from tocsin.core import layered
from tocsin.core.layered import Layered

keys = st.integers(0, 12)
changes = st.lists(
    st.tuples(st.dictionaries(keys, st.integers(), max_size=3), st.lists(keys, max_size=3))
)


@example({1: 0}, [({0: 0}, []), ({}, [0, 0])], 0)
@given(st.dictionaries(keys, st.integers()), changes, st.sampled_from((0, 4, 256)))
def test_a_layered_mapping_is_the_dictionary_of_the_same_changes(first, steps, small):
    with patch.object(layered, "SMALL", small), patch.object(layered, "TOP_MOST", 4):
        mapping, plain = Layered(first), dict(first)
        made = [(mapping, dict(plain))]
        for put, drop in steps:
            mapping = mapping.changed(put, drop)
            for key in drop:
                plain.pop(key, None)
            for key, value in put.items():
                plain.pop(key, None)  # put anew is the newest
                plain[key] = value
            made.append((mapping, dict(plain)))
        for each, wanted in made:
            assert list(each.items()) == list(wanted.items())
            assert len(each) == len(wanted)
            assert [key in each for key in range(13)] == [key in wanted for key in range(13)]
            assert [each.get(key) for key in range(13)] == [wanted.get(key) for key in range(13)]
