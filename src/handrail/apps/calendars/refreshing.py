"""Reading a calendar elsewhere: the newest good set replaces the last one, or nothing does."""

from __future__ import annotations

from datetime import datetime, timedelta

from handrail.apps.calendars.models import LIVE_STATUSES, Booking, Busy
from handrail.apps.calendars.outbound import app_for, kinds_offered
from handrail.apps.calendars.overlaps import tell_overlaps
from handrail.apps.calendars.source_models import CalendarSource
from handrail.apps.calendars.sources import sealed_secret, secret_of
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.sealing import Unsealable
from handrail.integrations.busy_sources import Asked, Secret, SignIn, Told
from handrail.integrations.doors import busy_source
from handrail.integrations.guarded_http import Outbound, Unfetched
from handrail.integrations.ics_feed import Failed, Owner, Refused, Unchanged

BEFORE = timedelta(days=1)
AHEAD = timedelta(days=180)
WHOLE_AFTER = timedelta(hours=24)  # what is unchanged still reaches a day less far each day


def refresh(source: CalendarSource, *, outbound: Outbound, now: datetime) -> None:
    """Ask for the calendar and keep what it says; on trouble the last good times stay.

    Runs outside any transaction: the network may be slow, the database must not wait for it.
    """
    if source.kind not in kinds_offered():
        _note(source, now, trouble="off")
        return
    app = app_for(source.kind)
    fresh = source.read_at is not None and source.read_at > now - WHOLE_AFTER
    try:
        told = busy_source(source.kind)(
            Asked(
                outbound=outbound,
                secret=secret_of(source),
                owner=_owner(source),
                since=now - BEFORE,
                until=now + AHEAD,
                marks={"etag": source.etag, "modified": source.modified} if fresh else {},
                app=app.as_words if app else {},
                keep=lambda secret: _renew(source, secret),
            )
        )
    except Unchanged:
        _note(source, now, trouble="", good_at=now)
    except SignIn:
        _note(source, now, trouble="sign-in")
    except Unsealable:
        _note(source, now, trouble="sealed")
    except Unfetched as unfetched:
        _note(source, now, trouble=unfetched.why.value)
    except Refused as refused:
        _note(source, now, trouble=f"status-{refused.status}")
    except Failed as failed:
        _note(source, now, trouble=failed.why.value)
    else:
        _keep(source, told, now)


def _owner(source: CalendarSource) -> Owner:
    person = source.person
    mine = Booking.objects.filter(seats__person=person)
    taken = mine.filter(status__in=LIVE_STATUSES).values_list("starts_at", "ends_at")
    uids = mine.values_list("uid", flat=True)
    return Owner(person.timezone, (person.email,), tuple(uids), tuple(taken))


def _renew(source: CalendarSource, secret: Secret) -> None:
    """Keep a secret that took the place of the last one, before anything else can go wrong."""
    sealed = sealed_secret(source.organization, source.public_id, secret)
    with writing(source.organization):
        CalendarSource.objects.filter(pk=source.pk).update(address_sealed=sealed)


def _note(source: CalendarSource, now: datetime, *, trouble: str, **more: object) -> None:
    with writing(source.organization):
        CalendarSource.objects.filter(pk=source.pk).update(tried_at=now, trouble=trouble, **more)
        tell_overlaps(source.person, now)


def _keep(source: CalendarSource, told: Told, now: datetime) -> None:
    reading = told.reading
    with writing(source.organization):
        rows_of = CalendarSource.objects.select_for_update().filter(removed_at=None)
        kept = rows_of.filter(pk=source.pk).first()
        if kept is None:
            return  # taken away while it was read
        rows = Busy.objects.filter(person_id=kept.person_id, source=kept.name)
        rows.delete()
        Busy.objects.bulk_create(
            Busy(
                organization=kept.organization,
                person_id=kept.person_id,
                source=kept.name,
                starts_at=starts_at,
                ends_at=ends_at,
            )
            for starts_at, ends_at in reading.spans
        )
        CalendarSource.objects.filter(pk=kept.pk).update(
            etag=told.marks.get("etag", ""),
            modified=told.marks.get("modified", ""),
            tried_at=now,
            good_at=now,
            read_at=now,
            trouble="",
            problems=[[one.kind, one.count, one.about] for one in reading.problems],
        )
        tell_overlaps(kept.person, now)
