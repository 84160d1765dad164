from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "handrail.apps.sessions"
    label = "mentoring_sessions"  # Django's own sessions has the plain name
    default_auto_field = "django.db.models.BigAutoField"
