"""What a directory says of people and teams, what waits to be confirmed, and ways to sign in.

A directory gives no first and no last day. Whatever it says that needs one becomes a notice, and
somebody who knows confirms the day: only then do stays and roles change.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.apps.organizations.models import Membership, Organization, Scoped
from handrail.apps.people.models import Person, Team


class Entry(Scoped):
    """One person as a directory names them; whoever it never named has none."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="entry")
    user_name = models.CharField(max_length=254)
    handle = models.CharField(max_length=254)  # the user name as it is compared: without case
    external_id = models.CharField(max_length=254, blank=True, default="")
    active = models.BooleanField(default=True)
    title = models.CharField(max_length=120, blank=True, default="")
    department = models.CharField(max_length=120, blank=True, default="")
    # The rest of what was said, of the attributes that we declare; nothing else is kept.
    said = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()
    # Taken out of the directory: it no longer sees the person, who stays in our records.
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "handle"], name="entry_handle_once")
        ]
        indexes = [models.Index(fields=["organization", "external_id"], name="entry_external_id")]

    def __str__(self) -> str:
        return self.user_name


class TeamEntry(Scoped):
    """What a directory says of a team beside its name."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="entry")
    external_id = models.CharField(max_length=254, blank=True, default="")
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.external_id


class TeamMember(Scoped):
    """A person whom a directory puts into a team; their team here is the first of these."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="named")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="named_in")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "team", "person"], name="team_member_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.team_id}"


class NoticeKind(models.TextChoices):
    JOINED = "joined", _("joined")
    LEFT = "left", _("access ended")
    MOVED = "moved", _("another role")


class NoticeState(models.TextChoices):
    OPEN = "open", _("waiting")
    CONFIRMED = "confirmed", _("confirmed")
    DISMISSED = "dismissed", _("did not happen")


class Notice(Scoped):
    """Something said of a person from outside that counts once somebody has confirmed its day."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=8, choices=NoticeKind.choices)
    source = models.CharField(max_length=32)  # "scim", "bamboohr", "hibob"
    # "before" and "after": title and department; and what the notice changed meanwhile.
    said = models.JSONField(default=dict)
    effective_on = models.DateField(null=True, blank=True)  # where the source names a day
    known_since = models.DateField()
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=NoticeState.choices, default=NoticeState.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True, default="")
    decided_on = models.DateField(null=True, blank=True)  # the day that was confirmed

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "public_id"], name="notice_public_id"),
            models.UniqueConstraint(
                fields=["organization", "person", "kind"],
                condition=models.Q(state="open"),
                name="notice_open_once",
            ),
        ]
        ordering = ["raised_at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class ProviderKind(models.TextChoices):
    OIDC = "oidc", "OpenID Connect"
    SAML = "saml", "SAML 2.0"


class Provider(Scoped):
    """Where the people of an organisation sign in elsewhere; its issuer never changes."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=4, choices=ProviderKind.choices, default=ProviderKind.OIDC)
    name = models.CharField(max_length=80)
    issuer = models.CharField(max_length=500)
    client_id = models.CharField(max_length=255, blank=True, default="")
    sealed_secret = models.TextField(blank=True, default="")
    # Of a SAML provider: its certificates to check with, one after the other, and where it is.
    certificate = models.TextField(blank=True, default="")
    sign_in_url = models.CharField(max_length=500, blank=True, default="")
    metadata_url = models.CharField(max_length=500, blank=True, default="")  # where it says so
    # Its addresses are right, says the administrator: SAML has no word for "verified".
    vouches = models.BooleanField(default=False)
    begins_there = models.BooleanField(default=False)  # people may set out from its own page
    is_on = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)  # the last whole trial that worked
    tried_as = models.CharField(max_length=254, blank=True, default="")
    failed_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=64, blank=True, default="")  # a code

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="provider_public_id"
            ),
            models.UniqueConstraint(
                fields=["organization", "issuer", "client_id"], name="provider_issuer_once"
            ),
        ]
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Domain(Scoped):
    """Addresses under this name find the provider, and may have to use it."""

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="domains")
    name = models.CharField(max_length=253)
    must_use = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="domain_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ExternalIdentity(Scoped):
    """A member as a provider knows them: bound to issuer and subject, never to an address."""

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="identities")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="identities")
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "provider", "subject"], name="identity_subject_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "provider", "membership"], name="identity_member_once"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class SamlAnswer(Scoped):
    """One answer of a SAML provider that was proven; its id is kept until it is good no more."""

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="answers")
    assertion = models.CharField(max_length=64)  # its id, hashed
    request = models.CharField(max_length=64)  # the question that it answers
    word = models.CharField(max_length=64)  # what the browser goes on with, once; hashed
    said = models.JSONField(default=dict)  # who signed in; emptied when it is taken
    arrived_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    keep_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "provider", "assertion"], name="saml_answer_once"
            ),
            models.UniqueConstraint(fields=["organization", "word"], name="saml_answer_word"),
        ]

    def __str__(self) -> str:
        return self.assertion[:8]


class SignInRules(Scoped):
    """What an organisation asks of sign-ins; without a row, nothing."""

    second_factor = models.BooleanField(default=False)  # of administrators
    edited_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="sign_in_rules_once")]

    def __str__(self) -> str:
        return "sign-in rules"


def place_of(provider: Provider, organization: Organization) -> str:
    """Where a provider's secret is sealed for: organisation, table, row and column."""
    return f"{organization.public_id}/identity_provider/{provider.public_id}/sealed_secret"
