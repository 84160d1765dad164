"""Every page for people, by name."""

from __future__ import annotations

from django.urls import path

from handrail.web.views import (
    demo,
    imports,
    keys,
    matches,
    organization,
    people,
    programs,
    reports,
    requests,
    room,
    sessions,
    settings,
    today,
)

urlpatterns = [
    path("", today.today, name="today"),
    path("welcome/", today.welcome, name="welcome"),
    path("organizations/choose/", today.choose_organization, name="choose_organization"),
    # people
    path("people/", people.people, name="people"),
    path("people/import/", imports.people_import, name="people_import"),
    path(
        "people/import/<uuid:public_id>/",
        imports.people_import_preview,
        name="people_import_preview",
    ),
    path("people/invite/", people.people_invite, name="people_invite"),
    path("people/<uuid:public_id>/", people.person, name="person"),
    path("people/<uuid:public_id>/edit/", people.person_edit, name="person_edit"),
    path("people/<uuid:public_id>/invite/", people.person_invite, name="person_invite"),
    # programs
    path("programs/", programs.programs, name="programs"),
    path("programs/new/", programs.program_new, name="program_new"),
    path("programs/<uuid:public_id>/", programs.program, name="program"),
    path("programs/<uuid:public_id>/edit/", programs.program_edit, name="program_edit"),
    path("programs/<uuid:public_id>/enrol/", programs.program_enrol, name="program_enrol"),
    path(
        "programs/<uuid:public_id>/objective/",
        programs.program_objective,
        name="program_objective",
    ),
    path(
        "programs/<uuid:public_id>/objectives/",
        programs.program_objectives,
        name="program_objectives",
    ),
    path("programs/<uuid:public_id>/lead/", programs.program_lead, name="program_lead"),
    path("programs/<uuid:public_id>/start/", programs.program_start, name="program_start"),
    path("programs/<uuid:public_id>/close/", programs.program_close, name="program_close"),
    path("enrolments/<uuid:public_id>/leave/", programs.enrolment_leave, name="enrolment_leave"),
    # matches
    path("programs/<uuid:public_id>/match/", matches.program_match, name="program_match"),
    path("programs/<uuid:public_id>/pair/", matches.pair_decide, name="pair_decide"),
    path("pairs/<uuid:public_id>/remove/", matches.pair_undecide, name="pair_undecide"),
    path("matches/<uuid:public_id>/", matches.match_run, name="match_run"),
    path("matches/<uuid:public_id>/publish/", matches.match_publish, name="match_publish"),
    path("matches/<uuid:public_id>/discard/", matches.match_discard, name="match_discard"),
    path("matches/<uuid:public_id>/stop/", matches.match_stop, name="match_stop"),
    path("matches/<uuid:public_id>/progress/", matches.match_progress, name="match_progress"),
    path(
        "matches/<uuid:public_id>/compare/<uuid:other_id>/",
        matches.match_compare,
        name="match_compare",
    ),
    # sessions
    path("programs/<uuid:public_id>/book/", sessions.session_book, name="session_book"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/<uuid:public_id>/", room.room, name="room"),
    path("sessions/<uuid:public_id>/state/", room.room_state, name="room_state"),
    path("sessions/<uuid:public_id>/check-in/", room.room_check_in, name="room_check_in"),
    path("sessions/<uuid:public_id>/start/", room.room_start, name="room_start"),
    path("sessions/<uuid:public_id>/finish/", room.room_finish, name="room_finish"),
    path("sessions/<uuid:public_id>/tick/", room.room_tick, name="room_tick"),
    path("sessions/<uuid:public_id>/text/", room.room_text, name="room_text"),
    path("sessions/<uuid:public_id>/call-link/", room.room_call_link, name="room_call_link"),
    path("sessions/<uuid:public_id>/artifact/", room.room_artifact, name="room_artifact"),
    path("sessions/<uuid:public_id>/move/", sessions.session_move, name="session_move"),
    path("sessions/<uuid:public_id>/cancel/", sessions.session_cancel, name="session_cancel"),
    path(
        "sessions/<uuid:public_id>/cancel/from-mail/",
        sessions.session_cancel_from_mail,
        name="session_cancel_from_mail",
    ),
    path(
        "sessions/<uuid:public_id>/attendance/",
        sessions.session_attendance,
        name="session_attendance",
    ),
    # requests
    path("programs/<uuid:public_id>/ask/", requests.program_ask, name="program_ask"),
    path("requests/<uuid:public_id>/", requests.request, name="request"),
    path("requests/<uuid:public_id>/answer/", requests.request_answer, name="request_answer"),
    path(
        "requests/<uuid:public_id>/answer/from-mail/",
        requests.request_from_mail,
        name="request_from_mail",
    ),
    # reports
    path("reports/", reports.reports, name="reports"),
    path("reports/new/", reports.report_new, name="report_new"),
    path("reports/<uuid:public_id>/", reports.report, name="report"),
    path("reports/<uuid:public_id>/report.html", reports.report_file, name="report_html"),
    path("reports/<uuid:public_id>/report.json", reports.report_data, name="report_json"),
    # settings
    path("settings/", settings.settings, name="settings"),
    path("settings/skills/", settings.settings_skills, name="settings_skills"),
    path("settings/reminders/", settings.settings_reminders, name="settings_reminders"),
    path("settings/pause/", settings.settings_pause, name="settings_pause"),
    path("settings/not-with/", settings.settings_not_with, name="settings_not_with"),
    path("settings/keys/", keys.api_keys, name="api_keys"),
    path("settings/keys/<uuid:public_id>/revoke/", keys.api_key_revoke, name="api_key_revoke"),
    path("settings/organization/", organization.organization, name="organization_settings"),
    path("settings/organization/role/", organization.member_role, name="member_role"),
    path("audit/", organization.audit, name="audit"),
    # demo
    path("demo/", demo.demo, name="demo"),
    path("demo/sign-in/", demo.demo_sign_in, name="demo_sign_in"),
    path("demo/mails/", demo.mails, name="mails"),
    path("demo/mails/<str:name>/", demo.mail, name="mail"),
]
