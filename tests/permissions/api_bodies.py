"""What each operation of the API and of the directory is sent, so that only the permission can
refuse it.
"""

from __future__ import annotations

import uuid
from typing import Any

from doors import Door
from players import Cast

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
        "name_cohort_mentor": {"mentor": ids["mentor"]},
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
