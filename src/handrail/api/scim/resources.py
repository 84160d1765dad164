"""The attributes that we take of people and teams; what is not declared here is dropped unread."""

from __future__ import annotations

from typing import Annotated, Any, Union

from pydantic import EmailStr, Field
from scim2_models import (
    URI,
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Extension,
    Filter,
    GroupMembership,
    Mutability,
    Pagination,
    Patch,
    Reference,
    Required,
    Resource,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)
from scim2_models import Email as StandardEmail

PAGE = 100  # resources of a page where a client asks for no number
LARGEST_PAGE = 200
LARGEST_BULK = 1000  # operations
LARGEST_BODY = 2 * 1024 * 1024  # bytes
CURSOR_SECONDS = 3600


class Name(ComplexAttribute):
    formatted: str | None = None
    """The whole name as it is shown."""

    family_name: str | None = None
    """The last name."""

    given_name: str | None = None
    """The first name."""


class Email(StandardEmail):
    value: Annotated[EmailStr | None, Required.true] = None
    """The address itself."""


class User(Resource[Any]):
    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """What the person signs in to the directory with."""

    name: Name | None = None
    """The parts of the person's name."""

    display_name: str | None = None
    """The name to show."""

    title: str | None = None
    """What the person's job is called; another one is asked about as a change of role."""

    preferred_language: str | None = None
    """The language of pages and mails, such as de or en-GB."""

    locale: str | None = None
    """Where no language is given: its language is taken."""

    timezone: str | None = None
    """A time zone such as Europe/Berlin."""

    active: bool | None = None
    """False ends the person's access at once; whether they left is asked."""

    emails: Annotated[list[Email] | None, Required.true] = None
    """The address for mails and sign-in: the primary one, or the one of type work."""

    groups: Annotated[list[GroupMembership] | None, Mutability.read_only] = None
    """The teams that the person is in."""


class Manager(ComplexAttribute):
    value: Annotated[str | None, CaseExact.true] = None
    """The id of the person's manager here."""

    ref: Reference[User] | None = Field(None, serialization_alias="$ref", validation_alias="$ref")
    """The address of the person's manager here."""


class EnterpriseUser(Extension):
    __schema__ = URN("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")

    employee_number: str | None = None
    """What the organisation numbers the person by."""

    department: str | None = None
    """Another one is asked about as a change of role."""

    manager: Manager | None = None
    """Whom the person reports to."""


class GroupMember(ComplexAttribute):
    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    """The id of a person."""

    ref: Annotated[Reference[User] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The address of a person."""

    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])
    """Always User: teams hold people, not teams."""


class Group(Resource[Any]):
    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """The team's name."""

    members: list[GroupMember] | None = None
    """The people of the team."""


Person = User[EnterpriseUser]  # type: ignore[type-arg]
Anything = Union[Person, Group]  # noqa: UP007 - the models are made at run time

# What Okta and Microsoft Entra send beside the standard's words is taken as it is meant.
POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=True, max_operations=LARGEST_BULK, max_payload_size=LARGEST_BODY),
    filter=Filter(supported=True, max_results=LARGEST_PAGE),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=True),
    pagination=Pagination(
        cursor=True,
        index=True,
        default_pagination_method=Pagination.DefaultPaginationMethod.index,
        default_page_size=PAGE,
        max_page_size=LARGEST_PAGE,
        cursor_timeout=CURSOR_SECONDS,
    ),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer token",
            description="A directory's key, made on the page of directories and shown once.",
            primary=True,
        )
    ],
)
PROVIDER = ScimProvider(
    models=[User, EnterpriseUser, Group],
    resource_types=[ResourceType.from_resource(Person), ResourceType.from_resource(Group)],
    config=CONFIG,
    policy=POLICY,
)

__all__ = ["CONFIG", "POLICY", "PROVIDER", "URI", "Anything", "Group", "Person"]
