from django.apps import AppConfig


class OfficeHoursConfig(AppConfig):
    name = "handrail.apps.office_hours"
    label = "office_hours"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from handrail.apps.office_hours import receivers  # noqa: F401 - late: models must be loaded
