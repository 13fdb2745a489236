"""Roles, scopes and warrants: what each may do, and that nothing is allowed by default."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kit.world import DRILL, HOUR, NOW, POLICED, Story, drawn, issuing, officer
from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import Audience, Realm, Severity
from tocsin.core.area import Area
from tocsin.core.audit import NoteWritten, SignedIn
from tocsin.core.authority import MAY, Mandate, Permission, Role, Scope, beyond, mandated
from tocsin.core.refusals import Rule

TREE = POLICED.tree
NOBODY = Scope(role=Role.OPERATOR)


@pytest.fixture
def story() -> Story:
    return Story.with_mandates(POLICED)


# -- role x permission -----------------------------------------------------------------------------

TABLE = """
                    public self view situation register issue approve supervise administer
viewer              yes    yes  yes  -         -        -     -       -         -
situation-officer   yes    yes  yes  yes       yes      -     -       -         -
operator            yes    yes  yes  yes       -        yes   yes     -         -
supervisor          yes    yes  yes  yes       yes      yes   yes     yes       -
administrator       yes    yes  yes  -         -        -     -       -         yes
"""


def cells():
    """Each cell of the table: role, permission, whether it may."""
    head, *rows = TABLE.strip().splitlines()
    for row in rows:
        role, *may = row.split()
        for permission, each in zip(head.split(), may, strict=True):
            yield role, permission, each == "yes"


@pytest.mark.parametrize(("role", "permission", "may"), list(cells()))
def test_a_role_may_exactly_what_the_table_says(role, permission, may):
    assert officer(role=Role(role)).may(Permission(permission)) is may


def test_the_table_names_every_role_and_every_permission():
    assert {role for role, _, _ in cells()} == set(Role) == set(MAY)
    assert {permission for _, permission, _ in cells()} == set(Permission)


def test_nobody_who_keeps_the_accounts_warns():
    assert not MAY[Role.ADMINISTRATOR] & {Permission.ISSUE, Permission.APPROVE}


# -- scopes ----------------------------------------------------------------------------------------


def test_a_scope_that_names_nothing_allows_nothing():
    assert not NOBODY.knows("air-raid")
    assert (NOBODY.regions, NOBODY.realms, NOBODY.sender) == ((), (), "")


def test_a_scope_knows_the_hazards_it_names_or_every_one():
    assert replace(NOBODY, hazards=("flood",)).knows("flood")
    assert not replace(NOBODY, hazards=("flood",)).knows("air-raid")
    assert replace(NOBODY, hazards=("*",)).knows("air-raid")


WIDE = Scope(
    role=Role.OPERATOR, sender="nation", regions=("land",), hazards=("flood", "air-raid"),
    realms=(Realm.DRILL,), severity=Severity.SEVERE, channels=("siren", "feed"), usual=("flood",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("more", "fits"),
    [
        pytest.param({}, True, id="the same"),
        pytest.param({"hazards": ("flood",)}, True, id="fewer hazards"),
        pytest.param({"hazards": ()}, True, id="no hazard"),
        pytest.param({"role": Role.VIEWER}, True, id="a lesser role"),
        pytest.param({"severity": Severity.MINOR}, True, id="less severe"),
        pytest.param({"channels": ("feed",)}, True, id="fewer channels"),
        pytest.param({"usual": ()}, True, id="less that is usual"),
        pytest.param({"hazards": ("chemical",)}, False, id="another hazard"),
        pytest.param({"hazards": ("*",)}, False, id="every hazard"),
        pytest.param({"role": Role.SUPERVISOR}, False, id="a greater role"),
        pytest.param({"role": Role.ADMINISTRATOR}, False, id="another role"),
        pytest.param({"sender": "army"}, False, id="another authority"),
        pytest.param({"realms": (Realm.LIVE,)}, False, id="the other room"),
        pytest.param({"severity": Severity.EXTREME}, False, id="more severe"),
        pytest.param({"channels": ("*",)}, False, id="every channel"),
        pytest.param({"usual": ("*",)}, False, id="more that is usual: the second person dodged"),
    ],
)
def test_a_keys_scope_lies_within_its_accounts_or_does_not(more, fits):
    assert replace(WIDE, **more).within(WIDE) is fits


def test_within_every_hazard_channel_and_usual_is_any():
    every = replace(WIDE, hazards=("*",), channels=("*",), usual=("*",))
    assert WIDE.within(every)
    assert every.within(every)


# -- mandates --------------------------------------------------------------------------------------


def test_a_mandate_is_half_open_in_time():
    mandate = Mandate("nation", ("n1",), NOW, NOW + HOUR)
    assert [mandate.holds(NOW + HOUR * n) for n in (-1, 0, 1)] == [False, True, False]
    assert Mandate("nation", ("n1",), NOW, None).holds(NOW + timedelta(days=9999))


def test_where_anybody_may_warn_is_where_some_mandate_holds():
    held = (Mandate("a", ("n1a",), NOW, None), Mandate("b", ("n1b", "gone"), NOW, None))
    assert TREE.leaf_names(mandated(TREE, held, NOW)) == ("n1a", "n1b")
    assert TREE.leaf_names(mandated(TREE, held, NOW, "b")) == ("n1b",)


# -- over the border -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "said"),
    [
        pytest.param(
            drawn(("n1a", 0.5, 0.95), ("n2a", 0.1, 0.03), ("n2b", 0.1, 0.02)), "5% n2a, n2b",
            id="the share and where"),
        pytest.param(drawn(("n1a", 0.5, 0.9)), "10% no region", id="over the sea"),
        pytest.param(
            drawn(("n1a", 0.5, 0.9), ("city", 0.1, 0.05)), "10% city", id="both"),
        pytest.param(
            drawn(*((leaf, 0.5, 0.2) for leaf in ("n2a", "n2b", "s1a", "s1b", "s2"))),
            "100% n2a, n2b, s1a, s1b and 1 more", id="a long list is cut"),
    ],
)  # fmt: skip
def test_a_shape_over_the_border_is_refused_by_how_much_and_where(area, said):
    share, _, where = said.partition(" ")
    refused = beyond(TREE, TREE.mask(("n1",)), area, spill_share=0.02, who="anna")
    assert (refused.rule, refused.field) == (Rule.OUTSIDE_JURISDICTION, "/area")
    assert refused.help == (f"{share} of the drawn area lies outside what anna may warn: {where}.")


@pytest.mark.parametrize(("share", "fits"), [(0.02, True), (0.021, False)])
def test_the_share_that_may_spill_is_exactly_allowed(share, fits):
    area = drawn(("n1a", 0.5, 1 - share), ("n2a", 0.5, share))
    assert (beyond(TREE, TREE.mask(("n1",)), area, spill_share=0.02, who="a") is None) is fits


def test_what_is_cut_out_of_a_shape_does_not_count_as_foreign():
    area = replace(drawn(("n1a", 0.5, 0.6), ("n2a", 0.5, 0.4)), excluded=("n2a", "gone"))
    assert beyond(TREE, TREE.mask(("n1",)), area, spill_share=0.02, who="a") is None


# -- commands that are no alerts -------------------------------------------------------------------


def test_only_an_administrator_or_the_house_gives_and_withdraws_mandates(story):
    give = co.GiveMandate(sender="guest", regions=("n1",))
    for command in (give, co.WithdrawMandate(sender="army", regions=("n1",))):
        for role in set(Role) - {Role.ADMINISTRATOR}:
            assert story.refused(command, officer(role=role)).rule is Rule.NOT_ALLOWED
        assert story.ask(command, officer(role=Role.ADMINISTRATOR, realms=()))
        assert story.ask(command)


def test_an_administrator_of_the_drill_room_alone_gives_no_mandate(story):
    drilled = officer(role=Role.ADMINISTRATOR, realms=(Realm.DRILL,))
    give = co.GiveMandate(sender="guest", regions=("n1",))
    assert story.refused(give, drilled).rule is Rule.WRONG_ROOM


def test_who_asked_is_who_the_warrant_says(story):
    (issued, _) = story.tell(issuing("n1", by="somebody else"), officer("anna"))
    assert issued.by == "anna"


def test_only_the_clock_lets_an_alert_run_out_and_only_the_house_imports(story):
    alert = story.issue("n1")
    early = co.ExpireAlert(alert_id=alert.id, replayed=True)
    assert story.refused(early, officer()).rule is Rule.NOT_ALLOWED
    history = issuing("n1", imported=True)
    assert story.refused(history, officer()).rule is Rule.NOT_ALLOWED


def test_what_happens_at_the_door_is_recorded_for_the_desk_at_the_houses_time(story):
    signed = SignedIn(at=NOW - HOUR, account_id="a", session_id="s", credential_ids=("p",))
    for warrant in (None, officer()):
        (event,) = story.tell(co.Audit(event=signed), warrant)
        assert event == replace(signed, at=NOW)
        assert ev.audience_of_event(event) is Audience.DESK
        assert ev.alert_id_of(event) is None


def test_a_note_is_recorded_with_who_wrote_it_and_by_its_hash(story):
    note = co.WriteNote(note_id="n", kind="hand-over", text="hash", alert_id="a")
    (event,) = story.tell(note, officer("anna"))
    assert event == NoteWritten(
        at=NOW, note_id="n", kind="hand-over", text="hash", alert_id="a", by="anna"
    )
    assert ev.alert_id_of(event) == "a"


def test_a_clock_is_doubted_and_accepted_under_a_warrant_too(story):
    (doubt,) = story.tell(co.DoubtClock(wall=NOW, expected=NOW), officer())
    (accepted,) = story.tell(co.AcceptClock(wall=NOW), officer("anna"))
    assert (type(doubt), accepted.by) == (ev.ClockDoubted, "anna")


# -- warning: refused by default -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "rule", "field"),
    [
        pytest.param({"scope": NOBODY}, Rule.WRONG_ROOM, "/realm", id="an empty scope"),
        pytest.param({"role": Role.VIEWER}, Rule.NOT_ALLOWED, "/Authorization", id="a viewer"),
        pytest.param({"role": Role.SITUATION_OFFICER}, Rule.NOT_ALLOWED, "/Authorization",
                     id="a situation officer"),
        pytest.param({"role": Role.ADMINISTRATOR}, Rule.NOT_ALLOWED, "/Authorization",
                     id="an administrator"),
        pytest.param({"realms": ()}, Rule.WRONG_ROOM, "/realm", id="no room"),
        pytest.param({"realms": (Realm.DRILL,)}, Rule.WRONG_ROOM, "/realm", id="the drill room"),
        pytest.param({"sender": ""}, Rule.NOT_ALLOWED, "/sender", id="for nobody"),
        pytest.param({"sender": "army"}, Rule.NOT_ALLOWED, "/sender", id="for another"),
        pytest.param({"hazards": ()}, Rule.HAZARD_NOT_ALLOWED, "/hazard", id="no hazard"),
        pytest.param({"hazards": ("flood",)}, Rule.HAZARD_NOT_ALLOWED, "/hazard",
                     id="another hazard"),
        pytest.param({"severity": Severity.SEVERE}, Rule.SEVERITY_NOT_ALLOWED, "/severity",
                     id="too severe"),
        pytest.param({"channels": ()}, Rule.CHANNEL_NOT_ALLOWED, "/channels/0", id="no channel"),
        pytest.param({"channels": ("siren",)}, Rule.CHANNEL_NOT_ALLOWED, "/channels/1",
                     id="another channel"),
        pytest.param({"regions": ()}, Rule.OUTSIDE_JURISDICTION, "/area/regions/0",
                     id="no region"),
        pytest.param({"regions": ("n2", "gone")}, Rule.OUTSIDE_JURISDICTION, "/area/regions/0",
                     id="another region"),
    ],
)  # fmt: skip
def test_what_a_scope_does_not_name_it_does_not_allow(story, more, rule, field):
    channels = ("siren", "feed") if "channels" in more else ()
    command = issuing("n1", channels=channels)
    if rule is Rule.CHANNEL_NOT_ALLOWED and not more["channels"]:
        assert "no channel" in story.refused(command, officer(**more)).help
    refused = story.refused(command, officer(**more))
    assert (refused.rule, refused.field) == (rule, field)
    assert len(refused.help) > 10
    assert story.ask(command, officer()), "who has all of it may"


def test_a_scope_is_held_against_an_update_as_against_an_issue(story):
    alert = story.issue("n1a")
    wider = co.UpdateAlert(alert_id=alert.id, sender="nation", area=Area(regions=("n1",)))
    assert story.refused(wider, officer(regions=("n1a",))).rule is Rule.OUTSIDE_JURISDICTION
    assert story.ask(wider, officer(regions=("n1",)))


def test_a_level_raised_is_judged_as_severe_as_it_says(story):
    alert = story.issue("n1", level="yellow")
    raised = co.UpdateAlert(alert_id=alert.id, sender="nation", level="red")
    mild = officer(severity=Severity.MODERATE)
    assert story.refused(raised, mild).rule is Rule.SEVERITY_NOT_ALLOWED
    lower = story.issue("n2", level="red", severity=Severity.MODERATE)
    assert story.ask(co.UpdateAlert(alert_id=lower.id, sender="nation", level="yellow"), mild)


def test_an_alert_goes_by_the_ways_out_it_names_or_by_all_that_its_warrant_allows(story):
    assert story.tell(issuing("n1a"), officer(channels=("siren",)))[0].channels == ("siren",)
    named = issuing("n1b", channels=("feed",))
    assert story.tell(named, officer(channels=("siren", "feed")))[0].channels == ("feed",)
    assert story.issue("n1c").channels == (), "the house names none: all"


# -- ending, keeping, extending --------------------------------------------------------------------


def end_of(alert, kind):
    """The command of that kind for an alert, in its own sender's name."""
    name = {"alert_id": alert.id, "sender": alert.sender}
    return {
        "clear": lambda: co.ClearAlert(**name),
        "cancel": lambda: co.CancelAlert(**name, reason="slip"),
        "keep": lambda: co.KeepAlert(**name),
        "extend": lambda: co.ExtendAlert(**name, expires=NOW + 20 * HOUR),
    }[kind]()


@pytest.mark.parametrize("kind", ["clear", "cancel", "keep", "extend"])
@pytest.mark.parametrize(
    ("more", "rule"),
    [
        pytest.param({"role": Role.VIEWER}, Rule.NOT_ALLOWED, id="a viewer"),
        pytest.param({"realms": (Realm.DRILL,)}, Rule.WRONG_ROOM, id="from the drill room"),
        pytest.param({"sender": "army"}, Rule.NOT_ALLOWED, id="in another's name"),
        pytest.param({"hazards": ("flood",)}, Rule.HAZARD_NOT_ALLOWED, id="another hazard"),
        pytest.param({"regions": ("n1a",)}, Rule.OUTSIDE_JURISDICTION, id="a part only"),
    ],
)
def test_who_may_not_warn_of_it_there_ends_keeps_and_extends_nothing(story, kind, more, rule):
    alert = story.issue("n1")
    assert story.refused(end_of(alert, kind), officer(**more)).rule is rule
    assert story.ask(end_of(alert, kind), officer("mykola")), "any colleague may"


def test_the_part_within_ones_jurisdiction_may_be_cleared(story):
    alert = story.issue("n1")
    part = co.ClearAlert(alert_id=alert.id, sender="nation", regions=("n1a",))
    assert isinstance(story.ask(part, officer(regions=("n1a",)))[0], ev.AlertReduced)


def test_whoever_may_let_a_shape_spill_over_the_border_may_end_it(story):
    area = drawn(("n1a", 0.5, 0.98), ("n2a", 0.3, 0.01), ("n2b", 0.3, 0.010000000000000018))
    alert = story.alert(story.tell(issuing(area=area), officer(regions=("n1",)))[0].alert_id)
    assert story.ask(end_of(alert, "clear"), officer(regions=("n1",)))
    named = story.issue(area=replace(area, regions=("n2a",)))
    refused = story.refused(end_of(named, "clear"), officer(regions=("n1",)))
    assert refused.rule is Rule.OUTSIDE_JURISDICTION, "a region that is named is no spill"
    much = story.issue(area=drawn(("n1a", 0.5, 0.9), ("n2a", 0.3, 0.1)))
    assert story.refused(end_of(much, "clear"), officer(regions=("n1",))).rule is (
        Rule.OUTSIDE_JURISDICTION
    )


def test_a_spill_does_not_let_anybody_tick_the_neighbours_alert(story):
    area = drawn(("n1a", 0.5, 0.98), ("n2a", 1.0, 0.02))
    alert, theirs = story.issue(area=area), story.issue("n2a")
    both = co.ClearAlert(sender="nation", alert_id=alert.id, ticked=(theirs.id,))
    refused = story.refused(both, officer(regions=("n1",)))
    assert (refused.rule, refused.field) == (Rule.OUTSIDE_JURISDICTION, "/ticked/0")
    assert len(story.ask(both, officer())) == 2


# -- retraction ------------------------------------------------------------------------------------


def test_the_issuer_retracts_alone_whatever_became_of_his_scope(story):
    issued = story.tell(issuing("n1"), officer("anna"))[0]
    cancel = co.CancelAlert(alert_id=issued.alert_id, sender="nation", reason="slip")
    narrow = {"regions": (), "hazards": (), "severity": Severity.MINOR}
    assert story.refused(cancel, officer("mykola", **narrow))
    assert len(story.ask(cancel, officer("anna", **narrow))) == 1


def test_the_issuer_retracts_in_his_old_authoritys_name_or_in_his_own_but_in_no_others(story):
    alert = story.issue("n1", sender="n1-office", by="anna")
    cancel = co.CancelAlert(alert_id=alert.id, sender="n1-office", reason="slip")
    assert story.ask(cancel, officer("anna", sender="north-office"))
    above = replace(cancel, sender="north-office")
    assert story.ask(above, officer("anna", sender="north-office"))
    assert story.refused(above, officer("anna", sender="n1-office")).field == "/sender"


def test_even_the_issuer_retracts_no_real_alert_from_the_drill_room(story):
    issued = story.tell(issuing("n1"), officer("anna"))[0]
    cancel = co.CancelAlert(alert_id=issued.alert_id, sender="nation", reason="slip")
    assert story.refused(cancel, officer("anna", realms=(Realm.DRILL,))).rule is Rule.WRONG_ROOM


def test_a_retraction_of_what_needed_two_needs_one(story):
    override = issuing("land", hazard="flood", override="the dam is breaking")
    issued = story.tell(override, officer("anna"))[0]
    for warrant in (officer("anna"), officer("mykola")):
        cancel = co.CancelAlert(alert_id=issued.alert_id, sender="nation", reason="slip")
        (event,) = story.ask(cancel, warrant)
        assert isinstance(event, ev.AlertCancelled)


def test_a_held_alert_is_ended_by_its_own_sender_only(story):
    alert = story.issue("n1", sender="north-office", hold=True)
    for kind in ("clear", "cancel", "keep", "extend"):
        refused = story.refused(replace(end_of(alert, kind), sender="nation"))
        assert (refused.rule, refused.field) == (Rule.HELD, "/alert_id")
        assert story.ask(end_of(alert, kind))


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"realms": (Realm.DRILL,)}, Rule.WRONG_ROOM),
        ({"sender": "nation"}, Rule.NOT_ALLOWED),
        ({"sender": "army", "role": Role.VIEWER}, Rule.NOT_ALLOWED),
    ],
)
@pytest.mark.parametrize("cancelled", [False, True])
def test_an_end_before_its_alert_needs_the_right_to_give_that_alert(story, more, rule, cancelled):
    end = (
        co.CancelAlert(sender="army", identifier="m1", reason="slip", relayed=True)
        if cancelled
        else co.ClearAlert(sender="army", identifier="m1", relayed=True)
    )
    assert story.refused(end, officer(**more)).rule is rule
    assert isinstance(story.ask(end, officer(sender="army"))[0], ev.TombstoneLaid)


# -- rates -----------------------------------------------------------------------------------------

KEY = {"is_machine": True, "per_minute": 2}


def test_a_machine_key_gives_so_many_alerts_a_minute_and_no_more(story):
    for place in ("n1a", "n1b"):
        story.tell(issuing(place), officer("robot", **KEY))
    refused = story.refused(issuing("n1c"), officer("robot", **KEY))
    assert refused.rule is Rule.TOO_MANY_REQUESTS
    assert "2 alerts a minute" in refused.help
    assert story.ask(issuing("n1c"), officer("robot", is_machine=True)), "one without a limit"
    assert story.ask(issuing("n1c"), officer("anna", per_minute=2)), "a person is never refused"
    story.wait(timedelta(seconds=60))
    assert story.ask(issuing("n1c"), officer("robot", **KEY))


def test_a_machines_drills_do_not_use_up_its_live_rate(story):
    for place in ("s1", "s2"):
        story.tell(issuing(place, **DRILL), officer("robot", **KEY))
    assert story.refused(issuing("city", **DRILL), officer("robot", **KEY))
    assert story.ask(issuing("n1"), officer("robot", **KEY))
