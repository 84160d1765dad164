"""All settings; each is explained in docs/operate/settings.md."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("HANDRAIL_HOME", "var")).resolve()


def _secret_key() -> str:
    """The key from the environment, else one made once and kept in HANDRAIL_HOME."""
    if key := os.environ.get("HANDRAIL_SECRET_KEY"):
        return key
    path = HOME / "secret-key"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _secret_key()
# Keys of before, which still open what they closed; new things are closed with SECRET_KEY alone.
SECRET_KEY_FALLBACKS = os.environ.get("HANDRAIL_SECRET_KEY_FALLBACKS", "").split()
DEBUG = os.environ.get("HANDRAIL_DEBUG", "no") == "yes"
BASE_URL = os.environ.get("HANDRAIL_BASE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = os.environ.get("HANDRAIL_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
# Set by `handrail serve` from the address it binds: demo sign-in exists on loopback only.
SERVED_ON_LOOPBACK = os.environ.get("HANDRAIL_SERVED_ON_LOOPBACK", "no") == "yes"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
    "ninja",
    "handrail.apps.organizations",
    "handrail.apps.outbox",
    "handrail.apps.connections",
    "handrail.apps.people",
    "handrail.apps.calendars",
    "handrail.apps.programs",
    "handrail.apps.outcomes",
    "handrail.apps.retreats",
    "handrail.apps.matches",
    "handrail.apps.sessions",
    "handrail.apps.requests",
    "handrail.apps.office_hours",
    "handrail.apps.projects",
    "handrail.apps.cohorts",
    "handrail.apps.identity",
    "handrail.apps.answers",
    "handrail.apps.hiring",
    "handrail.apps.safeguarding",
    "handrail.apps.records",
    "handrail.apps.chat",
    "handrail.apps.assistance",
    "handrail.apps.pilots",
    "handrail.apps.reports",
    "handrail.web",
    "handrail.api",
    "handrail.site",
]

MIDDLEWARE = [
    "handrail.site.middleware.RequestIdMiddleware",
    "handrail.site.middleware.FreshPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads at random, so lengths tell nothing
    "handrail.site.middleware.ShortWayMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "handrail.site.middleware.ClockMiddleware",
    "handrail.site.middleware.OrganizationMiddleware",
    "handrail.api.middleware.ApiMiddleware",
    "handrail.site.middleware.WithoutNulMiddleware",  # inside: the API says it in its own way
]

ROOT_URLCONF = "handrail.site.urls"
WSGI_APPLICATION = "handrail.site.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "handrail.web.context.page",
            ],
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{HOME / 'handrail.sqlite3'}",
        conn_max_age=600,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "handrail.site.sqlite"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA mmap_size=0;"
        ),
    }
    # Named, because the tests' parallel runner knows Django's own backend only by its name.
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "handrail.web.accounts.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"  # people are invited by mail: the address is already proven
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # who has no place here gets no mail from here
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
# As many as allauth has for a sign-in, but counted apart: one by SAML has been counted already.
ACCOUNT_RATE_LIMITS = {"saml_answer": "30/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = BASE_URL.startswith("http://localhost")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
SESSION_COOKIE_HTTPONLY = True
# The proxy that ends TLS says so in this header; without one, nobody asks for https.
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if BASE_URL.startswith("https://") else None
)
SECURE_HSTS_SECONDS = 31_536_000 if BASE_URL.startswith("https://") else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "handrail.web.views.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is missing
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "handrail.site.static_files.ReleaseStorage"},
}
WHITENOISE_USE_FINDERS = True
# A name with a digest, Django's or the build's, never means other content: kept for good.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+([.][0-9a-f]{12}|-[0-9A-Z]{8})[.][a-z0-9.]+$"
# Set by `handrail serve` once it has collected this release's files: names then hold a digest.
STATIC_COLLECTED = os.environ.get("HANDRAIL_STATIC_COLLECTED", "no") == "yes"
# Whether devices keep what is needed without a network; "no" takes it back from all of them.
OFFLINE = os.environ.get("HANDRAIL_OFFLINE", "yes") == "yes"

# A folder that `make embeddings` filled; empty: answers are found by their words.
EMBEDDINGS = os.environ.get("HANDRAIL_EMBEDDINGS", "")

# "folder" writes mails to HANDRAIL_HOME/mail; "smtp://user:password@host:port?security=starttls".
MAIL = os.environ.get("HANDRAIL_MAIL", "folder")
MAIL_FOLDER = HOME / "mail"
MAIL_FROM = os.environ.get("HANDRAIL_MAIL_FROM", "Handrail <handrail@localhost>")
DEFAULT_FROM_EMAIL = MAIL_FROM
# Where answers to invitations come in; "" reads none. See docs/operate/mail-in.md.
MAIL_IN = os.environ.get("HANDRAIL_MAIL_IN", "")
MAIL_IN_ADDRESS = os.environ.get("HANDRAIL_MAIL_IN_ADDRESS", "")
MAIL_IN_HOST = os.environ.get("HANDRAIL_MAIL_IN_HOST", "")
MAIL_IN_FOLDER = HOME / "mail-in"
EMAIL_BACKEND = "handrail.site.mail.MailBackend"
# The runner's threads in the web process; "no" where `handrail worker` runs beside it.
WORKER_IN_WEB = os.environ.get("HANDRAIL_WORKER_IN_WEB", "yes") == "yes"

# Hosts inside the operator's own network that calendars may be read from.
INTERNAL_HOSTS = [
    host.strip().lower()
    for host in os.environ.get("HANDRAIL_INTERNAL_HOSTS", "").split(",")
    if host.strip()
]

# Which kinds of calendars people may add; the last two also need what the other side gave us.
CALENDAR_KINDS = os.environ.get("HANDRAIL_CALENDAR_KINDS", "ics,caldav,google,microsoft").split(",")
MICROSOFT_TENANT = os.environ.get("HANDRAIL_MICROSOFT_TENANT", "organizations")
CALENDAR_APPS: dict[str, dict[str, str]] = {
    "google": {
        "client_id": os.environ.get("HANDRAIL_GOOGLE_CLIENT_ID", ""),
        "client_secret": os.environ.get("HANDRAIL_GOOGLE_CLIENT_SECRET", ""),
        "authorize": "https://accounts.google.com/o/oauth2/v2/auth",
        "token": "https://oauth2.googleapis.com/token",
        "revoke": "https://oauth2.googleapis.com/revoke",
        "api": "https://www.googleapis.com/calendar/v3",
    },
    "microsoft": {
        "client_id": os.environ.get("HANDRAIL_MICROSOFT_CLIENT_ID", ""),
        "client_secret": os.environ.get("HANDRAIL_MICROSOFT_CLIENT_SECRET", ""),
        "authorize": f"https://login.microsoftonline.com/{MICROSOFT_TENANT}/oauth2/v2.0/authorize",
        "token": f"https://login.microsoftonline.com/{MICROSOFT_TENANT}/oauth2/v2.0/token",
        "revoke": "",
        "api": "https://graph.microsoft.com/v1.0",
    },
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
NINJA_PAGINATION_PER_PAGE = 50

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "handrail.site.log_lines.WithoutAddresses",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("HANDRAIL_LOG_LEVEL", "WARNING")},
    # Django's own handlers would write beside that one, with addresses.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
    },
}
