"""Calendars: busy times from elsewhere come in, one's own sessions go out."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handrail.apps.calendars import sources
from handrail.apps.calendars.connecting import begin_connecting, finish_connecting
from handrail.apps.calendars.models import OwnFeed
from handrail.apps.calendars.outbound import app_for, kinds_offered
from handrail.apps.calendars.source_models import SourceKind
from handrail.apps.calendars.source_words import problem_words, trouble_words
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.people.models import Person
from handrail.apps.sessions.own_feed import feed_by_word, feed_word
from handrail.web.entry import PageRequest, me, signed_in
from handrail.web.forms.settings import CaldavForm, CalendarForm
from handrail.web.refusals import form_page

SERVER_ID = "id_server_%s"  # two forms stand on one page
TICKET = "calendar_ticket"


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def calendars(request: PageRequest) -> HttpResponse:
    person = _myself(request)
    is_server = request.POST.get("kind") == SourceKind.CALDAV
    offered = kinds_offered()
    posted = request.POST or None
    published = CalendarForm(None if is_server else posted)
    server = CaldavForm(posted if is_server else None, auto_id=SERVER_ID)
    form = server if is_server else published
    context = {
        "here": "calendars",
        "person": person,
        "is_server": is_server,
        "kinds": {kind.value for kind in offered},
        "connectable": [kind for kind in offered if app_for(kind.value) is not None],
        "published": published,
        "server": server,
        "sources": [
            {
                "source": source,
                "trouble": trouble_words(source.trouble) if source.trouble else "",
                "problems": problem_words(source),
            }
            for source in sources.sources_of(request.viewer)
        ],
        "feed": _feed_address(person),
    }
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "settings/calendars.html", context, form)
    add = sources.add_caldav if is_server else sources.add_source
    try:
        source = add(person, **form.cleaned_data, by=request.viewer, now=request.now)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "settings/calendars.html", context, form, refusal)
    messages.success(request, _("“%(name)s” is added and being read.") % {"name": source.name})
    return redirect("calendars")


@never_cache
@require_safe
@signed_in
def calendar_connect(request: PageRequest, kind: str) -> HttpResponse:
    """To the other side's page, where permission is given or not; nothing is changed here yet."""
    address, request.session[TICKET] = begin_connecting(kind, by=request.viewer, now=request.now)
    return redirect(address)


@never_cache
@require_safe
@signed_in
def calendar_connected(request: PageRequest) -> HttpResponse:
    """Back from there; the ticket counts once."""
    person = _myself(request)
    ticket = request.session.pop(TICKET, None)
    answer = {name: request.GET.get(name, "") for name in ("state", "code", "error")}
    try:
        source = finish_connecting(person, ticket, answer, by=request.viewer, now=request.now)
    except (Invalid, Conflict) as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("“%(name)s” is added and being read.") % {"name": source.name})
    return redirect("calendars")


@require_POST
@signed_in
def calendar_remove(request: PageRequest, public_id: UUID) -> HttpResponse:
    source = sources.remove_source(public_id, by=request.viewer, now=request.now)
    messages.success(
        request, _("“%(name)s” is removed, and its times with it.") % {"name": source.name}
    )
    return redirect("calendars")


@require_POST
@signed_in
def calendar_refresh(request: PageRequest, public_id: UUID) -> HttpResponse:
    source = sources.ask_refresh(public_id, by=request.viewer, now=request.now)
    messages.success(
        request, _("“%(name)s” is being read. Look again in a minute.") % {"name": source.name}
    )
    return redirect("calendars")


@require_POST
@signed_in
def calendar_feed(request: PageRequest) -> HttpResponse:
    """Make a new secret address for one's own sessions, or let it answer no more."""
    person = _myself(request)
    if request.POST.get("do") == "revoke":
        sources.revoke_feed(person, by=request.viewer, now=request.now)
        messages.success(request, _("The address no longer answers."))
    else:
        sources.renew_feed(person, by=request.viewer, now=request.now)
        messages.success(request, _("There is a new address. One from before no longer answers."))
    return redirect("calendars")


@require_safe
def own_feed(request: HttpRequest, word: str = "") -> HttpResponse:
    """One's own sessions for a calendar program, which signs in nowhere: the word is the key."""
    try:
        text = feed_by_word(word, now=timezone.now())
    except NotFound:
        return HttpResponse(status=404)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _feed_address(person: Person) -> str:
    feed = OwnFeed.objects.filter(person=person).first()
    if feed is None:
        return ""
    return f"{settings.BASE_URL}{reverse('own_feed', args=[feed_word(feed)])}"


def _myself(request: PageRequest) -> Person:
    person = me(request)
    if person is None:
        raise NotAllowed(_("Your account takes part in no sessions, so there is nothing to set."))
    return person
