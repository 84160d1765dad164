"""What a Mattermost server would send when somebody types a slash command."""

from __future__ import annotations

from urllib.parse import urlencode


def typed(
    token: str, *, user: str, text: str = "", team: str = "team-of-tests", in_header: bool = True
) -> tuple[dict[str, str], bytes]:
    """Headers and body of one slash command."""
    form = {
        "token": token, "team_id": team, "team_domain": "example", "channel_id": "chan",
        "channel_name": "town-square", "user_id": user, "user_name": "somebody",
        "command": "/mentor", "text": text, "trigger_id": "t",
        "response_url": "https://chat.example.org/hooks/commands/once",
    }  # fmt: skip
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if in_header:
        headers["Authorization"] = f"Token {token}"
    return headers, urlencode(form).encode()
