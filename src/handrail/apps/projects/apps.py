from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "handrail.apps.projects"
    label = "mentoring_projects"
    default_auto_field = "django.db.models.BigAutoField"
