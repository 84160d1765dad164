"""Every address of the house: pages, sign-in, API, and what watches the server."""

from __future__ import annotations

from django.urls import include, path

from handrail.api.hooks import hook
from handrail.web.views import errors, health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("account/", include("allauth.urls")),
    path("api/", include("handrail.api.urls")),
    path("hooks/<str:address>", hook, name="hook"),
    path("scim/v2/", include("handrail.api.scim.door")),
    path("", include("handrail.web.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = "handrail.web.views.errors.too_often"  # allauth's name for it
