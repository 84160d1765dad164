"""A process that answers as Google's and Microsoft's interfaces do: python stand_in.py PORT.

Shapes and rules are those of their public references: what they refuse is refused here. What was
asked is listed at /seen; what the calendars hold is set at /hold.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

LONGEST = timedelta(days=62)
FAR = [  # the second page, in another zone's words
    {
        "iCalUId": "far", "showAs": "oof", "isAllDay": False, "isCancelled": False,
        "responseStatus": {"response": "none"},
        "start": {"dateTime": "2026-02-05T10:00:00.0000000", "timeZone": "W. Europe Standard Time"},
        "end": {"dateTime": "2026-02-05T11:00:00.0000000", "timeZone": "W. Europe Standard Time"},
    }
]  # fmt: skip
STATE: dict[str, Any] = {
    "seen": [], "codes": {}, "refresh": {}, "access": set(), "events": [], "busy": {},
    "calendars": [], "scope": "", "broken": "", "number": 0,
}  # fmt: skip


class StandIn(BaseHTTPRequestHandler):
    def log_message(self, *_words: object) -> None:
        pass

    def do_GET(self) -> None:
        self.parts = urlsplit(self.path)
        self.query = {name: some[0] for name, some in parse_qs(self.parts.query).items()}
        self.route("GET", b"")

    def do_POST(self) -> None:
        self.parts = urlsplit(self.path)
        self.query = {}
        self.route("POST", self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def route(self, method: str, body: bytes) -> None:
        path = self.parts.path
        if path == "/seen":
            return self.say(200, STATE["seen"])
        if path == "/hold":
            STATE.update(json.loads(body))
            return self.say(200, {})
        STATE["seen"].append([method, path, self.query])
        if path == "/authorize":
            return self.authorize()
        if path in ("/token", "/revoke"):
            said = {name: some[0] for name, some in parse_qs(body.decode()).items()}
            STATE["seen"][-1][2] = sorted(said)
            return self.token(said) if path == "/token" else self.revoke(said)
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in STATE["access"]:
            return self.say(401, {"error": {"code": 401}})
        if STATE["broken"]:
            return self.say(int(STATE["broken"]), {"error": {"message": "Rate Limit? rateLimit"}})
        if path == "/users/me/calendarList":
            return self.say(200, {"items": STATE["calendars"]})
        if path == "/freeBusy":
            return self.free_busy(json.loads(body))
        if path == "/me/calendarView":
            return self.calendar_view()
        return self.say(404, {})

    def authorize(self) -> None:
        """Whoever comes here allows it; the challenge is kept beside the code."""
        asked = self.query
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(STATE['codes'])}"
        STATE["codes"][code] = (asked["code_challenge"], asked["redirect_uri"], asked["scope"])
        self.send_response(302)
        back = urlencode({"code": code, "state": asked["state"]})
        self.send_header("Location", f"{asked['redirect_uri']}?{back}")
        self.end_headers()

    def token(self, said: dict[str, str]) -> None:
        if (said["client_id"], said["client_secret"]) != ("app", "hush"):
            return self.say(401, {"error": "invalid_client"})
        STATE["number"] += 1
        if said["grant_type"] == "authorization_code":
            challenge, back, scope = STATE["codes"].pop(said["code"], ("", "", ""))
            digest = hashlib.sha256(said["code_verifier"].encode()).digest()
            proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if (proof, said["redirect_uri"]) != (challenge, back):
                return self.say(400, {"error": "invalid_grant"})
            STATE["refresh"]["r0"] = scope
            return self.say(200, self.tokens("r0", STATE["scope"] or scope))
        if said["refresh_token"] not in STATE["refresh"]:
            return self.say(400, {"error": "invalid_grant"})
        scope = STATE["refresh"].pop(said["refresh_token"])
        renewed = f"r{STATE['number']}"  # as Microsoft does: the last one has ended
        STATE["refresh"][renewed] = scope
        return self.say(200, self.tokens(renewed, scope))

    def tokens(self, refresh: str, scope: str) -> dict[str, Any]:
        access = f"access-{STATE['number']}"
        STATE["access"] = {access}
        return {
            "access_token": access, "refresh_token": refresh, "expires_in": 3599, "scope": scope,
            "token_type": "Bearer",
        }  # fmt: skip

    def revoke(self, said: dict[str, str]) -> None:
        known = STATE["refresh"].pop(said["token"], None)
        self.say(200 if known is not None else 400, {})

    def free_busy(self, asked: dict[str, Any]) -> None:
        span = datetime.fromisoformat(asked["timeMax"]) - datetime.fromisoformat(asked["timeMin"])
        ids = [item["id"] for item in asked["items"]]
        if span > LONGEST or len(ids) > 50:
            return self.say(400, {"error": {"code": 400}})
        STATE["seen"][-1][2] = len(ids)
        calendars: dict[str, Any] = {
            one: {"busy": [
                busy for busy in STATE["busy"].get(one, [])
                if asked["timeMin"] <= busy["start"] < asked["timeMax"]
            ]} for one in ids
        }  # fmt: skip
        if "broken" in calendars:
            calendars["broken"] = {
                "errors": [{"domain": "global", "reason": "notFound"}],
                "busy": [],
            }
        return self.say(200, {"kind": "calendar#freeBusy", "calendars": calendars})

    def calendar_view(self) -> None:
        start, end = self.query["startDateTime"], self.query["endDateTime"]
        if datetime.fromisoformat(end) - datetime.fromisoformat(start) > LONGEST:
            return self.say(400, {"error": {"code": "ErrorInvalidParameter"}})
        assert "subject" not in self.query["$select"]
        assert self.headers["Prefer"] == 'outlook.timezone="UTC"'
        found = [
            event for event in STATE["events"]
            if start[:19] <= event["start"]["dateTime"][:19] < end[:19]
        ]  # fmt: skip
        if self.query.get("$skip"):
            return self.say(200, {"value": FAR})
        answer: dict[str, Any] = {"value": found}
        if found:
            answer["@odata.nextLink"] = f"http://localhost:{PORT}{self.path}&$skip=200"
        return self.say(200, answer)

    def say(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    PORT = int(sys.argv[1])
    ThreadingHTTPServer(("127.0.0.1", PORT), StandIn).serve_forever()
