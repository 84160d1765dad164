from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "handrail.site"
    label = "handrail_site"
