"""Where services send what happens: one address a connection, proven by its secret alone.

Outside /api/v1, since nobody signs in here and no key is asked for. An address that is unknown,
switched off, or of an organisation that is being erased answers like any page that is not there.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from handrail.api.problems import problem
from handrail.apps.connections.receiving import receive
from handrail.apps.organizations.refusals import NotFound
from handrail.integrations.webhooks import Rejected, Why
from handrail.integrations.webhooks.verifying import LARGEST


@csrf_exempt
@require_POST
def hook(request: HttpRequest, address: str) -> HttpResponse:
    """Take one delivery; the answer says that it is stored, and nothing more."""
    try:
        # Never more of it in memory than the limit and one; whoever proves it finds it too large.
        body = request.read(LARGEST + 1)
        headers = {name.lower(): value for name, value in request.headers.items()}
        receipt = receive(address, headers, body, now=timezone.now())
    except NotFound:
        return problem(request, 404, "not-found", "There is no such thing.")
    except Rejected as rejected:
        if rejected.why is Why.TOO_LARGE:
            told = _("Send at most %(limit)d bytes.") % {"limit": LARGEST}
            return problem(request, 413, "too-large", told)
        return problem(request, 401, "not-proven", _("This delivery is not proven."))
    except UnreadablePostError:
        return problem(request, 400, "bad-request", _("The request cannot be read."))
    reply = receipt.reply
    answer = HttpResponse(reply.body, status=reply.status, content_type=reply.content_type)
    answer["Cache-Control"] = "no-store"
    return answer
