from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AnswersConfig(AppConfig):
    name = "handrail.apps.answers"
    label = "answers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from handrail.apps.answers import receivers  # noqa: F401 - late: models must be loaded
        from handrail.apps.answers.search import engines  # models are ready only now

        post_migrate.connect(engines.install, sender=self)
