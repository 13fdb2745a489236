#!/usr/bin/env python3
"""Checks an evidence file of Tocsin without Tocsin: Python and ``cryptography`` are enough.

    verify_evidence.py FILE.zip [--key PUBLIC.pem] [--heads heads.jsonl]

Prints what fits and what does not. Exit code 0: all of it fits, and the key given signed it; 4: all
of it fits, and whose key signed it was not checked; 5: something does not fit; 2: it was called
wrongly. What each check proves, and what none can, is in docs/integrate/evidence.md, which is
enough to write another one.

Without --key, the file is checked against the key that it brings itself: whoever made the file made
that key too. It shows that nothing was changed since that key signed it, and not whose key it is.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import struct
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

FORMAT = "tocsin-evidence/1"
OK, USAGE, UNPINNED, DOES_NOT_FIT = 0, 2, 4, 5
MOST_BYTES = 1 << 30
HASH = 32
FIXED = struct.Struct(">qqqBqIIII")
MADE_BY = {"claim-entered": "claim_id", "claim-corrected": "new_id"}
LIMITS = ("embargo-asked", "embargo-set", "incident-announced", "incident-released")
AS_CHANGED = ("kind", "site", "where", "when", "is_open")
DOWN = ("same-as", "part-of")
Pairs = list[tuple[dict[str, Any], dict[str, Any]]]
"""Rows, each with what its ``data`` says."""
ENDED_BY = {"retracted": "claim-retracted", "corrected": "claim-corrected"}


class Unreadable(Exception):
    """It is no evidence file, or not whole."""


def sha256(data: bytes) -> bytes:
    """Return the hash."""
    return hashlib.sha256(data).digest()


def canonical(body: dict[str, Any]) -> bytes:
    """Return what is signed: all members but the signature, sorted, without spaces, as UTF-8."""
    plain = {name: value for name, value in body.items() if name != "signature"}
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def is_signed(body: dict[str, Any], key: Ed25519PublicKey) -> bool:
    """Say whether this key signed exactly this."""
    try:
        key.verify(base64.b64decode(str(body["signature"]), validate=True), canonical(body))
    except (InvalidSignature, KeyError, binascii.Error, ValueError):
        return False
    return True


def raw(key: Ed25519PublicKey) -> bytes:
    """Return a key's 32 bytes."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def public_key(pem: bytes) -> Ed25519PublicKey:
    """Return the key that a PEM holds."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise Unreadable("there is no public key in PEM") from None
    if not isinstance(key, Ed25519PublicKey):
        raise Unreadable("the public key is not an Ed25519 key")
    return key


def row_hash(row: dict[str, Any]) -> bytes:
    """Return the hash of a row: SHA-256 of the hash before it and of the whole row, as bytes."""
    kind, audience = row["kind"].encode(), row["audience"].encode()
    alert = b"" if row["alert_id"] is None else row["alert_id"].encode()
    data = row["data"].encode()
    present = (row["alert_id"] is not None) + 2 * (row["audience_seq"] is not None)
    fixed = FIXED.pack(
        row["seq"], row["version"], row["recorded_at_us"], present, row["audience_seq"] or 0,
        len(kind), len(audience), len(alert), len(data),
    )  # fmt: skip
    return sha256(bytes.fromhex(row["before"]) + fixed + kind + audience + alert + data)


def step(row: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """Return how the history tells of a row."""
    by = data.get("by") or data.get("account") or ""
    return {"seq": row["seq"], "at": data["at"], "kind": row["kind"], "by": by}


def folded(pairs: Pairs) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """Return the incidents as the rows leave them, and the links that stand."""
    known: dict[str, dict[str, Any]] = {}
    links: list[dict[str, Any]] = []
    for row, data in pairs:
        one = known.get(data.get("incident_id") or "")
        match row["kind"]:
            case "incident-opened":
                known[data["incident_id"]] = {
                    **{name: data[name] for name in ("handle", "kind", "site", "where", "when")},
                    "title": data.get("title", ""), "is_open": True, "stage": "hidden",
                    "public_id": "", "opened_at": data["at"], "opened_by": data.get("by", ""),
                    "same_as": None,
                }  # fmt: skip
            case "incident-changed" if one is not None:
                one |= {name: data[name] for name in AS_CHANGED}
                one["title"] = data.get("title", "")
            case "incident-announced" | "incident-released" as kind if one is not None:
                if one["stage"] != "released":
                    one["public_id"] = one["public_id"] or data["public_id"]
                    one["stage"] = kind.removeprefix("incident-")
            case "incidents-linked":
                names = ("kind", "one", "other", "reason", "at", "by")
                links.append({name: data.get(name, "") for name in names})
                is_same = data["kind"] == "same-as" and data["one"] in known
                if is_same and data["one"] not in upward(data["other"], known):
                    known[data["one"]]["same_as"] = data["other"]
            case "incidents-unlinked":
                gone = [data[name] for name in ("kind", "one", "other")]
                links = [x for x in links if [x["kind"], x["one"], x["other"]] != gone]
                ended = known.get(data["one"])
                if gone[0] == "same-as" and ended and ended["same_as"] == data["other"]:
                    ended["same_as"] = None
    return known, links


def upward(name: str, known: dict[str, dict[str, Any]]) -> list[str]:
    """Return an incident and, step by step, what it turned out to be."""
    found = [name]
    while (above := known.get(found[-1], {}).get("same_as")) is not None and above not in found:
        found.append(above)
    return found


def merged(name: str, known: dict[str, dict[str, Any]]) -> list[str]:
    """Return an incident and all that turned out to be it; what turned out another has its own."""
    others = [each for each in known if each != name and upward(each, known)[-1] == name]
    return [name, *others]


def belonging(asked: str, links: list[dict[str, Any]]) -> set[str]:
    """Return what belongs to an incident: what it turned out to be, its parts, and so on down."""
    found, waiting = set[str](), [asked]
    above: str | None = asked
    while above is not None and above not in found:  # what the one that was asked for is itself
        found.add(above)
        waiting.append(above)
        above = next((each["other"] for each in reversed(links)
                      if each["kind"] == "same-as" and each["one"] == above), None)  # fmt: skip
    down = [(each["one"], each["other"]) for each in links if each["kind"] in DOWN]
    while waiting:
        name = waiting.pop()
        parts = [one for one, other in down if other == name and one not in found]
        found.update(parts)
        waiting += parts
    return found


def put_to(claim: str, pairs: Pairs) -> str | None:
    """Return the incident that a claim is put to by its rows; a corrected one hands it on."""
    places: dict[str, str | None] = {}
    for row, data in pairs:
        match row["kind"]:
            case "claim-entered" | "claim-moved":
                places[data["claim_id"]] = data["incident_id"]
            case "claim-corrected":
                places[data["new_id"]] = places.get(data["claim_id"])
    return places.get(claim)


def end_of(claim: str, pairs: Pairs) -> tuple[str | None, str, str | None]:
    """Return when a claim ended, why, and by what it was replaced, as its rows say."""
    for row, data in pairs:
        if row["kind"] in ENDED_BY.values() and data["claim_id"] == claim:
            return data["at"], data.get("reason", ""), data.get("new_id")
    return None, "", None


class File:
    """The file, opened, and what was found wrong with it."""

    def __init__(self, path: Path) -> None:
        self.wrong: list[str] = []
        self.files: dict[str, bytes] = {}
        with zipfile.ZipFile(path) as archive:
            listed = archive.infolist()
            if sum(each.file_size for each in listed) > MOST_BYTES:
                raise Unreadable("it unpacks to more than 1 GiB")
            for each in listed:
                if each.filename in self.files:
                    self.wrong.append(f"{each.filename} is in it twice")
                self.files[each.filename] = archive.read(each)
        self.manifest = self._json("manifest.json")
        if self.manifest.get("format") != FORMAT:
            raise Unreadable(f"its manifest does not say {FORMAT}")
        self.key = public_key(self.manifest["public_key"].encode())
        self.account = self._json("evidence.json")
        lines = self._file("rows.ndjson").splitlines()
        self.rows: list[dict[str, Any]] = [json.loads(each) for each in lines]
        self.data: list[dict[str, Any]] = [json.loads(each["data"]) for each in self.rows]

    def _file(self, name: str) -> bytes:
        if name not in self.files:
            raise Unreadable(f"{name} is missing")
        return self.files[name]

    def _json(self, name: str) -> dict[str, Any]:
        found = json.loads(self._file(name))
        if not isinstance(found, dict):
            raise Unreadable(f"{name} is no JSON object")
        return found

    def check(self, key: Ed25519PublicKey | None, heads: Path | None) -> None:
        """Look at everything; what does not fit is in ``wrong``."""
        if key is not None and raw(key) != raw(self.key):
            self.wrong.append("it is signed by another key than the one that was given")
        if not is_signed(self.manifest, self.key):
            self.wrong.append("the manifest's signature does not fit: it was changed")
        self._check_files()
        chain = self._check_chain()
        self._check_rows(chain)
        self._check_account()
        if heads is not None:
            self._check_heads(heads, chain)

    def _check_files(self) -> None:
        named: dict[str, str] = self.manifest["files"]
        there = set(self.files) - {"manifest.json"}
        self.wrong += [f"{each} is not in the file" for each in sorted(set(named) - there)]
        self.wrong += [f"{each} is not in the manifest" for each in sorted(there - set(named))]
        for name in sorted(there & set(named)):
            if sha256(self.files[name]).hex() != named[name]:
                self.wrong.append(f"{name} was changed: its hash is not the manifest's")
        for name in sorted(there):
            folder, _, content = name.partition("/")
            if folder in ("words", "sealed") and sha256(self.files[name]).hex() != content:
                self.wrong.append(f"{name} does not stand under its own hash")

    def _check_chain(self) -> dict[int, bytes]:
        """Return the hash of each row by its number, from the one before the first shown."""
        head, first, whole = self.manifest["head"], self.manifest["first"], self._file("chain.bin")
        if not is_signed(head, self.key):
            self.wrong.append("the head's signature does not fit: it was changed")
        chain = {
            first + number: whole[at : at + HASH]
            for number, at in enumerate(range(0, len(whole), HASH))
        }
        if len(whole) % HASH or len(chain) != head["seq"] - first + 1:
            self.wrong.append("the chain does not reach from the first row to the head")
        if chain.get(head["seq"], b"").hex() != head["hash"]:
            self.wrong.append("the chain does not end in the signed head")
        if first == 0 and chain.get(0) != sha256(b"tocsin journal 1"):
            self.wrong.append("the chain does not begin where a journal begins")
        return chain

    def _check_rows(self, chain: dict[int, bytes]) -> None:
        last = 0
        for row in self.rows:
            seq = row["seq"]
            if row_hash(row).hex() != row["hash"]:
                self.wrong.append(f"row {seq} was changed: its hash does not follow from it")
            if chain.get(seq - 1, b"").hex() != row["before"]:
                self.wrong.append(f"row {seq} does not follow the row before it in the chain")
            if chain.get(seq, b"").hex() != row["hash"]:
                self.wrong.append(f"row {seq} is not the one of that number in the chain")
            if seq <= last:
                self.wrong.append(f"row {seq} is out of order")
            last = seq
        if len(self.rows) != self.manifest["rows"]:
            self.wrong.append(
                f"{self.manifest['rows']} rows were put in, {len(self.rows)} are here"
            )

    def _check_account(self) -> None:
        """Hold what the account tells against the rows, in which alone it is proved."""
        pairs = list(zip(self.rows, self.data, strict=True))
        steps = [step(row, data) for row, data in pairs]
        if self.account["history"] != steps:
            self.wrong.append("the account's history is not that of the rows")
        if self.account["embargoes"] != [each for each in steps if each["kind"] in LIMITS]:
            self.wrong.append("the account's embargoes are not those of the rows")
        made = {data[MADE_BY[row["kind"]]]: data for row, data in pairs if row["kind"] in MADE_BY}
        self._check_incidents(pairs)
        claims = {each["id"]: each for each in self.account["claims"]}
        if len(claims) != len(self.account["claims"]):
            self.wrong.append("a claim is in the account twice")
        self.wrong += [f"claim {each} is in no row" for each in claims if each not in made]
        self.wrong += [f"claim {each} is left out" for each in made if each not in claims]
        for name, claim in claims.items():
            if name in made:
                self._check_claim(claim, made[name], pairs)
        self._check_reports(pairs)

    def _check_incidents(self, pairs: Pairs) -> None:
        """Hold the incidents against their rows: which they are, what they are, how they belong."""
        known, links = folded(pairs)
        told = [each["id"] for each in self.account["incidents"]]
        if len(set(told)) != len(told):
            self.wrong.append("an incident is in the account twice")
        self.wrong += [f"no row opened incident {each}" for each in told if each not in known]
        self.wrong += [f"incident {each} is left out" for each in known if each not in told]
        asked = self.account["asked"]
        if asked != self.manifest["asked"]:
            self.wrong.append("the account is not of the incident that the manifest names")
        belong = belonging(asked, links)
        for each in told:
            if each not in belong:
                self.wrong.append(f"incident {each} is none of what was asked for")
        for each in belong - set(told):
            self.wrong.append(f"incident {each} belongs to it by a link, and is left out")
        if self.account["links"] != links:
            self.wrong.append("the account's links are not those of the rows")
        for each in self.account["incidents"]:
            if (row := known.get(each["id"])) is not None:
                self._check_incident(each, row)
        joined = {data["wave_id"]: data["alerts"] for row, data in pairs
                  if row["kind"] == "wave-joined"}  # fmt: skip
        for each in self.account["incidents"]:
            mine = [joined.get(name, []) for name in merged(each["id"], known)]
            alerts = list(dict.fromkeys(alert for names in mine for alert in names))
            if sorted(each["alerts"]) != sorted(alerts):
                self.wrong.append(f"incident {each['id']}: its alerts are not those of its rows")

    def _check_incident(self, told: dict[str, Any], row: dict[str, Any]) -> None:
        name = told["id"]
        for member in ("handle", *AS_CHANGED, "stage", "public_id", "opened_at", "opened_by",
                       "same_as"):  # fmt: skip
            if told[member] != row[member]:
                self.wrong.append(f"incident {name}: its {member} is not what its rows say")
        words = self.files.get(f"words/{row['title']}") if row["title"] else b"{}"
        if words is None:
            self.wrong.append(f"incident {name}: its title is not in the file")
        elif json.loads(words) != told["title"]:
            self.wrong.append(f"incident {name}: its title is not the one that its row names")

    def _check_claim(
        self,
        claim: dict[str, Any],
        data: dict[str, Any],
        pairs: Pairs,
    ) -> None:
        name, saying = claim["id"], claim["saying"]
        if (saying, claim["entered_at"]) != (data["saying"], data["at"]):
            self.wrong.append(f"claim {name} is not what its row says")
        ends = {
            standing for standing, kind in ENDED_BY.items()
            for row, each in pairs if row["kind"] == kind and each["claim_id"] == name
        }  # fmt: skip
        if ends != {claim["standing"]} - {"stands"}:
            self.wrong.append(f"claim {name}: no row says that it {claim['standing']}, or one else")
        words = self.files.get(f"words/{saying['words']}")
        if words is not None and json.loads(words) != claim["words"]:
            self.wrong.append(f"claim {name}: its sentence is not the one that its row names")
        if words is None and claim["words"]:
            self.wrong.append(f"claim {name}: its sentence is not in the file")
        if claim["incident"] != put_to(name, pairs):
            self.wrong.append(f"claim {name} is put to another incident than its rows say")
        if (claim["entered_by"], claim["replaces"]) != (
            data.get("by", ""), data["claim_id"] if "new_id" in data else None,
        ):  # fmt: skip
            self.wrong.append(
                f"claim {name}: who entered it, or for what, is not what its row says"
            )
        if (claim["ended_at"], claim["reason"], claim["replaced_by"]) != end_of(name, pairs):
            self.wrong.append(f"claim {name}: its end is not what its row says")
        self._check_quote(claim, pairs)

    def _check_quote(
        self,
        claim: dict[str, Any],
        pairs: Pairs,
    ) -> None:
        name, quote, named = claim["id"], claim["quote"], claim["saying"]["quote"]
        if quote is None or named is None:
            if quote is not named:
                self.wrong.append(f"claim {name}: its quote is not the one that its row names")
            return
        if any(quote[each] != named[each] for each in ("content", "start", "end")):
            self.wrong.append(f"claim {name}: its quote is not the one that its row names")
        if quote["text"] is not None and f"sealed/{quote['content']}" not in self.files:
            self.wrong.append(f"claim {name}: the sealed bytes of its quote are not in the file")
        report = next(
            (r for r in self.account["reports"] if r["id"] == claim["saying"]["report_id"]), None
        )
        text = report["text"] if report is not None else None
        if None not in (text, quote["text"]) and (
            text[quote["start"] : quote["end"]] != quote["text"]
        ):
            self.wrong.append(f"claim {name}: its quote does not stand there in the report")
        erasing = [each for row, each in pairs if row["kind"] == "words-erased"]
        if quote["erased"] and not any(
            quote["content"] in each["contents"]
            or (report is not None and each["report_id"] == report["id"])
            for each in erasing
        ):
            self.wrong.append(f"claim {name}: no row says that its quote was erased")

    def _check_reports(self, pairs: Pairs) -> None:
        taken = {data["report_id"]: data for row, data in pairs if row["kind"] == "report-taken"}
        for each in self.account["reports"]:
            data = taken.get(each["id"])
            same = ("outlet", "published", "language", "title", "address", "content")
            if data is None or any(each[name] != data[name] for name in same):
                self.wrong.append(f"report {each['id']} is not what its row says")
            if each["text"] is not None and f"sealed/{each['content']}" not in self.files:
                self.wrong.append(f"report {each['id']}: its sealed bytes are not in the file")

    def _check_heads(self, path: Path, chain: dict[int, bytes]) -> None:
        """Hold heads that were kept elsewhere against the chain."""
        fits = 0
        for plain in path.read_bytes().splitlines():
            try:
                head = json.loads(plain)
                seq, hash_ = int(head["seq"]), str(head["hash"])
            except (ValueError, KeyError, TypeError):
                continue  # torn by a full disk: it never was a head
            if seq not in chain:
                continue
            if not is_signed(head, self.key):
                if head.get("key") == self.manifest["key"]:
                    self.wrong.append(f"the head of row {seq} that was kept was changed")
                continue
            if chain[seq].hex() != hash_:
                self.wrong.append(f"row {seq} was another one when its head was signed")
            fits += 1
        if not fits:
            self.wrong.append("no head that was kept is signed by this key and of these rows")

    def told(self) -> str:
        """Return in one line what it is about."""
        account, head = self.account, self.manifest["head"]
        erased = sum(1 for each in account["claims"] if each["quote"] and each["quote"]["erased"])
        return (
            f"{len(account['incidents'])} incidents, {len(account['claims'])} claims, "
            f"{len(self.rows)} rows up to head {head['seq']} signed {head['signed_at']}; "
            f"{erased} quotes were erased"
        )


def main(arguments: list[str] | None = None) -> int:
    """Check the file that the arguments name; return the exit code."""
    ask = argparse.ArgumentParser(description="Check an evidence file of Tocsin.")
    ask.add_argument("file", type=Path)
    ask.add_argument("--key", type=Path, help="the house's public key (PEM), from another place")
    ask.add_argument("--heads", type=Path, help="signed heads that were kept elsewhere")
    given = ask.parse_args(arguments)
    for each in (given.file, given.key, given.heads):
        if each is not None and not each.is_file():
            print(f"{each}: there is no such file", file=sys.stderr)
            return USAGE
    try:
        key = public_key(given.key.read_bytes()) if given.key is not None else None
    except Unreadable as slip:
        print(f"{given.key}: {slip}", file=sys.stderr)
        return USAGE
    try:
        found = File(given.file)
        found.check(key, given.heads)
    except Unreadable as slip:
        print(f"does not fit: {slip}")
        return DOES_NOT_FIT
    except (
        ValueError, KeyError, TypeError, AttributeError, IndexError, struct.error, zlib.error,
        zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, RecursionError,
    ) as slip:  # fmt: skip
        print(f"does not fit: it cannot be read as evidence ({type(slip).__name__})")
        return DOES_NOT_FIT
    for each in found.wrong:
        print(f"does not fit: {each}")
    if found.wrong:
        return DOES_NOT_FIT
    if key is None:
        print("WHOSE KEY SIGNED IT WAS NOT CHECKED: anybody can make a file that fits its own key.")
        print("Take the house's key from another place and give it with --key.")
    print(f"fits: {found.told()}")
    print(f"signed by the key of fingerprint {sha256(raw(found.key)).hex()}")
    return OK if key is not None else UNPINNED


if __name__ == "__main__":
    sys.exit(main())
