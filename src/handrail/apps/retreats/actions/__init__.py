"""Verbs on retreats: plan one, say who comes, fill the agenda and the kit, tell calendars."""

from handrail.apps.retreats.actions.kit import (
    change_item,
    claim_pieces,
    mark_pieces,
    put_item,
    release_pieces,
    remove_item,
)
from handrail.apps.retreats.actions.people import add_guest, let_go, save_part, take_off
from handrail.apps.retreats.actions.planning import (
    change_block,
    change_hub,
    create_retreat,
    edit_retreat,
    put_block,
    put_hub,
    remove_block,
    remove_hub,
)
from handrail.apps.retreats.actions.telling import announce, call_off, untold

__all__ = [
    "add_guest",
    "announce",
    "call_off",
    "change_block",
    "change_hub",
    "change_item",
    "claim_pieces",
    "create_retreat",
    "edit_retreat",
    "let_go",
    "mark_pieces",
    "put_block",
    "put_hub",
    "put_item",
    "release_pieces",
    "remove_block",
    "remove_hub",
    "remove_item",
    "save_part",
    "take_off",
    "untold",
]
