from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "handrail.apps.connections"
    label = "connections"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from handrail.apps.connections.sending import tell_outside
        from handrail.apps.organizations.signals import audited

        audited.connect(tell_outside, dispatch_uid="handrail.connections.sending")
