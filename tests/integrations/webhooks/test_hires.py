"""Hires from five kinds of sender: the same event, and nothing read that is not needed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from handrail.integrations.webhooks.hires import HIRES
from handrail.integrations.webhooks.parsed import HireEvent, Unfit


def greenhouse(action: str = "hire_candidate", **offer: Any) -> dict[str, Any]:
    return {
        "action": action,
        "payload": {
            "application": {
                "id": 46194062,
                "candidate": {
                    "first_name": "Zoë",
                    "last_name": "Adler",
                    "email_addresses": [{"value": "zoe@example.org", "type": "personal"}],
                    "phone_numbers": [{"value": "+49 30 1234", "type": "home"}],
                },
                "jobs": [{"id": 77, "name": "Engineer", "departments": [{"name": "Tools"}]}],
                "offer": {"starts_at": "2026-05-04", **offer},
            }
        },
    }


def ashby() -> dict[str, Any]:
    return {
        "action": "candidateHire",
        "webhookActionId": "d-7",
        "data": {
            "application": {
                "id": "a-1",
                "candidate": {
                    "name": "Zoë Adler",
                    "primaryEmailAddress": {"value": "zoe@example.org"},
                },
                "job": {"id": "j-1", "title": "Engineer"},
            },
            "offer": {"latestVersion": {"startDate": "2026-05-04", "salary": 1}},
        },
    }


def workable(stage: str = "Hired") -> dict[str, Any]:
    return {
        "event_type": "candidate_moved",
        "fired_at": "2026-03-02T09:00:00Z",
        "data": {
            "id": "w-1",
            "name": "Zoë Adler",
            "email": "zoe@example.org",
            "stage": stage,
            "job": {"shortcode": "J1", "title": "Engineer"},
        },
    }


def recruitee(stage: str = "Hired") -> dict[str, Any]:
    return {
        "event_type": "candidate_moved",
        "event_subtype": "stage_changed",
        "created_at": "2026-03-02T09:00:00+01:00",
        "payload": {
            "candidate": {"id": 5, "name": "Zoë Adler", "emails": ["zoe@example.org"]},
            "offer": {"id": 8, "title": "Engineer", "department": {"name": "Tools"}},
            "details": {"to_stage": {"name": stage}},
        },
    }


def standard(kind: str = "candidate.hired") -> dict[str, Any]:
    return {
        "type": kind,
        "timestamp": "2026-03-02T09:00:00Z",
        "data": {
            "application_id": "s-1",
            "name": "Zoë Adler",
            "work_email": "zoe@work.example.org",
            "job_id": "j-1",
            "start_date": "2026-05-04",
            "salary": 90_000,
        },
    }


def event(source: str, application: str, **over: Any) -> HireEvent:
    told: dict[str, Any] = {
        "undone": False,
        "name": "Zoë Adler",
        "work_email": "",
        "personal_email": "zoe@example.org",
        "job": "",
        "job_title": "Engineer",
        "department": "",
        "start_date": None,
        "occurred_at": None,
    }
    return HireEvent(source=source, application=application, **{**told, **over})


MAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        (
            "greenhouse",
            greenhouse(),
            event("greenhouse", "46194062", job="77", department="Tools", start_date=MAY),
        ),
        ("ashby", ashby(), event("ashby", "a-1", job="j-1", start_date=MAY)),
        (
            "workable",
            workable(),
            event("workable", "w-1", job="J1", occurred_at=datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ),
        (
            "recruitee",
            recruitee(),
            event(
                "recruitee",
                "5",
                job="8",
                department="Tools",
                occurred_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
            ),
        ),
        (
            "standard",
            standard(),
            event(
                "standard",
                "s-1",
                work_email="zoe@work.example.org",
                personal_email="",
                job="j-1",
                job_title="",
                start_date=MAY,
                occurred_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
            ),
        ),
    ],
)
def test_a_hire(kind: str, content: dict[str, Any], expected: HireEvent) -> None:
    assert HIRES[kind](content, {}) == expected


def test_greenhouse_takes_a_hire_back() -> None:
    told = HIRES["greenhouse"](greenhouse("unhire_candidate"), {})
    assert told is not None
    assert told.undone


@pytest.mark.parametrize("written", ["04/15/2013", "2013-04-15", "2013-04-15T10:00:00Z"])
def test_an_accepted_offer_of_greenhouse_names_its_start(written: str) -> None:
    payload = {"status": "Accepted", "application_id": 1, "job_id": 7, "start_date": written}
    told = HIRES["greenhouse"]({"action": "offer_updated", "payload": payload}, {})
    assert told is not None
    assert (told.application, told.start_date) == ("1", date(2013, 4, 15))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("greenhouse", {"action": "ping", "payload": {}}),
        ("greenhouse", {"action": "candidate_hired", "payload": {}}),
        ("greenhouse", {"action": "offer_updated", "payload": {"status": "Rejected"}}),
        ("ashby", {**ashby(), "action": "applicationUpdate"}),
        ("workable", workable("Interview")),
        ("workable", {**workable(), "event_type": "candidate_created"}),
        ("recruitee", recruitee("Interview")),
        ("recruitee", {"test": True}),
        ("standard", standard("candidate.rejected")),
    ],
)
def test_anything_else_is_nothing(kind: str, content: dict[str, Any]) -> None:
    assert HIRES[kind](content, {}) is None


def test_the_stage_that_means_hired_is_a_setting() -> None:
    assert HIRES["workable"](workable("Signed"), {"stage": "signed"}) is not None
    assert HIRES["recruitee"](recruitee("Signed"), {"stage": "Signed"}) is not None
    assert HIRES["workable"](workable("Hired"), {"stage": "Signed"}) is None


def test_which_type_undoes_a_hire_is_a_setting() -> None:
    options = {"hired": "hire.made", "undone": "hire.undone"}
    made = HIRES["standard"](standard("hire.made"), options)
    undone = HIRES["standard"](standard("hire.undone"), options)
    assert made is not None
    assert undone is not None
    assert (made.undone, undone.undone) == (False, True)


def test_ashby_may_leave_out_the_offer() -> None:
    content = ashby()
    del content["data"]["offer"]
    told = HIRES["ashby"](content, {})
    assert told is not None
    assert told.start_date is None


@pytest.mark.parametrize(
    ("kind", "content", "field"),
    [
        ("greenhouse", {"payload": {}}, "action"),
        ("greenhouse", {"action": "hire_candidate"}, "payload.application.id"),
        ("greenhouse", greenhouse(starts_at="soon"), "payload.application.offer.starts_at"),
        ("greenhouse", greenhouse(starts_at=20260504), "payload.application.offer.starts_at"),
        ("ashby", {"action": "candidateHire", "data": []}, "data.application.id"),
        ("workable", {"event_type": "candidate_moved", "data": {"stage": "Hired"}}, "data.id"),
        ("workable", {**workable(), "fired_at": "yesterday"}, "fired_at"),
        ("standard", {"type": "candidate.hired"}, "data.application_id"),
    ],
)
def test_what_cannot_be_used_is_put_aside_with_its_field(
    kind: str, content: dict[str, Any], field: str
) -> None:
    with pytest.raises(Unfit) as unfit:
        HIRES[kind](content, {})
    assert unfit.value.field == field
