from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "handrail.apps.connections"
    label = "connections"
    default_auto_field = "django.db.models.BigAutoField"
