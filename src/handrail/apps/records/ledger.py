"""Sealing the ledgers by the clock, and telling where somebody has been at them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.dateparse import parse_datetime

from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.queries import consents_to_seal
from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.records.models import LedgerSeal
from handrail.domain.records import Finding, Link, Row, check, follow, leaf_of, row_bytes
from handrail.domain.records.chain import START

# Ledger -> its rows and the column that says when. Every row of theirs is sealed, whole.
LEDGERS: dict[str, tuple[Callable[[], QuerySet[Any]], str]] = {
    "audit": (lambda: AuditEntry.objects.order_by("pk"), "at"),
    "consent": (consents_to_seal, "recorded_at"),
}
BATCH = 2000
LET_GO = "retention.audit_purged"  # whose detail says up to when rows were let go


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look over the chain found."""

    sealed: int
    unsealed: int  # rows that the next batch seals
    head: str  # the last link: written down elsewhere, it shows a chain that was cut short
    findings: tuple[Finding, ...]
    knows_head: bool = True  # whether a link that the asker wrote down before is in it

    @property
    def is_whole(self) -> bool:
        return self.knows_head and not self.findings


def seal_ledgers(*, by: Viewer, now: datetime) -> int:
    """Seal what is not sealed yet; says how many rows. Only the clock and the operator do this.

    In a batch of its own: a chain that each request wrote would make all of them wait in a row.
    """
    if not by.is_system:
        raise NotAllowed("The clock seals the ledgers.")
    done = 0
    while True:
        with writing(by.organization):
            batch = _seal_batch(by, now)
        done += batch
        if batch < BATCH:
            return done


def _seal_batch(by: Viewer, now: datetime) -> int:
    last = LedgerSeal.objects.select_for_update().order_by("-n").first()
    n, before = (last.n, last.chain) if last else (0, START)
    key = _keys()[0]
    made = []
    for ledger, row, row_at in _unsealed(BATCH):
        n += 1
        salt = secrets.token_hex(16)
        leaf = leaf_of(salt, content_of(row))
        before = follow(before, f"{ledger}:{row.pk}", leaf, key=key)
        made.append(
            LedgerSeal(
                organization=by.organization,
                n=n,
                ledger=ledger,
                row_id=row.pk,
                salt=salt,
                leaf=leaf,
                chain=before,
                row_at=row_at,
                sealed_at=now,
            )
        )
    LedgerSeal.objects.bulk_create(made)
    return len(made)


def verify_ledgers(*, by: Viewer, head: str = "") -> Verdict:
    """Hold every sealed row against the chain, and say where it does not hold.

    `head` is a last link that somebody wrote down before: a chain whose end was cut off together
    with its rows does not have it any more, and nothing else would show that.
    """
    if not (by.is_system or by.is_administrator or by.is_auditor):
        raise NotAllowed("Only an administrator or an auditor checks the record.")
    with reading(by.organization):
        seals = list(LedgerSeal.objects.order_by("n"))
        rows = [
            Row(f"{ledger}:{row.pk}", content_of(row))
            for ledger, (all_rows, _at) in LEDGERS.items()
            for row in all_rows().iterator(chunk_size=2000)
        ]
        cut = _let_go_before()
    links = [Link(seal.n, seal.row, seal.salt, seal.leaf, seal.chain) for seal in seals]
    let_go = frozenset(
        seal.row
        for seal in seals
        if cut is not None and seal.ledger == "audit" and seal.row_at < cut
    )
    named = {seal.row for seal in seals}
    return Verdict(
        sealed=len(seals),
        unsealed=sum(row.name not in named for row in rows),
        head=seals[-1].chain if seals else "",
        findings=tuple(check(links, rows, keys=_keys(), let_go=let_go)),
        knows_head=not head or any(seal.chain == head for seal in seals),
    )


def content_of(row: Model) -> bytes:
    """All of a row's columns, as the chain spells them."""
    fields: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        fields[str(field.column)] = value.isoformat() if isinstance(value, datetime) else value
    return row_bytes(fields)


def forget_salts(before: datetime) -> None:
    """The leaves of audit rows that are let go tell nothing about them from now on."""
    gone = LedgerSeal.objects.filter(ledger="audit", row_at__lt=before)
    gone.exclude(salt="").update(salt="")


def _let_go_before() -> datetime | None:
    """Up to when rows were let go, as the record itself says, sealed like all of it."""
    cuts = [
        parse_datetime(str(entry.detail.get("before", "")))
        for entry in AuditEntry.objects.filter(verb=LET_GO)
    ]
    return max((cut for cut in cuts if cut is not None), default=None)


def _unsealed(limit: int) -> Iterator[tuple[str, Model, datetime]]:
    """Rows without a seal, in the order in which they were written, ledger by ledger.

    Looked for one by one and not by "after the last one": a transaction that began earlier may
    commit its row later.
    """
    for ledger, (all_rows, at) in LEDGERS.items():
        seals = LedgerSeal.objects.filter(ledger=ledger, row_id=OuterRef("pk"))
        for row in all_rows().exclude(Exists(seals))[:limit]:
            limit -= 1
            yield ledger, row, getattr(row, at)


def _keys() -> list[bytes]:
    """Today's key of the chain, then those of keys that were replaced."""
    return [_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _key(secret: str) -> bytes:
    info = b"handrail.records.ledger.1"
    return HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(secret.encode())


def run_sealing(row: OutboxRow, now: datetime) -> None:
    """Seal by the clock."""
    seal_ledgers(by=Viewer.system(row.organization, "clock"), now=now)
