"""What the pages of every kind of provider have in common."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from handrail.apps.identity.models import Provider
from handrail.apps.identity.signing_in import Entered
from handrail.apps.identity.trouble import trouble_words
from handrail.web.entry import PageRequest

READ = "way-read"  # in the session: what a trial read, until the page showed it


def domain_words(found: Provider) -> dict[str, Any]:
    """What the forms of every kind of provider begin with."""
    domains = list(found.domains.all())
    return {
        "name": found.name,
        "domains": "\n".join(domain.name for domain in domains),
        "must_use": any(domain.must_use for domain in domains),
    }


def page_of(request: PageRequest, found: Provider) -> dict[str, Any]:
    """What the page of every kind of provider shows; what a trial read, once."""
    return {
        "provider": found,
        "failure": trouble_words(found.failure) if found.failure else "",
        "read": request.session.pop(READ, None),
        "here": "sign_in_settings",
    }


def note_read(request: PageRequest, entered: Entered) -> None:
    """Keep what a trial read for the page that comes next, and for nothing else."""
    claims = entered.claims
    if claims is None:
        return
    rows = [(_("Name of the account there"), claims.subject)]
    rows.append((_("E-mail address"), claims.email or _("none")))
    checked = _("yes") if claims.email_verified else _("no, so people link their account once")
    rows.append((_("The address finds a member by itself"), checked))
    rows.append((_("Name"), claims.name or _("none")))
    if entered.beside:
        rows.append((_("Came along and is not read"), ", ".join(entered.beside)))
    if "@" in claims.subject:
        rows.append(
            (
                _("Look at this"),
                _(
                    "The name of the account is an address. Whoever gets that address later gets"
                    " the place of whoever had it. A lasting name (persistent) is better."
                ),
            )
        )
    request.session[READ] = rows
