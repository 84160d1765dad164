"""The plan to print and to take along: one sheet, one file, and a pack with calendar and kit."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.git_files import safe_cell
from handrail.apps.retreats.entries import entries_of
from handrail.apps.retreats.models import Retreat
from handrail.apps.retreats.plan import Kit, KitLine, Plan, PlannedBlock, plan_of
from handrail.apps.retreats.queries import guest_of
from handrail.apps.retreats.wording import beside, long_day, moment, short_day, span
from handrail.integrations.calendar_mail import calendar_file

# What a zip says of its files' times; the same plan makes the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)


def sheet_of(viewer: Viewer, retreat: Retreat, now: datetime) -> dict[str, Any]:
    """What the sheet shows: agenda, people and kit; nobody's needs are on it."""
    plan = plan_of(retreat, now)
    zone = retreat.timezone
    return {
        "retreat": retreat,
        "dates": _dates(retreat),
        "zone": zone,
        "places": [(hub.name, hub.address) for hub in plan.hubs],
        "days": [
            {
                "title": long_day(day.day),
                "blocks": [_block(one, zone, viewer.timezone) for one in day.blocks],
            }
            for day in plan.days
        ],
        "several_hubs": len(plan.hubs) > 1,
        "people": [
            {
                "name": guest.person.name,
                "from": guest.comes_from,
                "hub": guest.hub.name,
                "arrives": moment(guest.arrives_at, guest.hub.timezone),
                "leaves": moment(guest.leaves_at, guest.hub.timezone),
            }
            for guest in plan.guests
        ],
        "kit": [row for kit in plan.kit for row in _kit_rows(kit)],
    }


def _kit_rows(kit: Kit) -> list[dict[str, Any]]:
    """A kit item on paper: what each person gets is one row where state and day are the same."""
    if not kit.item.per_person:
        return [_kit_row(line) for line in kit.lines]
    alike: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    for line in kit.lines:
        alike.setdefault((line.state, line.ship_by, line.is_late), []).append(_kit_row(line))
    return [
        {
            **rows[0],
            "count": sum(row["count"] for row in rows),
            "who": ", ".join(str(row["who"]) for row in rows) if len(alike) > 1 else "",
            "is_for_all": len(alike) == 1,
        }
        for rows in alike.values()
    ]


def plan_html(viewer: Viewer, retreat: Retreat, now: datetime) -> str:
    """The sheet as one file that needs nothing else, in the active language."""
    context = {**sheet_of(viewer, retreat, now), "language": get_language() or "en"}
    return render_to_string("retreats/file.html", context)


def calendar_of(viewer: Viewer, retreat: Retreat, now: datetime) -> str:
    """The days as a calendar file, at the reader's own hub."""
    plan = plan_of(retreat, now)
    own = guest_of(viewer, retreat)
    return calendar_file(entries_of(plan, hub=own.hub if own else plan.hubs[0], now=now))


def kit_csv(retreat: Retreat, now: datetime) -> str:
    """The kit list as a table; ship-by days as ISO dates."""
    plan: Plan = plan_of(retreat, now)
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["item", "kind", "number", "person", "state", "ship_by", "late"])
    for kit in plan.kit:
        for line in kit.lines:
            rows.writerow(
                [
                    safe_cell(kit.item.name),
                    "per_person" if kit.item.per_person else "shared",
                    line.count,
                    safe_cell(line.guest.person.name) if line.guest else "",
                    str(line.state.value),
                    line.ship_by.isoformat() if line.ship_by else "",
                    "yes" if line.is_late else "",
                ]
            )
    return out.getvalue()


def pack_of(viewer: Viewer, retreat: Retreat, now: datetime) -> bytes:
    """Plan, calendar and kit list in one zip, to have without a network."""
    files = {
        "plan.html": plan_html(viewer, retreat, now),
        "retreat.ics": calendar_of(viewer, retreat, now),
        "kit.csv": kit_csv(retreat, now),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            pack.writestr(info, text)
    return out.getvalue()


def _dates(retreat: Retreat) -> str:
    if retreat.starts_on == retreat.ends_on:
        return long_day(retreat.starts_on)
    return f"{short_day(retreat.starts_on)} – {short_day(retreat.ends_on)}"


def _block(one: PlannedBlock, zone: str, reader_zone: str) -> dict[str, Any]:
    return {
        "span": span(one.starts_at, one.ends_at, zone),
        "beside": beside(one.starts_at, one.ends_at, zone, reader_zone),
        "title": one.block.title,
        "objective": one.block.objective,
        "led_by": one.block.led_by.name if one.block.led_by else "",
    }


def _kit_row(line: KitLine) -> dict[str, Any]:
    if line.guest is not None:
        who = line.guest.person.name
    else:
        who = "" if line.item.per_person else _("nobody yet")
    return {
        "item": line.item.name,
        "count": line.count,
        "who": who,
        "is_own": line.item.per_person,
        "state": line.state.label,
        "ship_by": short_day(line.ship_by) if line.ship_by else "",
        "late": line.is_late,
    }
