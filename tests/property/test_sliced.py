"""However a feed slices a place into reports, it warns no more people at once than policy lets it.

Source: policies.toml [threats] issue_people_above.
"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kit.observers import FEEDS, ISSUER, LAND, Watch
from kit.world import LEAVES, MINUTE, PARENTS, issuing, leaves_of, officer
from tocsin.core.area import Region, RegionTree
from tocsin.core.intake_threats import issuing as issued_by

COUNTED = st.fixed_dictionaries({leaf: st.integers(0, 400_000) for leaf in LEAVES})
SLICES = st.lists(
    st.tuples(st.lists(st.sampled_from(sorted(PARENTS)), min_size=1, max_size=4), st.booleans()),
    max_size=20,
)
FEED = replace(ISSUER, regions=("land",))


@given(people=COUNTED, slices=SLICES, most=st.integers(0, 900_000))
def test_no_slicing_of_a_place_warns_more_people_than_policy_lets(people, slices, most):
    tree = RegionTree(
        Region(geocode=code, parent=above, level="any", names={"en": code},
               population=people.get(code))
        for code, above in PARENTS.items()
    )  # fmt: skip
    watch = Watch(world=replace(LAND, tree=tree, feeds=replace(FEEDS, issue_people_above=most)))
    warrant = officer(
        FEED.account, regions=FEED.regions, hazards=FEED.hazards, is_machine=True, direct=True
    )
    warned: set[str] = set()
    for regions, waits in slices:
        taken = watch.take(FEED, *dict.fromkeys(regions))
        found = issued_by(watch.world, watch.state, FEED, taken.threat_id)
        if found is not None:
            watch.tell(replace(issuing(), area=found.area, draft_id=found.draft_id), warrant)
            warned |= leaves_of(*regions)
        elif not leaves_of(*regions) <= warned:  # what is not issued waits for a person
            waiting = {leaf for each in watch.drafts for leaf in leaves_of(*each.regions)}
            assert leaves_of(*regions) <= waiting | warned
        if waits:
            watch.wait(4 * MINUTE)
        assert sum(people[leaf] for leaf in warned) <= most
