"""Whose account in a chat is whose here."""

from __future__ import annotations

import uuid

from django.db import models

from handrail.apps.connections.models import Connection
from handrail.apps.organizations.models import Scoped
from handrail.apps.people.models import Person


class ChatAccount(Scoped):
    """An account of a chat that its owner linked to themself here, by a word good for one use.

    `user` is the service's own id of the account, which does not change with a name; `handle` is
    what the service calls it now, where messages go by that.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="chat_accounts")
    user = models.CharField(max_length=64)
    handle = models.CharField(max_length=80, blank=True, default="")
    word = models.CharField(max_length=64)  # SHA-256 of the word that linked it: used up
    linked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="chat_account_public_id"
            ),
            models.UniqueConstraint(
                fields=["organization", "connection", "user"],
                condition=models.Q(ended_at=None),
                name="chat_account_of_one",
            ),
            models.UniqueConstraint(
                fields=["organization", "connection", "word"], name="chat_account_word_once"
            ),
        ]
        indexes = [models.Index(fields=["organization", "person"], name="chat_account_person")]

    def __str__(self) -> str:
        return f"{self.user} of {self.connection_id}"
