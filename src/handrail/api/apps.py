from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "handrail.api"
    label = "handrail_api"
