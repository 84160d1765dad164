"""Every kind of connection: its code, and the dotted path of its description.

To add one: a folder in `integrations` with a `KIND`, a row here, its words in `words.py`, and a
page in docs/operate/connections. Pages, API, health and tests follow from these.
"""

from __future__ import annotations

from functools import lru_cache

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import NotFound
from handrail.integrations.kinds import Kind

KINDS: dict[str, str] = {
    "greenhouse": "handrail.integrations.greenhouse.KIND",
    "ashby": "handrail.integrations.ashby.KIND",
    "workable": "handrail.integrations.workable.KIND",
    "recruitee": "handrail.integrations.recruitee.KIND",
    "standard": "handrail.integrations.standard_webhooks.KIND",
    "bamboohr": "handrail.integrations.bamboohr.KIND",
    "hibob": "handrail.integrations.hibob.KIND",
    "github": "handrail.integrations.github.KIND",
    "gitlab": "handrail.integrations.gitlab.KIND",
    "gitea": "handrail.integrations.gitea.KIND",
    "forgejo": "handrail.integrations.gitea.FORGEJO",
    "slack": "handrail.integrations.slack.KIND",
    "mattermost": "handrail.integrations.mattermost.KIND",
    "zulip": "handrail.integrations.zulip.KIND",
    "teams": "handrail.integrations.teams.KIND",
    "text-webhook": "handrail.integrations.text_webhook.KIND",
    "xapi": "handrail.integrations.xapi.KIND",
    "webhooks": "handrail.integrations.webhooks_out.KIND",
    "assistance": "handrail.integrations.assistance.KIND",
    "jitsi": "handrail.integrations.jitsi.KIND",
    "bigbluebutton": "handrail.integrations.bigbluebutton.KIND",
}


@lru_cache(maxsize=64)
def kind_of(code: str) -> Kind:
    """The description of a kind; NotFound where nothing is connected that way."""
    if code not in KINDS:
        raise NotFound(_("There is no such kind of connection."))
    found: Kind = import_string(KINDS[code])
    return found


def kinds() -> list[Kind]:
    """All kinds, in the order of the table."""
    return [kind_of(code) for code in KINDS]
