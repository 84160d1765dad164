from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "handrail.apps.chat"
    label = "chat"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from handrail.apps.chat import receivers  # noqa: F401 - signals are connected late
