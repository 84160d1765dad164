"""Exports: a zip with every table as CSV and JSON, made by the worker, gone after a week."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from handrail import __version__
from handrail.apps.identity.models import Notice
from handrail.apps.identity.queries import is_of_an_end_ahead
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.queries import consents_to_seal
from handrail.apps.organizations.refusals import Conflict, NotAllowed, NotFound
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer, ViewerKind
from handrail.apps.outbox.actions import enqueue
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import EmploymentSpell, Person
from handrail.apps.people.stays import without_end_ahead
from handrail.apps.records.models import DataExport, ExportKind, ExportState
from handrail.apps.records.register import REGISTER, by_table, tables

KEPT = timedelta(days=7)
WHO_ASKS = (ViewerKind.PERSON, ViewerKind.KEY)  # a key acts for its owner, within its scopes
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for one
Rows = Iterator[dict[str, Any]]


def ask_export(kind: str, *, redacted: bool = False, by: Viewer, now: datetime) -> DataExport:
    """Have the worker make an export: an administrator's of everything, or one's own."""
    if by.kind not in WHO_ASKS:
        raise NotAllowed(_("Sign in to ask for an export."))
    if kind == ExportKind.ORGANIZATION and not by.is_administrator:
        raise NotAllowed(_("Only an administrator exports the organisation."))
    if kind == ExportKind.PERSON and by.person_id is None:
        raise NotAllowed(_("Your account takes part in no sessions, so there is nothing to set."))
    with writing(by.organization):
        mine = DataExport.objects.filter(state=ExportState.ASKED, kind=kind)
        if mine.filter(asked_by=by.actor).exists():
            raise Conflict(_("An export is being made already."), code="export-under-way")
        made = DataExport.objects.create(
            organization=by.organization,
            kind=ExportKind(kind),
            person_id=by.person_id if kind == ExportKind.PERSON else None,
            is_redacted=redacted,
            asked_by=by.actor,
            asked_at=now,
        )
        enqueue(
            "records.export",
            ref={"export": str(made.public_id)},
            dedupe=f"export:{made.public_id}",
            due_at=now,
            stream=f"export:{made.public_id}",
            now=now,
            organization=by.organization,
        )
        _audit("export.asked", made, by, now)
    return made


def make_export(row: OutboxRow, now: datetime) -> None:
    """Write the zip; a second run writes the same one again."""
    export = DataExport.objects.filter(public_id=row.ref["export"]).first()
    if export is None or export.state != ExportState.ASKED:
        return
    path = path_of(export)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_suffix(".part")
    unfinished.touch(mode=0o600)
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        _fill(archive, export, now)
    unfinished.replace(path)
    with writing(row.organization):
        DataExport.objects.filter(pk=export.pk, state=ExportState.ASKED).update(
            state=ExportState.READY,
            made_at=now,
            expires_at=now + KEPT,
            size=path.stat().st_size,
            digest=_digest(path),
        )


def exports_for(viewer: Viewer, kind: str) -> QuerySet[DataExport]:
    """The exports of a kind that the viewer may fetch, newest first."""
    exports = DataExport.objects.filter(kind=kind)
    if kind == ExportKind.ORGANIZATION:
        return exports if viewer.is_administrator else exports.none()
    return exports.filter(person_id=viewer.person_id or 0)


def fetch(public_id: UUID, *, by: Viewer, now: datetime) -> tuple[DataExport, Path]:
    """The file of an export for who may have it; that they took it is in the record."""
    with writing(by.organization):
        found = DataExport.objects.filter(public_id=public_id).first()
        if (
            found is None
            or by.kind not in WHO_ASKS
            or not exports_for(by, found.kind).filter(pk=found.pk).exists()
        ):
            raise NotFound(_("There is no such export."))
        path = path_of(found)
        if found.state != ExportState.READY or not path.exists():
            raise Conflict(_("This export is not ready, or gone again."), code="export-not-ready")
        _audit("export.fetched", found, by, now)
    return found, path


def take_away(*, by: Viewer, now: datetime, all_of_them: bool = False) -> int:
    """Delete files whose week is over, or all of them where somebody is erased."""
    with writing(by.organization):
        old = DataExport.objects.exclude(state=ExportState.GONE)
        if not all_of_them:
            old = old.filter(expires_at__lte=now)
        for export in old:
            path_of(export).unlink(missing_ok=True)
        return old.update(state=ExportState.GONE)


def tend_exports(row: OutboxRow, now: datetime) -> None:
    """Take away by the clock."""
    take_away(by=Viewer.system(row.organization, "clock"), now=now)


def path_of(export: DataExport) -> Path:
    """Where the file of an export lies."""
    folder = Path(settings.HOME) / "exports" / str(export.organization.public_id)
    return folder / f"{export.public_id}.zip"


def _fill(archive: zipfile.ZipFile, export: DataExport, now: datetime) -> None:
    names = []
    with reading(export.organization):
        for model in tables():
            rows = list(_rows(model, export, now))
            if rows or export.kind == ExportKind.ORGANIZATION:
                names.append(model._meta.db_table)
                _write(archive, model._meta.db_table, rows)
        if export.person is not None:
            _write(archive, "consent", list(_said(export.person)))
            _write(archive, "done", list(_done(export.person)))
    archive.writestr("register.csv", REGISTER.read_text(encoding="utf-8"))
    about = {
        "organization": export.organization.name,
        "kind": export.kind,
        "redacted": export.is_redacted,
        "made_at": now.isoformat(),
        "version": __version__,
        "tables": names,
    }
    archive.writestr("about.json", json.dumps(about, indent=1, ensure_ascii=False))


def _rows(model: type[models.Model], export: DataExport, now: datetime) -> Rows:
    """What of a table goes into the export: whose rows, and which of their columns.

    Of a last day ahead nobody reads in their own export: it is told once it has come.
    """
    entries = by_table(model._meta.db_table)
    rows = model._base_manager.filter(organization_id=export.organization_id)
    if export.person is not None:
        own = Q(pk=export.person.pk) if model is Person else Q()
        for entry in entries:
            if entry.export == "own":
                own |= Q(**{entry.column: export.person.pk})
        if not own:
            return
        rows = rows.filter(own)
    shown = [entry for entry in entries if entry.export != "hidden"]
    today = now.astimezone(ZoneInfo(export.organization.timezone)).date()
    for row in rows.iterator(chunk_size=500):
        if export.person is not None and isinstance(row, Notice) and is_of_an_end_ahead(row, today):
            continue
        if export.person is not None and isinstance(row, EmploymentSpell):
            row = without_end_ahead(row, today)
        found: dict[str, Any] = {}
        for entry in shown:
            field = model._meta.get_field(entry.column)
            value = getattr(row, getattr(field, "attname", entry.column))
            is_theirs = entry.rule not in ("keep", "row", "unlink", "stays")
            found[entry.column] = NOT_SHOWN if export.is_redacted and is_theirs else _plain(value)
        yield found


NOT_SHOWN = "(left out)"


def _said(person: Person) -> Rows:
    for record in consents_to_seal().filter(subject=person.public_id):
        yield {
            "purpose": record.purpose,
            "given": record.given,
            "about": record.about,
            "extent": record.extent,
            "text_version": record.text_version,
            "at": record.recorded_at.isoformat(),
        }


def _done(person: Person) -> Rows:
    for entry in AuditEntry.objects.filter(actor=f"person:{person.public_id}").order_by("pk"):
        yield {"at": entry.at.isoformat(), "verb": entry.verb, "object_type": entry.object_type}


def _write(archive: zipfile.ZipFile, name: str, rows: list[dict[str, Any]]) -> None:
    archive.writestr(f"json/{name}.json", json.dumps(rows, indent=1, ensure_ascii=False))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else ["empty"])
    writer.writeheader()
    writer.writerows({column: _safe(value) for column, value in row.items()} for row in rows)
    archive.writestr(f"csv/{name}.csv", text.getvalue())


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode(errors="replace")
    if value is None or isinstance(value, str | bool | int | float | dict | list):
        return value
    return str(value)


def _safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA) else text


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _audit(verb: str, export: DataExport, by: Viewer, now: datetime) -> None:
    record_audit(
        by=by,
        verb=verb,
        object_type="export",
        object_id=export.public_id,
        detail={"kind": export.kind, "redacted": export.is_redacted},
        now=now,
    )
