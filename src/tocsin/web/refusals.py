"""What each refusal means and what to do: the page that every ``type`` link leads to.

``python -m tocsin.web.refusals`` prints the same as Markdown, for ``docs/reference/refusals.md``.

Source: RFC 9457 section 3.1.1.
"""

from __future__ import annotations

import html
import sys
from collections.abc import Mapping

from starlette.responses import Response

from tocsin.checks.identity import Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats.api import IN_PATH, TITLES, status_of
from tocsin.web.endpoint import Ask, Endpoint

INTRODUCTION = (
    "Tocsin says no with a rule, a field and what would work. Rules are stable codes: a program "
    "may branch on them. Nothing of a refused request is recorded."
)

MEANINGS: Mapping[Rule, str] = {
    Rule.BAD_JSON: "The body is not JSON in UTF-8. Nothing in it was read.",
    Rule.DUPLICATE_MEMBER: "A member or parameter stands twice, so it is not clear which is meant.",
    Rule.TOO_DEEP: "The body nests deeper than any request of this API does.",
    Rule.TOO_LARGE: "The body, or a list in it, is larger than is read. Name wider regions.",
    Rule.WRONG_TYPE: "The value is of another type, such as text where a number belongs.",
    Rule.WRONG_CONTENT_TYPE: "Bodies are JSON in UTF-8: send `Content-Type: application/json`.",
    Rule.UNKNOWN_MEMBER: "There is no such member or parameter. A misspelt one is never ignored.",
    Rule.MISSING_MEMBER: "A member that must be given is not there.",
    Rule.BAD_VALUE: "The value is of the right type and not one of those that are allowed.",
    Rule.TIME_WITHOUT_ZONE: "Every time carries its zone, as in `2022-10-10T08:00:00+03:00`.",
    Rule.CONTROL_CHARACTER: "A name holds a control, private or invisible character, or one that "
    "turns the direction of text. Such a name could pass for another.",
    Rule.TEXT_TOO_LONG: "The text is longer than every channel could carry.",
    Rule.BAD_KEY: "An `Idempotency-Key` has 1 to 128 visible ASCII characters, and stands once.",
    Rule.NO_CREDENTIAL: "This needs a credential: send `Authorization: Bearer` and the token.",
    Rule.BAD_CREDENTIAL: "The credential that was sent is not known here.",
    Rule.NOT_ALLOWED: "The credential is known and may not do this.",
    Rule.OUTSIDE_JURISDICTION: "Part of the area lies where this sender has no mandate to warn, or "
    "where this credential has no say. The refusal says how much of a drawn area, and where.",
    Rule.NOT_YOURS: "The alert belongs to a sender that this one is not set over.",
    Rule.TOKEN_MISMATCH: "The token is not from the preview of exactly this. Preview it again.",
    Rule.WRONG_ROOM: "The credential is not for this room. Real alerts and drills have addresses, "
    "keys and lists of their own, and nothing of the one can be done from the other.",
    Rule.HAZARD_NOT_ALLOWED: "The credential's scope does not name this hazard.",
    Rule.SEVERITY_NOT_ALLOWED: "The alert is more severe than this credential may warn of; a level "
    "counts as severe as it says.",
    Rule.CHANNEL_NOT_ALLOWED: "The alert names a way out that the credential's scope does not.",
    Rule.SUPERIOR_ALERT: "The alert belongs to an authority above this one. Ask it to end "
    "the alert, or to delegate the part of it that you know to be clear.",
    Rule.HELD: "Its sender holds the alert: nobody else may end, change or extend it, not even an "
    "authority above.",
    Rule.SIGN_IN_REFUSED: "Login, password, code or passkey do not fit. Which of them is not said.",
    Rule.SESSION_OVER: "The session has ended: signed out, ended by another, or the shift is over. "
    "Sign in again.",
    Rule.NEEDS_CONFIRMATION: "This needs the second factor once more, just now: the code or the "
    "passkey.",
    Rule.CODE_USED: "Each code is good for one sign-in. Wait for the next.",
    Rule.LINK_USED: "A one-time link is good once and for a short time. Ask for a new one.",
    Rule.NOT_AS_IT_STANDS: "Something has to be done before, or a limit is reached; the help says "
    "which.",
    Rule.WEAK_PASSWORD: "The password is too short, of too few different signs, or holds the "
    "login. Four words that do not belong together do well.",
    Rule.CROSS_SITE: "The request came from a page of another site, so it is not taken for yours.",
    Rule.LOGIN_TAKEN: "Somebody has this login already.",
    Rule.NOT_YOUR_OWN: "Nobody does this to his own account; another administrator does.",
    Rule.SCOPE_TOO_WIDE: "A key may do no more than the account it is made for.",
    Rule.UNKNOWN_ACCOUNT: "No account, credential or session of that id is known here.",
    Rule.UNKNOWN_PROPOSAL: "No such proposal is known here, or it no longer waits.",
    Rule.PROPOSAL_CLOSED: "The proposal was answered already, or its time is over. Make a new one.",
    Rule.CONTENT_CHANGED: "An approval holds for exactly what was proposed, and an update's "
    "also for what its alert said then. Read it again; any change needs a new proposal.",
    Rule.OWN_PROPOSAL: "Nobody answers his own proposal, by whichever credential.",
    Rule.SAME_DEVICE: "The second person uses another credential, session and device than the "
    "author: at one keyboard, two persons are one.",
    Rule.NOT_AN_APPROVER: "Policy does not let this role, machine or authority be the second "
    "person.",
    Rule.OVERRIDE_NOT_ALLOWED: "This needs a second person: a machine has no override, and a house "
    "may know none.",
    Rule.REAL_ALERT_IN_FORCE: "People there are under a real alert. No drill begins, is widened or "
    "goes on beside one.",
    Rule.EMPTY_AREA: "The alert names no place. An empty area is never taken for everywhere.",
    Rule.UNKNOWN_REGION: "The profile has no region of that geocode or alias.",
    Rule.REGION_NOT_COVERED: "The alert does not cover that place, or reaches beyond what is "
    "cleared; or an update would drop a place, which only an all-clear may.",
    Rule.AREA_OUTSIDE: "The drawn area touches no region of the profile. Are longitude and "
    "latitude swapped? Positions are `[lon, lat]`.",
    Rule.POLYGON_UNCLOSED: "The last position of a polygon must be its first again.",
    Rule.POLYGON_TOO_FEW_POINTS: "A polygon has at least four positions, the last like the first.",
    Rule.POLYGON_SELF_CROSSING: "The border crosses itself. It is not repaired: only you know what "
    "was meant.",
    Rule.POLYGON_ANTIMERIDIAN: "The polygon runs over the 180th meridian. Send one for each side.",
    Rule.POLYGON_EMPTY: "The polygon encloses no ground.",
    Rule.TOO_MANY_VERTICES: "A polygon has at most 10,000 positions, an alert 50,000.",
    Rule.POSITION_OUT_OF_RANGE: "Longitude is within 180 and latitude within 90 degrees.",
    Rule.BAD_RADIUS: "The radius of a circle is above 0 and at most 1,000 km, in metres.",
    Rule.UNKNOWN_HAZARD: "The profile has no such hazard: see `/api/v1/hazards`.",
    Rule.UNKNOWN_LEVEL: "The hazard has no such level: see `/api/v1/hazards`.",
    Rule.INSTRUCTION_MISSING: "This hazard needs an instruction in every language: a warning that "
    "does not say what to do is not sent.",
    Rule.TEXT_MISSING: "Alert, all-clear and retraction need their words in every language at the "
    "moment of issue, so that a correction is as fast as the error.",
    Rule.REALM_MISMATCH: "Status and realm do not go together: a drill is never an Actual.",
    Rule.REASON_MISSING: "Say in a few words why: for a retraction, an override, or a proposal "
    "that is sent back.",
    Rule.NOTHING_CHANGED: "The update leaves everything as it is.",
    Rule.EXPIRES_PAST: "The end lies in the past.",
    Rule.EXPIRES_TOO_LATE: "The end lies beyond the hazard's longest duration. Extend the alert "
    "later, or make it standing: renewed each day by a named person.",
    Rule.ENDS_BEFORE_START: "The end lies before the beginning.",
    Rule.EXPIRES_SHORTER: "The end lies before the present one. An alert is ended by an all-clear.",
    Rule.NOT_YET_EXPIRED: "The alert has not run out yet.",
    Rule.STANDING_NEEDS_PERSON: "A standing alert is renewed by a person, who must be named.",
    Rule.TIME_IN_FUTURE: "The moment has not come yet.",
    Rule.UNKNOWN_ALERT: "No alert of that id, handle or identifier is known here.",
    Rule.ALREADY_CLEARED: "The all-clear was given already.",
    Rule.ALREADY_CANCELLED: "The alert was withdrawn as issued in error; there is nothing to end.",
    Rule.NOT_IN_FORCE: "The alert has ended. A new danger is a new alert.",
    Rule.IDENTIFIER_REUSED: "The sender used this identifier for another message.",
    Rule.KEY_REUSED: "The `Idempotency-Key` was used for another request; take a new one.",
    Rule.OTHER_HAZARD: "An all-clear for one hazard never ends an alert for another.",
    Rule.OTHER_REALM: "A drill cannot end a live alert, nor a live message a drill.",
    Rule.UNKNOWN_REPORT: "No report of that id was taken in here.",
    Rule.UNKNOWN_INCIDENT: "No incident of that id is known here; to the public, none is known "
    "that still waits.",
    Rule.UNKNOWN_CLAIM: "No claim of that id is known here.",
    Rule.UNKNOWN_GUIDANCE: "No guidance of that id was given here.",
    Rule.CLAIM_ENDED: "The claim was corrected or retracted already. Correct what replaced it.",
    Rule.DRAFT_ANSWERED: "The draft was confirmed already. Correct the claim that came of it.",
    Rule.INCIDENT_MISSING: "A claim of this kind belongs to an incident: name it, or open one "
    "first.",
    Rule.SOURCE_MISSING: "Every claim has a source: the outlet of the report, or who told it.",
    Rule.LINK_LOOP: "The incidents are one already, or would belong to each other in a circle.",
    Rule.ALREADY_RELEASED: "People know of the incident; what was told cannot be held back.",
    Rule.EMBARGO_HOLDS: "People would be told earlier than the publication policy allows. Two "
    "people may decide so.",
    Rule.NEEDS_SECOND_PERSON: "What tells people earlier than policy allows is asked for by one "
    "officer and agreed to by another.",
    Rule.NOT_OFFICIAL: "Before its embargo is over, only what the authority itself has released "
    "may be told.",
    Rule.AREA_TOO_EXACT: "A guidance area is much larger than the site and not centred on it, "
    "so that it does not show where it was hit.",
    Rule.UNREADABLE_REPORT: "The report is not text, is too large, or holds no article.",
    Rule.ADDRESS_REFUSED: "Reports are fetched from public addresses over http and https alone, "
    "never from inside this network.",
    Rule.ADDRESS_SILENT: "The address gave no report: it did not answer in time, or not with one.",
    Rule.UNKNOWN_INSTALLATION: "No installation of that id is in the register, or its description "
    "was erased.",
    Rule.DEPENDENCY_LOOP: "Installations would depend on each other in a circle: nothing could be "
    "said of what falls first.",
    Rule.PLACE_MISSING: "An installation lies in a region of the profile; name it.",
    Rule.UNKNOWN_CHANNEL: "The profile names no such channel: see `/api/v1/channels`.",
    Rule.UNKNOWN_OUTAGE: "No outage of that id is known here.",
    Rule.RESTORED_BEFORE_OUTAGE: "A service comes back after it went out, not before.",
    Rule.SHARE_OUT_OF_RANGE: "A share is between 0 and 1: 0.4 is forty in a hundred.",
    Rule.DEADLINE_PAST: "The moment by which something is to be done, or until which it holds, "
    "lies in the past.",
    Rule.UNKNOWN_WATCH: "No watch of that id is kept here.",
    Rule.READS_AS_ALL_CLEAR: "A watch says what was seen and when. Words that people read as an "
    "all-clear are an all-clear's alone.",
    Rule.UNKNOWN_NOTICE: "No counterfeit notice of that id was given here.",
    Rule.UNKNOWN_WAVE: "No wave of that id is known here; to the public, none is known that still "
    "waits.",
    Rule.WAVE_OVERLAP: "An alert or an incident belongs to one wave; take it out of the other "
    "first.",
    Rule.UNKNOWN_ALERT_DRAFT: "No draft of an alert of that id waits here.",
    Rule.ALERT_DRAFT_CLOSED: "The draft was issued, dismissed or withdrawn already.",
    Rule.EVACUATION_INCOMPLETE: "An evacuation says where to, which way, from where, by what, by "
    "when, and who helps those who cannot walk, in every language. What is missing is named.",
    Rule.UNKNOWN_FEED_KEY: "No feed of that key is known here, or it was withdrawn.",
    Rule.UNSIGNED: "What a feed sends is signed: `Tocsin-Key` and `Tocsin-Signature` name the key "
    "and hold an Ed25519 signature over the raw body.",
    Rule.BAD_SIGNATURE: "The signature does not fit the body under that key. Nothing of it was "
    "read.",
    Rule.TOO_OLD: "What a feed sends is fresh: its `not_after` has passed, or it was sent too "
    "long ago.",
    Rule.WRONG_UNIT: "Dose rates are ambient dose equivalent rates in nSv/h; no other unit is "
    "converted.",
    Rule.UNKNOWN_STATION: "The register has no such station, or it is another feed's.",
    Rule.BEFORE_THE_RECORD: "The record begins later than this moment.",
    Rule.UNKNOWN_PATH: "There is nothing at this address: see `/api/v1/openapi.json`.",
    Rule.METHOD_NOT_ALLOWED: "The address is right and the method is not; `Allow` says which are.",
    Rule.TOO_MANY_REQUESTS: "More requests than this credential may make; `Retry-After` says when.",
    Rule.NOT_ACCEPTED: "The journal could not be written, so nothing was accepted. Alerts already "
    "in force stay in force. Send the request again with the same `Idempotency-Key`.",
}
"""What stands behind each rule, in a sentence or two."""


def markdown() -> str:
    """Return the page as Markdown."""
    parts = ["# Refusals\n", f"{INTRODUCTION}\n"]
    parts.append(
        "Made from `src/tocsin/web/refusals.py` by `python -m tocsin.web.refusals`; a running "
        "server has the same page at `/docs/refusals`.\n"
    )
    for rule in Rule:
        parts += [f"## {rule.value}\n", f"**{TITLES[rule]}** ({_status(rule)}). {MEANINGS[rule]}\n"]
    return "\n".join(parts).rstrip() + "\n"


def page() -> str:
    """Return the page as HTML, whole without style or script."""
    parts = [
        '<!doctype html>\n<html lang="en" dir="ltr">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        "<title>Refusals - Tocsin</title>\n</head>\n<body>\n<main>\n<h1>Refusals</h1>",
        f"<p>{INTRODUCTION}</p>",
    ]
    for rule in Rule:
        said = html.escape(MEANINGS[rule])
        for place in range(said.count("`")):
            said = said.replace("`", "</code>" if place % 2 else "<code>", 1)
        parts.append(
            f'<section id="{rule.value}">\n<h2>{TITLES[rule]}</h2>\n'
            f"<p><code>{rule.value}</code>, HTTP {_status(rule)}. {said}</p>\n</section>"
        )
    return "\n".join([*parts, "</main>\n</body>\n</html>\n"])


async def refusals(ask: Ask) -> Response:
    """Show the page."""
    del ask
    headers = {"Cache-Control": "public, max-age=300"}
    return Response(page(), headers=headers, media_type="text/html")


def _status(rule: Rule) -> str:
    found = {status_of(Refusal(rule, field, "")) for field in ("", *IN_PATH)}
    return " or ".join(str(status) for status in sorted(found))


REFUSALS = Endpoint(
    method="GET",
    path="/docs/refusals",
    name="refusals",
    summary="Show what each refusal means",
    permission=Permission.PUBLIC,
    handler=refusals,
    media="text/html",
)


if __name__ == "__main__":
    sys.stdout.write(markdown())
