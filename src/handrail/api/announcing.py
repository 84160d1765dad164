"""The description of the API says what each operation is asked with, and how it may refuse.

Which errors there are follows from what the description says already: whether something is
changed, is named by an id, is sent. So nobody has to think of it each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ninja import NinjaAPI

from handrail.api.problems import CONTENT_TYPE, Problem
from handrail.apps.outbox.idempotency import LONGEST_KEY

Described = dict[str, Any]
REF = "#/components/{kind}/{name}"
OTHER = "default"
# The name of each answer, and what it means to whoever gets it.
ERRORS: dict[int | str, tuple[str, str]] = {
    400: (
        "Unreadable",
        "The request cannot be read, or came without the `Idempotency-Key` that it needs.",
    ),
    401: ("NoValidKey", "No key was sent, or it is unknown, revoked or past its last day."),
    403: (
        "NotAllowed",
        "The key lacks a scope (`scope-missing`), or its owner may not do this (`not-allowed`).",
    ),
    404: ("NotFound", "There is no such thing, or you may not see it: both look alike."),
    409: (
        "Conflict",
        "It cannot be done as things stand now. If a time was just taken, `alternatives` names "
        "others. `in-flight`: the same request is still being answered, so ask again in a moment.",
    ),
    410: ("StartAgain", "The cursor leads nowhere any more: read everything into a new store."),
    412: ("Changed", "It was changed after the `ETag` in `If-Match` was given. Read it again."),
    413: ("TooLarge", "More was sent than is taken at once."),
    422: (
        "Invalid",
        "Something that was sent cannot be taken; `fields` says what. `key-reused`: the "
        "`Idempotency-Key` belongs to another request.",
    ),
    OTHER: (
        "OtherError",
        "Any other error. `crash` (500): something broke on our side, and nothing was changed.",
    ),
}
KEY: Described = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key, `hr_…`: it acts for its owner within its scopes.",
}
ONCE: Described = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
    "description": "New for each request, the same for each repeat: that gets the same answer.",
}
UNCHANGED: Described = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "schema": {"type": "string"},
    "description": "The `ETag` that was read. Changed meanwhile, nothing is done (412).",
}
# Every POST is done once for its key, but for those that change nothing here or bring keys of their
# own; so are two changes of what is there.
NOT_ONCE = {"read_job_board", "send_operations", "test_connection", "try_hire_rule"}
ALSO_ONCE = {"edit_project", "edit_rota"}
# A key without any scope may ask for these.
WITHOUT_SCOPE = {"read_me", "read_device"}
# What is read here may not be there yet, or not any more.
NOT_NOW = {"read_export"}
# These look at `If-Match`.
IF_MATCH = {"edit_person", "edit_program", "set_hours"}


class AnnouncingAPI(NinjaAPI):
    """An API whose description tells of its errors too."""

    def get_openapi_schema(self, **asked: Any) -> Any:
        """The description, complete."""
        document = super().get_openapi_schema(**asked)
        announce(document)
        return document


def announce(document: Described) -> None:
    """Give every operation of a description its key, its headers and its errors."""
    components = document["components"]
    components["securitySchemes"]["ApiKey"] = KEY
    document["security"] = [{"ApiKey": []}]
    components["schemas"]["Problem"] = Problem.model_json_schema()
    components["responses"] = {
        name: _described(status, words) for status, (name, words) in ERRORS.items()
    }
    for methods in document["paths"].values():
        for method, operation in methods.items():
            if "security" in operation:  # a sign-in's cookie is taken there too
                operation["security"] = [{"ApiKey": []}, *operation["security"]]
            operation["parameters"] += headers_of(method, operation["operationId"])
            answers = operation["responses"]
            for status in errors_of(
                method,
                operation,
            ):
                answers[status] = {"$ref": REF.format(kind="responses", name=ERRORS[status][0])}
            operation["responses"] = {key: answers[key] for key in sorted(answers, key=str)}


def _described(status: int | str, words: str) -> Described:
    problem = {"$ref": REF.format(kind="schemas", name="Problem")}
    answer: Described = {"description": words, "content": {CONTENT_TYPE: {"schema": problem}}}
    if status == 401:
        answer["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return answer


def headers_of(method: str, name: str) -> list[Described]:
    """What an operation is told beside its path, its query and its body."""
    once = (method == "post" and name not in NOT_ONCE) or name in ALSO_ONCE
    return [ONCE] * once + [UNCHANGED] * (name in IF_MATCH)


def errors_of(method: str, operation: Described) -> Iterator[int | str]:
    """Each error that an operation may answer with, and `default` for those nobody foresees."""
    name, changes = operation["operationId"], method != "get"
    parameters, sent = operation.get("parameters", []), operation.get("requestBody")
    takes = sent or method == "post"  # a file is sent as it is, without a description
    yield 401
    if name not in WITHOUT_SCOPE:
        yield 403
    if takes:
        yield 400
    # What is sent names things by their ids or by words, and they may not be there.
    if sent or any(one["in"] == "path" or _is_id(one["schema"]) for one in parameters):
        yield 404
    if changes or name in NOT_NOW:
        yield 409
    if 410 in operation["responses"]:
        yield 410
    if name in IF_MATCH:
        yield 412
    if takes:
        yield 413
    if parameters or takes:
        yield 422
    yield OTHER


def _is_id(schema: Described) -> bool:
    return any(one.get("format") == "uuid" for one in [schema, *schema.get("anyOf", [])])
