from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "handrail.apps.requests"
    label = "mentoring_requests"
    default_auto_field = "django.db.models.BigAutoField"
