from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "handrail.apps.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from handrail.apps.organizations.signals import audited
        from handrail.apps.records.learning import note_completed

        audited.connect(note_completed, dispatch_uid="handrail.records.learning")
