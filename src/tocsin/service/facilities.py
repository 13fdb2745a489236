"""Installations entered and described anew: sealed first, then told to the core.

The journal never holds a description. What the core decides on is kept in memory and, sealed,
beside the chain (DESIGN section 3, rule 14).
"""

from __future__ import annotations

from tocsin.core import infra_commands as ic
from tocsin.core.authority import Warrant
from tocsin.core.facilities import Facility
from tocsin.keys.store import KeyStore
from tocsin.service.road import RequestKey
from tocsin.service.sealing import sealed_facility
from tocsin.service.submit import Outcome, Service


async def describe(
    service: Service,
    keys: KeyStore,
    facility: Facility,
    *,
    warrant: Warrant | None = None,
    key: RequestKey | None = None,
    installation_id: str | None = None,
) -> Outcome:
    """Enter an installation, or (with its id) describe it anew; its id is the outcome's.

    Raises:
        JournalUnavailable: the disk did not take it.
        KeyProblem: there is no key to seal it with.
    """
    content, sealed = sealed_facility(keys, facility)
    command = ic.RegisterInstallation(
        facility=facility, content=content, installation_id=installation_id
    )
    return await service.submit(command, warrant=warrant, key=key, texts={content: sealed})
