from django.apps import AppConfig


class HiringConfig(AppConfig):
    name = "handrail.apps.hiring"
    label = "hiring"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from handrail.apps.hiring import receivers  # noqa: F401 - late: models must be loaded
