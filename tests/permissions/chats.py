"""A chat with a linked account, and drafts switched on, for the permission matrix."""

from __future__ import annotations

from django.core import signing

from factories.world import NOW, World
from handrail.apps.assistance.actions import allow_in
from handrail.apps.chat.linking import SALT, link
from handrail.apps.connections.actions import connect
from handrail.apps.organizations.scope import writing
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.programs.models import Program


def chat(world: World, program: Program, name: str) -> dict[str, str]:
    """The linked account, and a word that links another one of the same chat."""
    with writing(world.organization):
        made = connect(
            "zulip",
            f"Chat of {name}",
            {"site": "https://chat.example.org", "email": "bot@example.org"},
            {"key": "key"},
            by=world.system,
            now=NOW,
        )
        connect(
            "assistance",
            f"Model of {name}",
            {"base": "https://models.example.org/v1", "model": "any"},
            {},
            by=world.system,
            now=NOW,
        )
        allow_in(program, True, by=world.system, now=NOW)
        ident = str(made.connection.public_id)
        word = signing.dumps([ident, "1", ""], salt=SALT, compress=True)
        person = viewer_for_person(world.person(name))
        account = link(word, by=person, now=NOW)
    return {
        "account": str(account.public_id),
        "chat_word": signing.dumps([ident, "2", ""], salt=SALT, compress=True),
    }
