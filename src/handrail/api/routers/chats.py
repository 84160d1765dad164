"""The chat accounts that act for the key's owner."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Schema

from handrail.api.requests import ApiRequest, require_scope
from handrail.apps.chat.linking import accounts_of, unlink
from handrail.apps.people.models import Person

router = Router(tags=["people"])


class ChatAccountOut(Schema):
    id: UUID
    chat: str  # the connection's name
    kind: str
    linked_at: datetime


@router.get("/chat-accounts", response=list[ChatAccountOut], operation_id="list_chat_accounts")
def list_chat_accounts(request: ApiRequest) -> list[ChatAccountOut]:
    """Your linked accounts; one is linked from the chat itself, by a link that it shows."""
    require_scope(request, "people:read")
    person = Person.objects.filter(pk=request.viewer.person_id or 0).first()
    return [
        ChatAccountOut(
            id=one.public_id,
            chat=one.connection.name,
            kind=one.connection.kind,
            linked_at=one.linked_at,
        )
        for one in (accounts_of(person) if person else [])
    ]


@router.delete(
    "/chat-accounts/{account_id}", response={204: None}, operation_id="unlink_chat_account"
)
def unlink_chat_account(request: ApiRequest, account_id: UUID) -> HttpResponse:
    """End a link: the chat acts for you no more, and is told nothing."""
    require_scope(request, "people:write")
    unlink(account_id, by=request.viewer, now=request.now)
    return HttpResponse(status=204)
