"""How a workspace of Slack is connected."""

from __future__ import annotations

from handrail.integrations.chat.fields import NEWS, TEST, told
from handrail.integrations.guarded_http import Outbound
from handrail.integrations.kinds import Field, Form, Group, Kind, Opened
from handrail.integrations.slack.calling import API, Workspace, tell, who_am_i


def workspace_of(opened: Opened) -> Workspace:
    """The workspace that a connection names."""
    return Workspace(opened.secret("bot_token"), str(opened.settings.get("api") or API))


def _test(opened: Opened, outbound: Outbound) -> None:
    with told():
        who_am_i(outbound, workspace_of(opened))
        if channel := str(opened.settings.get("channel") or ""):
            tell(outbound, workspace_of(opened), channel, TEST.lead)


KIND = Kind(
    code="slack",
    group=Group.CHAT,
    name="Slack",
    docs="slack",
    fields=(
        Field("bot_token", secret=True),
        Field("signing", secret=True),
        Field("channel", needed=False, longest=80),
        NEWS,
        Field("api", form=Form.ADDRESS, default=API),
    ),
    answers="handrail.apps.chat.slack.answer",
    sends="chat.send",
    test=_test,
)
