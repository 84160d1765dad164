"""Reading a page and telling what it gets wrong, in words; the way out is the guarded one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from handrail.apps.hiring.models import Posting
from handrail.apps.hiring.offering import offered_now
from handrail.apps.hiring.wording import block_of
from handrail.domain.hiring.blocks import visible_of
from handrail.domain.hiring.lint import (
    Code,
    Finding,
    Offered,
    Page,
    lint_copy,
    lint_page,
    read_page,
)
from handrail.integrations.guarded_http import Limits, Outbound, Unfetched, Why

LARGEST = 2 * 1024 * 1024  # bytes of a page
AGENT = "Handrail (looks at pages that show its postings)"

# What came of asking for a page that is not there any more: nothing is promised on it.
GONE = frozenset({404, 410})


class Unread(Exception):
    """The page could not be read; holds words for a person."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found on a page."""

    findings: tuple[Finding, ...]
    has_markup: bool = False

    @property
    def errors(self) -> list[Finding]:
        return [one for one in self.findings if one.is_error]


def outbound() -> Outbound:
    """The way out: public addresses, two megabytes, twenty seconds."""
    return Outbound(internal=frozenset(settings.INTERNAL_HOSTS), limits=Limits(bytes=LARGEST))


def fetch(url: str) -> str | None:
    """The page's HTML, None where it is gone; raises Unread."""
    try:
        answer = outbound().ask(url, headers={"User-Agent": AGENT, "Accept": "text/html"})
    except Unfetched as failure:
        raise Unread(_why_words(failure.why)) from None
    if answer.status in GONE:
        return None
    if answer.status != 200:
        raise Unread(_("The page answered with the status %(n)d.") % {"n": answer.status})
    return decoded(answer.body, answer.headers.get("content-type", ""))


def decoded(body: bytes, content_type: str) -> str:
    """The text of a page in the character set that it names, else UTF-8."""
    charset = "utf-8"
    for part in content_type.split(";")[1:]:
        name, _sign, value = part.strip().partition("=")
        if name.lower() == "charset":
            charset = value.strip("\"' ")
    try:
        return body.decode(charset, errors="replace")
    except (LookupError, ValueError):  # none, or none that reads whatever comes
        return body.decode("utf-8", errors="replace")


def look_at(html: str, posting: Posting | None, *, now: datetime, today: date) -> Looked:
    """What a page gets wrong as a job's page, and as a copy of this posting where one is given."""
    page = read_page(html)
    found = lint_page(page, today)
    if posting is not None:
        found = [*compare(page, posting, now), *found]
    return Looked(tuple(found), bool(page.postings))


def compare(page: Page, posting: Posting, now: datetime) -> list[Finding]:
    """Where the page's copy of a posting is not what is offered now, in any of our languages."""
    from handrail.apps.hiring.public import trajectory_address  # it reads postings itself

    address = trajectory_address(posting)
    facts = offered_now(posting, now).facts
    texts: list[str] = []
    languages = [posting.language, *(code for code, _name in settings.LANGUAGES)]
    for code in dict.fromkeys(languages):
        with translation.override(code):
            if facts is not None:
                texts.append(visible_of(block_of(facts, address)))
    return lint_copy(page, Offered(tuple(texts), (address, posting.token)))


def to_json(findings: list[Finding]) -> list[dict[str, Any]]:
    """Findings as they are kept beside a copy."""
    return [
        {"code": one.code.value, "what": one.what, "seen": one.seen, "wanted": one.wanted}
        for one in findings
    ]


def from_json(kept: list[dict[str, Any]]) -> list[Finding]:
    """Findings as they were kept."""
    return [Finding(Code(one["code"]), one["what"], one["seen"], one["wanted"]) for one in kept]


def _why_words(why: Why) -> str:
    words = {
        Why.ADDRESS: _("This is no address of a page."),
        Why.SCHEME: _("Only addresses that begin with https are read."),
        Why.INSIDE: _("This address leads into a private network and is not read."),
        Why.NO_HOST: _("There is no such site."),
        Why.TLS: _("The site's certificate could not be checked."),
        Why.LATE: _("The page did not answer in time."),
        Why.LARGE: _("The page is larger than two megabytes."),
        Why.REDIRECTS: _("The page leads on and on."),
    }
    return words.get(why, _("The page could not be read."))
