from django.apps import AppConfig


class RetreatsConfig(AppConfig):
    name = "handrail.apps.retreats"
    label = "retreats"
    default_auto_field = "django.db.models.BigAutoField"
