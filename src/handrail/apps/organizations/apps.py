from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class OrganizationsConfig(AppConfig):
    name = "handrail.apps.organizations"
    label = "organizations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Imported here: models can be read only when every room is loaded.
        from handrail.apps.organizations import guards, scope  # noqa: F401

        pre_migrate.connect(guards.before_migrating, sender=self)
        post_migrate.connect(guards.after_migrating, sender=self)
