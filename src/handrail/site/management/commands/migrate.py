"""`migrate`, which makes a new database in seconds: a table that is new is drawn by itself.

Before each new table, Django draws all those related to it once more, which here are all there
are: 14,000 drawings of 150 tables, half a minute of nothing else. Nothing can refer to a table that
does not exist yet, so only the table itself is drawn; whatever alters a table does as before.
"""

from __future__ import annotations

from typing import Any
from unittest import mock

from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState


class GrowingState(ProjectState):
    """What migrations have come to, in which a new model asks for no other to be drawn again."""

    def clone(self) -> GrowingState:
        """One like this, to be changed without this one."""
        plain = super().clone()
        grown = GrowingState(plain.models, plain.real_apps)
        grown.is_delayed = plain.is_delayed
        if "apps" in plain.__dict__:  # to ask for it would draw all of them
            grown.apps = plain.apps
        return grown

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        """Draw a model anew with all that refer to it; one that is new, alone."""
        if "apps" in self.__dict__ and model_name not in self.apps.all_models[app_label]:
            self.apps.render_multiple([self.models[app_label, model_name]])
        else:
            super().reload_model(app_label, model_name, delay)


class GrowingExecutor(MigrationExecutor):
    """Applies migrations as Django does, with a state that grows."""

    def _create_project_state(self, with_applied_migrations: bool = False) -> ProjectState:
        # The stubs do not know it.
        state = super()._create_project_state(with_applied_migrations)  # type: ignore[misc]
        return GrowingState(state.models, state.real_apps)


class Command(migrate.Command):
    """As Django's own, with the executor above."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        """Bring the database up to the code."""
        # Django's command names its executor in its module and nowhere else.
        with mock.patch.object(migrate, "MigrationExecutor", GrowingExecutor):
            return super().handle(*args, **options)
