"""The first page: what is next, what waits, one suggestion; and the way in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from handrail.apps.answers.question_queries import waits_in_queue
from handrail.apps.calendars.hours import budgets
from handrail.apps.cohorts.queries import own_places
from handrail.apps.hiring import hire_queries
from handrail.apps.hiring.queries import open_tasks, promises_to_decide, withdrawn_lately
from handrail.apps.office_hours.models import LineState
from handrail.apps.office_hours.queries import my_places, rotas_for
from handrail.apps.organizations.queries import organizations_of
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.automations import pauses_until, quiet_now
from handrail.apps.people.queries import people_list
from handrail.apps.pilots.queries import my_pilots
from handrail.apps.programs.queries import programs_for
from handrail.apps.projects.queries import my_projects
from handrail.apps.reports.queries import reports_for
from handrail.apps.requests.queries import to_answer
from handrail.apps.safeguarding.queries import reports_that_wait
from handrail.apps.sessions import queries
from handrail.apps.sessions.quiet import quiet_questions_of
from handrail.apps.sessions.replies import proposals_to_answer
from handrail.apps.sessions.thanking import thanks_lately
from handrail.web.context import sees_reports
from handrail.web.entry import PageRequest, local_today, me, signed_in
from handrail.web.refusals import refused_page
from handrail.web.through import through_of
from handrail.web.views.answers import word_asked
from handrail.web.views.demo import demo_is_open

CHOSEN = "organization"  # in the sign-in session; the site's middleware reads it


@require_GET
def welcome(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("today")
    return render(request, "today/welcome.html", {"demo": demo_is_open(request)})


@require_GET
def today(request: PageRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect("welcome")
    return _today(request)


@signed_in
def _today(request: PageRequest) -> HttpResponse:
    viewer = request.viewer
    today = queries.today(viewer, request.now) if viewer.person_id else None
    person = me(request)
    context = {
        "today": today,
        "harm": reports_that_wait(viewer),
        "to_answer": to_answer(viewer),
        "proposed": proposals_to_answer(viewer, request.now),
        "to_decide": queries.appeals_to_decide(viewer),
        "promised": promises_to_decide(viewer),
        "copies": open_tasks(viewer)[:5],
        "withdrawn": withdrawn_lately(viewer, request.now)[:5],
        "thanks": thanks_lately(viewer, request.now),
        "going_on": quiet_questions_of(viewer, request.now),
        "quiet": quiet_now(person, request.now) if person else [],
        "pauses_until": pauses_until(person, local_today(request)) if person else None,
        "projects": my_projects(viewer) if viewer.person_id else [],
        "places": own_places(viewer),
        "pilots": my_pilots(viewer),
        "office_hours": list(rotas_for(viewer)[:3]) if person else [],
        "offers": [p for p in my_places(viewer, request.now) if p.state == LineState.OFFERED],
        "budgets": budgets(person, request.now) if person and person.minutes_per_week else [],
        "today_day": local_today(request),
        "waiting_questions": waits_in_queue(viewer),
        "waiting_hires": hire_queries.to_answer(viewer, request.now),
        **word_asked(viewer, local_today(request)),
        "report": reports_for(viewer).first() if sees_reports(viewer) else None,
        "setup": setup_steps(viewer) if viewer.is_administrator else [],
    }
    return render(request, "today/today.html", context)


def setup_steps(viewer: Viewer) -> list[dict[str, str]]:
    """What an administrator of a young house does next; empty once there is a program."""
    if programs_for(viewer).exists():
        return []
    steps = [
        {
            "title": _("Bring people in"),
            "text": _("From a CSV file. You see every change before it is made."),
            "button": _("Import people"),
            "url": reverse("people_import"),
        },
        {
            "title": _("Make a program"),
            "text": _("From a template, with a lead who does the rest."),
            "button": _("New program"),
            "url": reverse("program_new"),
        },
    ]
    return steps[1:] if people_list(viewer).count() > 1 else steps


@require_http_methods(["GET", "POST"])
def choose_organization(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect("account_login")
    mine = organizations_of(request.user)
    through = through_of(request)
    if through is not None and through.alone:
        mine = [one for one in mine if one.pk == through.organization]
    if request.method == "POST":
        chosen = next((o for o in mine if str(o.public_id) == request.POST.get("to")), None)
        if chosen is None:
            return refused_page(request, NotFound(_("You are not a member of it.")))
        request.session[CHOSEN] = chosen.pk
        return redirect("today")
    return render(request, "today/choose_organization.html", {"organizations": mine})
