"""Every reason Tocsin has for saying no.

A refusal is a value, not an exception: it is one of the two things a decision can come
to. Codes are stable: clients branch on them, so one is never renamed or reused. Each has
its heading in ``docs/reference/refusals.md``; ``tests/docs`` fails while one is missing.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Rule(enum.StrEnum):
    """What stands in the way, as a stable code."""

    # what was sent cannot be read
    BAD_JSON = "bad-json"
    DUPLICATE_MEMBER = "duplicate-member"
    TOO_DEEP = "too-deep"
    TOO_LARGE = "too-large"
    WRONG_TYPE = "wrong-type"
    WRONG_CONTENT_TYPE = "wrong-content-type"
    UNKNOWN_MEMBER = "unknown-member"
    MISSING_MEMBER = "missing-member"
    BAD_VALUE = "bad-value"
    TIME_WITHOUT_ZONE = "time-without-zone"
    CONTROL_CHARACTER = "control-character"
    TEXT_TOO_LONG = "text-too-long"
    BAD_KEY = "bad-idempotency-key"
    # who is asking
    NO_CREDENTIAL = "no-credential"
    BAD_CREDENTIAL = "bad-credential"
    NOT_ALLOWED = "not-allowed"
    OUTSIDE_JURISDICTION = "outside-jurisdiction"
    NOT_YOURS = "not-yours"
    TOKEN_MISMATCH = "token-mismatch"  # noqa: S105  # a rule, no password
    WRONG_ROOM = "wrong-room"
    HAZARD_NOT_ALLOWED = "hazard-not-allowed"
    SEVERITY_NOT_ALLOWED = "severity-not-allowed"
    CHANNEL_NOT_ALLOWED = "channel-not-allowed"
    SUPERIOR_ALERT = "superior-alert"
    HELD = "held"
    SIGN_IN_REFUSED = "sign-in-refused"
    SESSION_OVER = "session-over"
    NEEDS_CONFIRMATION = "needs-confirmation"
    CODE_USED = "code-used"
    LINK_USED = "link-used"
    WEAK_PASSWORD = "weak-password"  # noqa: S105  # a rule, no password
    CROSS_SITE = "cross-site"
    LOGIN_TAKEN = "login-taken"
    NOT_YOUR_OWN = "not-your-own"
    SCOPE_TOO_WIDE = "scope-too-wide"
    UNKNOWN_ACCOUNT = "unknown-account"
    NOT_AS_IT_STANDS = "not-as-it-stands"
    # the second person
    UNKNOWN_PROPOSAL = "unknown-proposal"
    PROPOSAL_CLOSED = "proposal-closed"
    CONTENT_CHANGED = "content-changed"
    OWN_PROPOSAL = "own-proposal"
    SAME_DEVICE = "same-device"
    NOT_AN_APPROVER = "not-an-approver"
    OVERRIDE_NOT_ALLOWED = "override-not-allowed"
    REAL_ALERT_IN_FORCE = "real-alert-in-force"
    # where
    EMPTY_AREA = "empty-area"
    UNKNOWN_REGION = "unknown-region"
    REGION_NOT_COVERED = "region-not-covered"
    AREA_OUTSIDE = "area-outside"
    POLYGON_UNCLOSED = "polygon-unclosed"
    POLYGON_TOO_FEW_POINTS = "polygon-too-few-points"
    POLYGON_SELF_CROSSING = "polygon-self-crossing"
    POLYGON_ANTIMERIDIAN = "polygon-antimeridian"
    POLYGON_EMPTY = "polygon-empty"
    TOO_MANY_VERTICES = "too-many-vertices"
    POSITION_OUT_OF_RANGE = "position-out-of-range"
    BAD_RADIUS = "bad-radius"
    # what
    UNKNOWN_HAZARD = "unknown-hazard"
    UNKNOWN_LEVEL = "unknown-level"
    INSTRUCTION_MISSING = "instruction-missing"
    TEXT_MISSING = "text-missing"
    REALM_MISMATCH = "realm-mismatch"
    REASON_MISSING = "reason-missing"
    NOTHING_CHANGED = "nothing-changed"
    # when
    EXPIRES_PAST = "expires-past"
    EXPIRES_TOO_LATE = "expires-too-late"
    ENDS_BEFORE_START = "ends-before-start"
    EXPIRES_SHORTER = "expires-shorter"
    NOT_YET_EXPIRED = "not-yet-expired"
    STANDING_NEEDS_PERSON = "standing-needs-person"
    TIME_IN_FUTURE = "time-in-future"
    # which alert
    UNKNOWN_ALERT = "unknown-alert"
    ALREADY_CLEARED = "already-cleared"
    ALREADY_CANCELLED = "already-cancelled"
    NOT_IN_FORCE = "not-in-force"
    IDENTIFIER_REUSED = "identifier-reused"
    KEY_REUSED = "key-reused"
    OTHER_HAZARD = "other-hazard"
    OTHER_REALM = "other-realm"
    # the ledger
    UNKNOWN_REPORT = "unknown-report"
    UNKNOWN_INCIDENT = "unknown-incident"
    UNKNOWN_CLAIM = "unknown-claim"
    UNKNOWN_GUIDANCE = "unknown-guidance"
    CLAIM_ENDED = "claim-ended"
    DRAFT_ANSWERED = "draft-answered"
    INCIDENT_MISSING = "incident-missing"
    SOURCE_MISSING = "source-missing"
    LINK_LOOP = "link-loop"
    ALREADY_RELEASED = "already-released"
    EMBARGO_HOLDS = "embargo-holds"
    NEEDS_SECOND_PERSON = "needs-second-person"
    NOT_OFFICIAL = "not-official"
    AREA_TOO_EXACT = "area-too-exact"
    UNREADABLE_REPORT = "unreadable-report"
    ADDRESS_REFUSED = "address-refused"
    ADDRESS_SILENT = "address-silent"
    # installations, outages, notices, feeds
    UNKNOWN_INSTALLATION = "unknown-installation"
    DEPENDENCY_LOOP = "dependency-loop"
    PLACE_MISSING = "place-missing"
    UNKNOWN_CHANNEL = "unknown-channel"
    UNKNOWN_OUTAGE = "unknown-outage"
    RESTORED_BEFORE_OUTAGE = "restored-before-outage"
    SHARE_OUT_OF_RANGE = "share-out-of-range"
    DEADLINE_PAST = "deadline-past"
    UNKNOWN_WATCH = "unknown-watch"
    READS_AS_ALL_CLEAR = "reads-as-all-clear"
    UNKNOWN_NOTICE = "unknown-notice"
    UNKNOWN_WAVE = "unknown-wave"
    WAVE_OVERLAP = "wave-overlap"
    UNKNOWN_ALERT_DRAFT = "unknown-alert-draft"
    ALERT_DRAFT_CLOSED = "alert-draft-closed"
    EVACUATION_INCOMPLETE = "evacuation-incomplete"
    UNKNOWN_FEED_KEY = "unknown-feed-key"
    UNSIGNED = "unsigned"
    BAD_SIGNATURE = "bad-signature"
    TOO_OLD = "too-old"
    WRONG_UNIT = "wrong-unit"
    UNKNOWN_STATION = "unknown-station"
    BEFORE_THE_RECORD = "before-the-record"
    # the house
    UNKNOWN_PATH = "unknown-path"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    TOO_MANY_REQUESTS = "too-many-requests"
    NOT_ACCEPTED = "not-accepted"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was asked cannot be done: which field stands in the way, and what would help."""

    rule: Rule
    field: str
    """JSON pointer into the request, e.g. ``/text/en/instruction``."""
    help: str
