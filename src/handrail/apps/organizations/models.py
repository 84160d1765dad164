"""Who shares one pool of people: organisations, sign-in identities, grants, consent, audit."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

_Row = TypeVar("_Row", bound=models.Model)


class Organization(models.Model):
    """One tenant: everything else belongs to exactly one of these."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(unique=True)
    timezone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=8, default="en")
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    # Another one says that an older backup was put back: devices then send again what it lacks.
    epoch = models.UUIDField(default=uuid.uuid4, editable=False)
    # Set only while the operator erases the organisation: then its ledgers may be deleted.
    erasing_since = models.DateTimeField(null=True, blank=True, editable=False)
    # Set only while old rows are let go: ledgers that name a time let go of rows before it.
    purging_before = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return self.name


if TYPE_CHECKING:

    class ScopedRows(models.Manager[_Row]): ...

else:

    class ScopedRows(type(ScopedManager(organization="organization"))):
        """The manager of every scoped model, as a class of its own because mypy needs a name."""


class Scoped(models.Model):
    """A row of one organisation; a query outside an organisation's scope raises."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[ScopedRows[Self]] = ScopedRows()
    # A ledger: the database refuses to change or delete single rows of it.
    append_only: ClassVar[bool] = False
    # The column by whose time a ledger's rows are old enough to go; "" where they never are.
    purged_by: ClassVar[str] = ""

    class Meta:
        abstract = True


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A sign-in identity; it may be a member of several organisations."""

    email = models.EmailField(_("e-mail"), unique=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.email


class Membership(Scoped):
    """A user's place in one organisation; revoked places stay, as records keep their author."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="membership_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.organization_id}"


class Grant(models.TextChoices):
    """Roles given by name; mentee, mentor and lead come from programs, manager from reporting."""

    ADMINISTRATOR = "administrator", _("administrator")
    RECRUITER = "recruiter", _("recruiter")
    ANALYST = "analyst", _("analyst")
    AUDITOR = "auditor", _("auditor")


class RoleGrant(Scoped):
    """One role given to one membership."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Grant.choices)
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "membership", "role"], name="role_grant_once"
            )
        ]

    def __str__(self) -> str:
        return self.role


class ConsentPurpose(models.TextChoices):
    """What a person may allow; each purpose is asked for by itself."""

    MENTOR_NAMED = "mentor_named", _("show my name on public pages")
    REMINDERS = "reminders", _("send me reminders by e-mail")
    ARTIFACT_ASKED = "artifact_asked", _("ask me by e-mail for an artifact that is missing")
    SILENCE_PAUSES = "silence_pauses", _("pause me for a week when requests to me go unanswered")
    QUIET_ENDS = (
        "quiet_ends",
        _("ask me when a program or my part in it was quiet for 90 days, and end it a week later"),
    )
    THANKS_MAILED = "thanks_mailed", _("send me thanks for a session by e-mail")
    ARTIFACT_SHARED = "artifact_shared", _("share my artifacts beyond the pair")
    ANSWER_TEXT = "answer_text", _("show words of mine in an answer to more people")
    ANSWERS_CHECKED = (
        "answers_checked",
        _("ask me by e-mail to look through answers of mine that are in use"),
    )
    QUESTION_NEWS = "question_news", _("tell me by e-mail what became of my questions")
    STATEMENT_NEWS = (
        "statement_news",
        _("tell me by e-mail when somebody signs a statement about me"),
    )
    ERASURE_NEWS = (
        "erasure_news",
        _("tell me by e-mail, as an administrator, when somebody asks to be erased"),
    )
    CONNECTION_NEWS = (
        "connection_news",
        _("tell me by e-mail, as an administrator, when a connection is switched off by itself"),
    )
    CHAT_LINKED = "chat_linked", _("act for me from a chat account that I link")
    CHAT_REMINDERS = "chat_reminders", _("remind me in a chat that I linked")
    CHAT_NEWS = (
        "chat_news",
        _("tell me in a chat that I linked when a session is booked, moved or cancelled"),
    )
    ACCOUNT_LINKED = "account_linked", _("count changes merged under an account that I link")
    ASSISTANCE = "assistance", _("send text of mine, without names, to the assistance endpoint")
    RECORDING = "recording", _("record a call that I am in")
    ATTESTATION = "attestation", _("sign statements about what came out of a session of mine")


# Asked on a page of their own, and by nobody who has nothing to do with it.
ASKED_ELSEWHERE = frozenset(
    {
        ConsentPurpose.ACCOUNT_LINKED,
        ConsentPurpose.CHAT_LINKED,
        ConsentPurpose.CHAT_REMINDERS,
        ConsentPurpose.CHAT_NEWS,
        ConsentPurpose.ASSISTANCE,
        ConsentPurpose.MENTOR_NAMED,
        ConsentPurpose.ARTIFACT_SHARED,
        ConsentPurpose.RECORDING,
        ConsentPurpose.ATTESTATION,
    }
)

# Done for administrators, and shown to them alone.
FOR_ADMINISTRATORS = frozenset({ConsentPurpose.ERASURE_NEWS, ConsentPurpose.CONNECTION_NEWS})

# What the house does by itself until somebody switches it off; all else is asked for first.
DONE_UNLESS_REFUSED = frozenset(
    {
        ConsentPurpose.REMINDERS,
        ConsentPurpose.ARTIFACT_ASKED,
        ConsentPurpose.SILENCE_PAUSES,
        ConsentPurpose.QUIET_ENDS,
        ConsentPurpose.THANKS_MAILED,
        ConsentPurpose.ANSWERS_CHECKED,
        ConsentPurpose.QUESTION_NEWS,
        ConsentPurpose.STATEMENT_NEWS,
        ConsentPurpose.ERASURE_NEWS,
        ConsentPurpose.CONNECTION_NEWS,
        ConsentPurpose.CHAT_REMINDERS,
        ConsentPurpose.CHAT_NEWS,
    }
)


class ConsentRecord(Scoped):
    """One line of the append-only ledger: what was said, in which words, where and when."""

    append_only = True

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    subject = models.UUIDField()  # a person's public id: no key, so that erasure may cut the link
    # One of `ConsentPurpose`; without `choices`, so that one more purpose is no migration.
    purpose = models.CharField(max_length=32)
    given = models.BooleanField()
    # What one yes is about, where a purpose is asked for thing by thing, and how far it goes.
    about = models.CharField(max_length=80, blank=True, default="")
    extent = models.CharField(max_length=16, blank=True, default="")
    text_version = models.CharField(max_length=64)
    channel = models.CharField(max_length=32)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["organization", "subject", "purpose", "recorded_at"], name="consent_latest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.purpose} {self.given}"


class AuditEntry(Scoped):
    """One line of the append-only record of who did what."""

    append_only = True
    purged_by = "at"

    at = models.DateTimeField()
    actor = models.CharField(max_length=80)  # "person:<uuid>", "key:<prefix>", "system:<name>"
    verb = models.CharField(max_length=64)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["organization", "at"], name="audit_at")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type}"


class KeyKind(models.TextChoices):
    API = "api", _("API key")
    SCIM = "scim", _("SCIM client")


class ApiKey(Scoped):
    """A program's way in: only a digest is kept, scopes bound what it may do."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="api_keys")
    kind = models.CharField(max_length=8, choices=KeyKind.choices, default=KeyKind.API)
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "prefix"], name="api_key_prefix_once"),
            models.UniqueConstraint(fields=["organization", "public_id"], name="api_key_public_id"),
        ]

    def __str__(self) -> str:
        return self.name
