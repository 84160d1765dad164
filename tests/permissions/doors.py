"""Every way in: the pages by name and method, the operations of the API and of the directory."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.test import RequestFactory
from django.urls import URLPattern, get_resolver, reverse
from players import Cast

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
    "cohort_seat": "cohort", "cohort_mentor": "cohort",
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
# Pages that a lead opens for somebody.
FOR_SOMEBODY = {
    "session_book": ("mentee", "person"),
    "program_objective": ("enrolment", "enrolment"),
    "somebody_else": ("person", "mentor"),
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
