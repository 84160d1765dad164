from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "handrail.apps.sessions"
    label = "mentoring_sessions"  # Django's own sessions has the plain name
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from handrail.apps.sessions import receivers  # noqa: F401 - late: models must be loaded
