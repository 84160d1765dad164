"""What each page is sent, so that only the permission can refuse it."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from doors import Door
from players import PEOPLE, Cast

from factories.world import MONDAY

# Pages that name their object in the form, not in the path.
PAGES_IN_THE_FORM = {"report_new", "member_role"}


def form(door: Door, cast: Cast, whose: str) -> dict[str, Any]:
    """A form that would be taken, so that only the permission can refuse it."""
    ids = cast.things[whose].ids
    start = "2026-02-04T10:00:00+00:00"
    profile = {
        "name": "Robert", "timezone": "Europe/Berlin", "works_from_min": "09:00",
        "works_to_min": "17:00", "minutes_per_week": "20", "languages": "en", "language": "en",
    }  # fmt: skip
    rules = {
        "name": "Renamed", "starts_on": "2026-02-02", "ends_on": "2026-03-10",
        "session_minutes": "20", "sessions_per_mentee": "3", "min_notice_minutes": "0",
        "late_cancel_minutes": "120", "daily_cap": "0",
        "keep_published": "ties", "again_after_weeks": "0",
        "quality_floor": "30", "share_load": "fit", "answer_hours": "24",
        "pause_after_silent": "2", "completion_line": "85", "reply_line_hours": "48",
    }  # fmt: skip
    intake = {
        "opens_on": "2026-02-02", "closes_on": "2026-02-06", "starts_on": "2026-02-09",
        "hired_from": "2026-01-05", "seats": "8", "tail_sessions": "3",
        "themes": "\n".join(f"This is week {n}" for n in range(1, 13)),
    }  # fmt: skip
    charlie = str(cast.world.person("charlie").public_id)
    alice = str(cast.world.person("alice").public_id)
    return {
        "person_edit": profile,
        "settings": profile,
        "people_import": {"file": SimpleUploadedFile("people.csv", PEOPLE)},
        "program_new": {
            "template": "tooling-start", "name": "New", "starts_on": "2026-02-09",
            "session_minutes": "20", "lead": alice,
        },
        "program_edit": rules,
        "program_rituals": {
            "checklist": "one\ntwo\nthree", "objectives_per_mentee": "0", "grace_minutes": "10",
            "no_show_limit": "2", "no_show_weeks": "8", "no_show_pause_days": "14",
        },
        "program_enrol": {"person": charlie, "role": "mentee"},
        "program_objective": {"text": "Write a first test", "enrolment": ids["enrolment"]},
        "program_lead": {"person": alice},
        "program_match": {"week": MONDAY.replace(day=16).isoformat()},
        "pair_decide": {"mentee": ids["person"], "mentor": ids["mentor"], "kind": "pin"},
        "session_book": {
            "mentor": ids["mentor"], "mentee": ids["person"], "starts_at": start,
            "objective": "Rebase a branch", "key": uuid.uuid4().hex,
        },
        "program_ask": {
            "choice": f"{ids['mentor']} {start}", "objective": "Rebase a branch",
            "minutes": "20", "key": uuid.uuid4().hex,
        },
        "request_answer": {"do": "accept"},
        "session_attendance": {"person": ids["person"], "attendance": "attended"},
        "somebody_else": {"person": ids["mentor"]},
        "quiet_question": {"do": "keep"},
        "settings_snooze": {"purpose": "reminders", "do": "week"},
        "session_appeal": {"text": "The call did not let me in."},
        "appeal_decide": {"decision": "excused"},
        "session_move": {"starts_at": start, "key": uuid.uuid4().hex},
        "room_tick": {"item": ids["item"], "ticked": "yes"},
        "room_text": {
            "field": "shared_notes", "body": "words", "base_rev": "0",
            "operation": str(uuid.uuid4()),
        },
        "room_call_link": {
            "call_link": "https://meet.example.org/a", "base_rev": "0",
            "operation": str(uuid.uuid4()),
        },
        "room_proposal": {"do": "refuse"},
        "room_put_away": {"copy": str(uuid.uuid4())},
        "room_artifact": {
            "learned": "This", "next_step": "That", "owner": ids["person"], "link": "",
        },
        "office_hours": {
            "objective": "Rebase a branch", "choice": f"{ids['free_turn']} {ids['free_start']}",
        },
        "office_hours_offer": {"do": "take"},
        "answer_new": {"question": "How?", "body": "So."},
        "answer_edit": {"question": "How?", "body": "Better so.", "base": "1"},
        "answer_approve": {"revision": "1", "question": "2", "body": "2"},
        "answer_agree": {"revision": "1", "field": "body", "upto": "1"},
        "answer_do": {"do": "outdated"},
        "answers_settings": {"words": "harm", "contact": "Mona", "alarm_hours": "24"},
        "phrasing_decide": {"do": "add"},
        "question_ask": {"text": "How do I squash?"},
        "question_say": {"answer": ids["answer"], "outcome": "not_this"},
        "question_do": {"do": "withdraw"},
        "question_answer": {"question": "How do I squash?", "body": "So.", "audience": "2"},
        "rota": {
            "open_to": "enrolled", "plan_weeks": "4", "fair_sessions": "1", "fair_days": "7",
            "offer_minutes": "60",
        },
        "rota_slot_add": {
            "weekday": "2", "starts_min": "10:00", "minutes": "60", "timezone": "Europe/Berlin",
        },
        "pilot_new": {
            "program": ids["program"], "name": "Another", "team": "", "starts_on": "2026-02-09",
            "sponsor": "Paula Ruiz",
        },
        "pilot_do": {"do": "assign"},
        "pilot_mine": {"do": "tick", "person": ids["person"], "done_on": "2026-02-02"},
        "pilot_mobility": {
            "from_day": "30", "to_day": "180", "sessions": "2", "reason": "Agreed with the sponsor",
        },
        "data_health": {
            "kind": "events", "file": SimpleUploadedFile("e.csv", b"person_id,task,occurred_at"),
        },
        "records": {"do": "rotate"},
        "settings_data": {"do": "export"},
        "erasure": {"do": "look"},
        "impact": {"do": "ask", "label": "Which?", "choices": "one\ntwo"},
        "attest": {"do": "share", "statement": ids["statement"]},
        "harm_new": {"concerned": "nobody", "text": "Rude."},
        "harm_do": {"do": "acknowledge"},
        "harm_contacts": {"person": charlie, "do": "add"},
        "job_new": {"title": "Tester", "mentor_role": "a tester", "skills": ["git"]},
        "job_edit": {"title": "Tester", "mentor_role": "a tester", "skills": ["git"]},
        "job_page_edit": {"city": "Berlin"},
        "job_do": {"do": "close"},
        "hiring_lint": {"html": "<p>Engineer</p>"},
        "hiring_settings": {"frame_hosts": "https://careers.example.org"},
        "offer_new": {
            "applicant": "a-9", "requisition": "R-9", "offered_at": "2026-02-01T10:00",
            "outcome": "pending",
        },
        "offer": {"offered_at": "2026-02-01T10:00", "outcome": "pending"},
        "offer_lottery": {"do": "start", "unit": "offer"},
        "promise_settle": {"honoured": "yes", "words": "We meet you all the same."},
        "report_new": {"program": ids["program"], "cut": "2026-02-01"},
        "project_new": {
            "name": "Another", "people": [ids["person"]], "skill_1": "", "rhythm": "weekly",
            "starts_on": "2026-02-09", "ends_on": "2026-02-23", "timezone": "Europe/Berlin",
        },
        "project_edit": {"name": "Renamed", "what": "Words"},
        "project_mentor": {"mentor": ids["mentor"]},
        "project_do": {"do": "ask-out", "note": "It is half done."},
        "hire_new": {"name": "Nia", "start_date": "2026-02-06"},
        "hires_file": {
            "file": SimpleUploadedFile("h.csv", b"application,name,start_date\n1,Nia,2026-02-06\n"),
        },
        "hire_answer": {"do": "refuse"},
        "hire_jobs": {"do": "keep", "program": ids["cohort_program"], "title": "writer"},
        "intake_new": {"mentors": [ids["mentor"]], **intake},
        "intake_edit": intake,
        "intake_held": {"hold": ids["hold"], "do": "release"},
        "intake_member": {"person": ids["person"], "cohort": ids["cohort"]},
        "intake_place": {"do": "out"},
        "cohort_start": {"time": "2026-02-09 600", "although_small": "yes"},
        "cohort_seat": {"number": "1"},
        "cohort_mentor": {"mentor": ids["person"]},
        "retreat_new": {
            "template": "tooling-sprint", "name": "New", "place": "Porto",
            "timezone": "Europe/Lisbon", "starts_on": "2026-03-09", "shipping_days": "3",
        },
        "retreat_edit": {
            "name": "Renamed", "objective": "One change each", "starts_on": "2026-03-09",
            "ends_on": "2026-03-09", "timezone": "Europe/Lisbon",
        },
        "retreat_guests": {"people": [charlie], "hub": ids["hub"]},
        "retreat_part": {"comes_from": "Porto", "hub": ids["hub"]},
        "retreat_hub": {"name": "Porto", "timezone": "Europe/Lisbon", "shipping_days": "3"},
        "retreat_block": {
            "day": "1", "starts_min": "18:00", "minutes": "30", "title": "Walk", "kind": "social",
        },
        "retreat_item": {"name": "Cups", "per_person": "no", "quantity": "4"},
        "retreat_kit": {"item": ids["kit"], "count": "1"},
        "settings_skills": {"offers": "", "wants": "Git"},
        "settings_consent": {"purpose": "recording", "do": "allow"},
        "settings_pause": {"until": "2026-03-01"},
        "settings_hours": {"open_0": "09:00-12:00"},
        "settings_day": {"one-day": "2026-02-20", "one-hours": ""},
        "settings_day_clear": {"day": "2026-02-20"},
        "settings_limits": {
            "buffer_before": "0", "buffer_after": "5", "notice_hours": "0", "daily_cap": "0",
            "country": "",
        },
        "closed_days": {"day": "2026-02-20", "name": "Team day"},
        "closed_day_reopen": {"day": "2026-02-20"},
        "settings_not_with": {"person": charlie, "do": "add"},
        "calendars": {"name": "Work", "address": "https://feed.example.org/a.ics"},
        "calendar_feed": {"do": "renew"},
        "directory": {"name": "Entra", "days": "90"},
        "provider": {"name": "Login", "client_id": "handrail"},
        "provider_do": {"do": "off"},
        "saml_new": {"name": ""},
        "saml_metadata_give": {"metadata": "<x/>"},
        "saml_answer": {"SAMLResponse": "x", "RelayState": "y"},
        "sign_in_organization": {"asked": "somebody@example.org"},
        "sign_in_settings": {"name": "", "issuer": "", "client_id": "", "secret": ""},
        "notice_decide": {"do": "confirm", "day": "2026-02-02"},
        "api_keys": {"name": "mine", "scopes": ["people:read"], "days": "90"},
        "organization_settings": {"name": "Northwind", "timezone": "UTC", "language": "en"},
        "search_settings": {"answer": "0.65"},
        "accounts": {"do": "claim", "host": "github.com", "number": "123"},
        "account_do": {"do": "confirm"},
        "connection_new": {"name": "Other code"},
        "connection_edit": {"name": "Our code", "host": "github.com"},
        "connection_secret": {"field": "signing", "secret": "a-new-one"},
        "connection_do": {"do": "off"},
        "connection_event": {"do": "drop"},
        "member_role": {"membership": ids["membership"], "role": "analyst", "give": "yes"},
    }.get(door.name, {})  # fmt: skip
