"""Every way in: the pages by name and method, the API's operations; and what a request says."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver, reverse
from players import PEOPLE, Cast

from factories.world import MONDAY
from handrail.api.scim.door import urlpatterns as directory_doors
from handrail.api.urls import api
from handrail.web.urls import urlpatterns as pages

# allauth's own pages stand behind its own tests; ours only dress them.
NOT_OURS = ("account/", "i18n/", "api/")

# Which thing of the cast a page's public id names.
NAMES = {
    "person": "person", "person_edit": "person", "person_invite": "person",
    "people_import_preview": "import", "program": "program", "program_edit": "program",
    "program_enrol": "program", "program_objective": "program", "program_start": "program",
    "program_close": "program", "program_lead": "program", "program_week": "program",
    "program_objectives": "program", "program_rituals": "program",
    "enrolment_leave": "enrolment",
    "program_match": "program", "pair_decide": "program", "pair_undecide": "pair",
    "match_run": "run", "match_publish": "run", "match_discard": "run", "match_stop": "run",
    "match_progress": "run", "match_compare": "run",
    "session_book": "program", "room": "session", "room_state": "session",
    "room_history": "session",
    "room_check_in": "session", "room_start": "session", "room_finish": "session",
    "room_tick": "session", "room_text": "session", "room_artifact": "session",
    "room_call_link": "session", "session_call": "session", "session_draft": "session",
    "room_proposal": "session", "room_put_away": "session", "program_assistance": "program",
    "session_move": "session", "session_attendance": "session",
    "session_cancel": "session", "session_cancel_from_mail": "session", "report": "report",
    "somebody_else": "program", "session_appeal": "session",
    "session_thanks": "session", "quiet_question": "quiet", "appeal_decide": "appeal",
    "program_ask": "program", "request": "request", "request_answer": "request",
    "request_from_mail": "request",
    "program_projects": "program", "project_new": "program", "project": "project",
    "project_edit": "project", "project_mentor": "project", "project_do": "project",
    "intake_new": "program", "intake": "intake", "intake_edit": "intake", "intake_form": "intake",
    "intake_call_off": "intake", "intake_held": "intake",
    "intake_member": "intake", "intake_place": "intake",
    "hire": "new_hire", "hire_answer": "new_hire", "hire_job_remove": "rule",
    "cohort": "cohort", "cohort_start": "cohort", "cohort_leave": "cohort",
    "cohort_seat": "cohort",
    "pilot": "pilot", "pilot_edit": "pilot", "pilot_hires": "pilot", "pilot_plan": "pilot",
    "pilot_plan_file": "pilot", "pilot_plan_data": "pilot", "pilot_lottery": "pilot",
    "pilot_do": "pilot", "pilot_mine": "pilot", "pilot_mobility": "pilot",
    "office_hours": "office", "rota": "office", "rota_slot_add": "office",
    "rota_slot_remove": "slot", "turn_cannot": "turn", "office_hours_offer": "place",
    "retreat": "retreat",
    "retreat_edit": "retreat",
    "retreat_announce": "retreat",
    "retreat_call_off": "retreat",
    "retreat_plan": "retreat",
    "retreat_file": "retreat",
    "retreat_calendar": "retreat",
    "retreat_pack": "retreat",
    "retreat_guests": "retreat",
    "retreat_part": "retreat",
    "retreat_hub": "retreat",
    "retreat_block": "retreat",
    "retreat_item": "retreat",
    "retreat_kit": "retreat",
    "answer": "answer", "answer_edit": "answer", "answer_approve": "answer",
    "answer_agree": "answer", "answer_do": "answer", "answer_public": "public_answer",
    "answer_propose": "artifact_session", "phrasing_decide": "phrasing",
    "question": "question", "question_say": "question", "question_do": "question",
    "question_answer": "waiting",
    "notice_decide": "notice",
    "job": "job", "job_edit": "job", "job_page_edit": "job", "job_do": "job",
    "jobs_import_preview": "board", "offer": "offer", "promise_settle": "offer",
    "attest": "artifact_session", "attested": "organization", "attested_json": "organization",
    "attested_keys": "organization", "attested_revoked": "organization",
    "badge": "statement", "badge_issuer": "organization", "badge_keys": "organization",
    "badge_key": "organization", "badge_revocations": "organization",
    "export_file": "export", "erasure": "erasure", "harm_new": "session",
    "harm_report": "harm", "harm_do": "harm",
    "provider": "provider", "provider_do": "provider", "provider_try": "provider",
    "sign_in_begin": "provider", "sign_in_back": "provider", "sign_in_link": "provider",
    "linked_end": "provider", "saml_metadata_give": "saml_provider",
    "saml_metadata": "saml_provider", "saml_answer": "saml_provider",
    "report_html": "report", "report_json": "report", "api_key_revoke": "key",
    "chat_unlink": "account",
    "account_do": "linked_account",
    "connection": "connection", "connection_edit": "connection",
    "connection_secret": "connection", "connection_do": "connection",
    "connection_event": "connection", "connection_delivery": "connection",
    "calendar_remove": "calendar", "calendar_refresh": "calendar",
}  # fmt: skip


# Operations whose program is the one with office hours.
OF_OFFICE_HOURS = {"list_office_hours", "read_rota", "edit_rota", "add_rota_block"}
# Pages for everybody, asked for a posting that is not there.
FOR_CANDIDATES = {"trajectory", "posting_job", "posting_badge", "posting_widget", "promise"}
# Pages that are about two things.
SECOND = {
    "connection_event": "event",
    "connection_delivery": "delivery",
    "match_compare": "other",
    "room_proposal": "proposal",
    "attested": "statement",
    "attested_json": "statement",
    "badge_key": "badge_key",
}


@dataclass(frozen=True, slots=True)
class Door:
    """One page and method, or one operation of the API."""

    kind: str  # "page" or "api"
    name: str
    method: str
    path: str  # of the API, with {parameters}
    has_object: bool


def page_doors() -> list[Door]:
    """Each named page with each method that it knows."""
    found = []
    for pattern in [*pages, *_site_pages()]:
        route = str(pattern.pattern)
        for method in _methods(pattern):
            found.append(Door("page", str(pattern.name), method, "", "<uuid:" in route))
    return sorted(found, key=lambda door: (door.name, door.method))


def _site_pages() -> list[URLPattern]:
    return [
        pattern
        for pattern in get_resolver().url_patterns
        if isinstance(pattern, URLPattern) and not str(pattern.pattern).startswith(NOT_OURS)
    ]


def _methods(pattern: URLPattern) -> list[str]:
    """The methods a view knows: asked with one that none knows."""
    request = RequestFactory().generic("BREW", "/")
    answer = pattern.callback(request, **dict.fromkeys(pattern.pattern.converters, ""))
    allowed = answer.headers.get("Allow", "GET, POST")
    return [method for method in ("GET", "POST") if method in allowed]


def api_doors() -> list[Door]:
    """Each operation of the API."""
    found = []
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            found.append(
                Door("api", operation["operationId"], method.upper(), path, "_id}" in path)
            )
    return sorted(found, key=lambda door: door.name)


# What a directory may ask for; {user_id} and {group_id} are a person and their team.
SCIM = {
    "scim_config": ("ServiceProviderConfig", "GET"),
    "scim_resource_types": ("ResourceTypes", "GET"),
    "scim_resource_type": ("ResourceTypes/User", "GET"),
    "scim_schemas": ("Schemas", "GET"),
    "scim_schema": ("Schemas/urn:ietf:params:scim:schemas:core:2.0:Group", "GET"),
    "scim_users": ("Users", "GET POST"),
    "scim_users_search": ("Users/.search", "POST"),
    "scim_user": ("Users/{user_id}", "GET PUT PATCH DELETE"),
    "scim_groups": ("Groups", "GET POST"),
    "scim_groups_search": ("Groups/.search", "POST"),
    "scim_group": ("Groups/{group_id}", "GET PUT PATCH DELETE"),
    "scim_search": (".search", "POST"),
    "scim_bulk": ("Bulk", "POST"),
    "scim_nothing": ("Nothing", "GET"),
}


def scim_doors() -> list[Door]:
    """Each door of the directory; that none was forgotten is checked against the addresses."""
    assert set(SCIM) == {str(pattern.name) for pattern in directory_doors}
    return [
        Door("scim", name, method, path, "_id}" in path)
        for name, (path, methods) in sorted(SCIM.items())
        for method in methods.split()
    ]


def scim_path(door: Door, cast: Cast, whose: str) -> str:
    ids = cast.things[whose].ids
    path = door.path.replace("{user_id}", ids["person"]).replace("{group_id}", ids["team"])
    return f"/scim/v2/{path}"


def scim_body(door: Door) -> Any:
    user = {"userName": "new@example.org", "emails": [{"value": "new@example.org"}]}
    operation = {"op": "replace", "path": "displayName", "value": "Renamed"}
    bodies = {
        "scim_users": user,
        "scim_user": user,
        "scim_groups": {"displayName": "New"},
        "scim_group": {"displayName": "New"},
        "scim_bulk": {"Operations": []},
    }
    return {"Operations": [operation]} if door.method == "PATCH" else bodies.get(door.name, {})


def page_path(door: Door, cast: Cast, whose: str) -> str:
    if door.name == "own_place":
        return reverse("own_place", args=["no-word"])
    if door.name == "own_feed":
        return reverse("own_feed", args=["no-word"])
    if door.name == "hook":
        return reverse("hook", args=["no-address"])
    if door.name == "connection_new":
        return reverse("connection_new", args=["github"])
    if door.name == "posting_feed":
        return reverse("posting_feed", args=["no-house"])
    if door.name in FOR_CANDIDATES:
        return reverse(door.name, args=["northwind", "no-posting"])
    if door.name == "calendar_connect":
        return reverse("calendar_connect", args=["google"])
    if door.name == "chat_link":
        return reverse("chat_link", args=[cast.things["own"].ids["chat_word"]])
    if door.name == "guide_page":
        return reverse("guide_page", args=["mentee"])
    if door.name == "offline_shell":
        return reverse("offline_shell", args=["en"])
    if door.name == "let_in":
        return reverse("let_in", args=["no-word"])
    if door.name == "mail":
        return reverse("mail", args=["none.eml"])
    if not door.has_object:
        return reverse(door.name)
    ids = cast.things[whose].ids
    if door.name == "harm_new":
        return reverse("harm_new", args=["session", ids["session"]])
    named = [NAMES[door.name], *([SECOND[door.name]] if door.name in SECOND else [])]
    path = reverse(door.name, args=[ids[name] for name in named])
    if door.method == "GET" and door.name in FOR_SOMEBODY:
        name, thing = FOR_SOMEBODY[door.name]
        path += f"?{name}={ids[thing]}"
    return path


def api_path(door: Door, cast: Cast, whose: str) -> str:
    ids = {"decision": "pair", "field": ""}

    def fill(match: re.Match[str]) -> str:
        name = match[1].removesuffix("_id")
        if name == "field":
            return "learned"
        if name == "purpose":
            return "recording"
        if name == "program" and door.name in OF_OFFICE_HOURS:
            name = "office"
        return cast.things[whose].ids[ids.get(name, name)]

    ids |= {"propose_answer": {"session": "artifact_session"}}.get(door.name, {})
    if door.name in ("read_hire", "answer_hire"):
        ids |= {"hire": "new_hire"}
    ids |= {"answer_question": {"question": "waiting"}}.get(door.name, {})
    ids |= {"list_statements": {"session": "artifact_session"}}.get(door.name, {})
    path = re.sub(r"{(\w+)}", fill, door.path)
    if door.name in ("list_slots", "why_no_slot"):
        mentor = cast.things[whose].ids["mentor"]
        mentee = cast.things[whose].ids["person"]
        path += f"?mentor={mentor}&mentee={mentee}"
        path += "&starts_at=2026-02-03T10:00:00Z"
        path += "&starts_from=2026-02-03T00:00:00Z&starts_to=2026-02-05T00:00:00Z"
    return path


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


def body(door: Door, cast: Cast, whose: str) -> Any:
    """A body that would be taken, so that only the permission can refuse it."""
    ids = cast.things[whose].ids
    start = "2026-02-04T10:00:00Z"
    return {
        "add_calendar": {"name": "Work", "address": "https://feed.example.org/a.ics"},
        "confirm_notice": {"day": "2026-02-02"},
        "dismiss_notice": {},
        "claim_account": {"host": "github.com", "number": "123"},
        "link_account": {"host": "github.com", "number": "124"},
        "connect_service": {"kind": "github", "name": "Other", "secrets": {"signing": "a-secret"}},
        "edit_connection": {"name": "Our code", "settings": {"host": "github.com"}},
        "rotate_connection_secret": {"field": "signing", "secret": "a-new-one"},
        "switch_connection": {"on": False},
        "settle_promise": {"honoured": True, "words": "We meet you all the same."},
        "start_offer_lottery": {"unit": "offer"},
        "read_job_board": {"board": "no board"},  # refused before the network is asked
        "set_retention": {"days": {"events": 60}},
        "ask_export": {"kind": "person"},
        "decide_erasure": {"grant": False},
        "share_statement": {"shared": True},
        "switch_assistance": {"on": True},
        "settle_connection_event": {"do": "drop"},
        "edit_person": {"name": "Robert"},
        "send_operations": {
            "ops": [
                {
                    "id": str(uuid.uuid4()), "account": "", "kind": "room",  # the asker's
                    "target": ids["session"], "base_rev": 0, "base": {},
                    "fields": {"notes": "words"},
                }
            ]
        },
        "set_skills": {"offers": [], "wants": ["git"]},
        "set_pause": {"until": "2026-03-01"},
        "set_hours": {"week": [{"weekday": 0, "open": "09:00-12:00"}], "days": []},
        "name_lead": {"person": str(cast.world.person("alice").public_id)},
        "correct_attendance": {"person": ids["person"], "attendance": "attended"},
        "create_program": {"template": "tooling-start", "starts_on": "2026-02-09"},
        "edit_program": {"name": "Renamed"},
        "enrol": {"person": str(cast.world.person("charlie").public_id), "role": "mentee"},
        "set_objective": {"text": "Write a first test"},
        "change_objective": {"text": "Write a first test"},
        "propose_matches": {"week": "2026-02-16"},
        "decide_pair": {"kind": "pin", "mentee": ids["person"], "mentor": ids["mentor"]},
        "book_session": {
            "program": ids["program"], "mentor": ids["mentor"], "mentee": ids["person"],
            "starts_at": start, "objective": "Rebase a branch",
        },
        "ask_for_somebody_else": {"person": ids["mentor"]},
        "create_retreat": {
            "template": "tooling-sprint", "name": "New", "place": "Porto",
            "timezone": "Europe/Lisbon", "starts_on": "2026-03-09",
        },
        "edit_retreat": {"name": "Renamed"},
        "put_retreat_guest": {"comes_from": "Porto"},
        "add_retreat_hub": {"name": "Porto"},
        "change_retreat_hub": {"name": "Porto"},
        "add_retreat_block": {"day": 1, "starts_min": 1080, "minutes": 30, "title": "Walk"},
        "change_retreat_block": {"title": "Walk"},
        "add_retreat_item": {"name": "Cups"},
        "change_retreat_item": {"name": "Cups"},
        "change_retreat_pieces": {"do": "claim", "person": ids["person"]},
        "answer_quiet": {"answer": "keep"},
        "snooze": {"purpose": "reminders", "days": 7},
        "appeal_no_show": {"text": "The call did not let me in."},
        "decide_appeal": {"decision": "excused"},
        "move_session": {"starts_at": start},
        "ask_for_session": {
            "program": ids["program"], "mentor": ids["mentor"],
            "starts_at": start, "objective": "Rebase a branch",
        },
        "create_project": {
            "program": ids["program"], "name": "Another", "people": [ids["person"]],
            "skills": ["git"],
        },
        "edit_project": {"what": "Words"},
        "set_project_mentor": {"mentor": ids["mentor"]},
        "ask_out_of_project": {"note": "It is half done."},
        "question_request": {"body": "Which branch?"},
        "tell_request": {"body": "The docs branch."},
        "tick_checklist": {"ticked": True},
        "save_room_text": {"operation": str(uuid.uuid4()), "base_rev": 0, "body": "words"},
        "give_call_link": {
            "operation": str(uuid.uuid4()), "base_rev": 0,
            "call_link": "https://meet.example.org/a",
        },
        "answer_proposal": {"accept": False},
        "save_artifact": {"learned": "This", "next_step": "That", "owner": ids["person"]},
        "tell_hire": {"name": "Nia", "start_date": "2026-02-06"},
        "answer_hire": {"do": "refuse"},
        "add_hire_rule": {"program": ids["cohort_program"], "title": "writer"},
        "try_hire_rule": {"program": ids["cohort_program"], "title": "writer"},
        "open_intake": {
            "mentors": [ids["mentor"]], "opens_on": "2026-02-02", "closes_on": "2026-02-06",
            "starts_on": "2026-02-09",
        },
        "change_own_place": {"do": "out"},
        "start_cohort": {"first_on": "2026-02-09", "minute": 600, "although_small": True},
        "book_office_hours": {
            "turn": ids["free_turn"], "starts_at": ids["free_start"], "objective": "Rebase",
        },
        "wait_for_office_hours": {"turn": ids["free_turn"], "objective": "Rebase"},
        "edit_rota": {"plan_weeks": 3},
        "write_answer": {"question": "How?", "answer": "So."},
        "edit_answer": {"question": "How?", "answer": "Better so.", "base": 1},
        "approve_answer": {"revision": 1, "question": "organization"},
        "agree_to_answer": {"revision": 1, "text": "answer", "upto": "team"},
        "change_answer": {"do": "outdated"},
        "decide_phrasing": {"add": True},
        "ask_question": {"id": str(uuid.uuid4()), "text": "How do I squash?"},
        "say_of_answer": {"answer": ids["answer"], "outcome": "not_this"},
        "book_for_question": {"turn": ids["free_turn"], "starts_at": ids["free_start"]},
        "go_on_with_question": {"do": "withdraw"},
        "answer_question": {"question": "How do I squash?", "answer": "So."},
        "edit_question_settings": {"words": "harm", "contact": "Mona", "alarm_hours": 24},
        "add_rota_block": {
            "weekday": 2, "starts_min": 600, "minutes": 60, "timezone": "Europe/Berlin",
        },
        "create_pilot": {"program": ids["program"], "name": "Another"},
        "edit_pilot": {"name": "Renamed"},
        "list_pilot_hire": {
            "person": ids["person"], "objectives": [["git", "Rebases"], ["git", "Helps rebase"]],
        },
        "void_pilot_assignment": {"hire": ids["hire"], "reason": "Had worked here before."},
        "change_mobility_rule": {"sessions": 3, "reason": "Agreed with the sponsor"},
        "tick_task": {"person": ids["person"], "task": "First ticket"},
        "waive_source": {
            "source": "merges", "reason": "There is no repository to read.", "signed": "Paula Ruiz",
        },
        "import_outcomes": {"kind": "events", "content": "person_id,task,occurred_at\n"},
        "report_harm": {"text": "Rude."},
        "say_consent": {"given": True},
        "create_job": {"title": "Tester", "mentor_role": "a tester", "skills": ["git"]},
        "change_job": {"title": "Tester", "mentor_role": "a tester", "skills": ["git"]},
        "move_job": {"do": "close"},
        "add_job_copy": {"url": "https://jobs.example.org/7"},
        "lint_page": {"html": "<p>Engineer</p>"},
        "record_offer": {
            "applicant": "a-9", "requisition": "R-9", "offered_at": "2026-02-01T10:00:00Z",
        },
        "import_offers": {"content": "applicant_id,requisition,offered_at,outcome\n"},
        "draw_offer": {"requisition": "R-9", "applicant": "a-9"},
        "build_report": {"program": ids["program"], "cut": "2026-02-01"},
    }.get(door.name, {})  # fmt: skip


# Pages that a lead opens for somebody.
FOR_SOMEBODY = {
    "session_book": ("mentee", "person"),
    "program_objective": ("enrolment", "enrolment"),
    "somebody_else": ("person", "mentor"),
}
# Operations that name their object in the body, not in the path.
IN_THE_BODY = {
    "add_hire_rule",
    "try_hire_rule",
    "book_office_hours",
    "wait_for_office_hours",
    "ask_for_session",
    "book_session",
    "build_report",
    "create_pilot",
    "create_project",
    "send_operations",
}
PAGES_IN_THE_FORM = {"report_new", "member_role"}
