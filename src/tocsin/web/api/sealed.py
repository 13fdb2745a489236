"""What the desk's own lines keep from part of the desk: the register, and what machines reported.

Who may look at the desk may not therefore know what is guarded, what fell, or who saw what: what is
said of installations is for who keeps the register, what machines report for who warns by it, both
in the live room alone (DESIGN section 3, rule 14). A viewer, an administrator and a credential of
drills read that something was recorded, and when.
"""

from __future__ import annotations

from tocsin.checks.identity import Identity
from tocsin.core import events as ev
from tocsin.core import infra_events as ie
from tocsin.core import intake_events as te
from tocsin.core.alert import Realm
from tocsin.core.authority import Permission

OF_REGISTER = (
    ie.InstallationRegistered | ie.InstallationErased | ie.ConditionReported | ie.OutageTraced
    | ie.PostureSet
)  # fmt: skip


def knows(identity: Identity, permission: Permission) -> bool:
    """Say whether somebody has that permission, and has it in the live room."""
    warrant = identity.warrant
    is_live = warrant is None or Realm.LIVE in warrant.scope.realms
    return identity.may(permission) and is_live


def is_sealed(identity: Identity, event: ev.Event) -> bool:
    """Say whether what a row of the journal says is not for whoever asks."""
    if isinstance(event, OF_REGISTER):
        return not knows(identity, Permission.REGISTER)
    if isinstance(event, te.IntakeEvent):
        return not knows(identity, Permission.ISSUE)
    return False
