"""Every setting of Harken, in one place.

Values come from `HARKEN_*` variables of the environment, or from the file that `HARKEN_CONFIG` names
(default: `harken.env` inside `HARKEN_HOME`), one `NAME=value` a line; the environment wins. A mistake does not
stop the program here: it is kept in `CONFIGURATION_MISTAKES` and shown as a system check with an id and a hint.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("HARKEN_HOME", "var")).resolve()

CONFIGURATION_MISTAKES: list[tuple[str, str]] = []


def _read_file(path: Path) -> dict[str, str]:
    """The `NAME=value` lines of `path`; blank lines and lines that start with `#` are passed over."""
    if not path.is_file():
        return {}
    values = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.strip().startswith("HARKEN_"):
            CONFIGURATION_MISTAKES.append((f"{path}, line {number}: {line!r}", "Write HARKEN_NAME=value."))
            continue
        values[name.strip()] = value.strip().strip("\"'")
    return values


_FILE = _read_file(Path(os.environ.get("HARKEN_CONFIG", HOME / "harken.env")))


def _text(name: str, default: str) -> str:
    return os.environ.get(name, _FILE.get(name, default))


def _flag(name: str, *, default: bool) -> bool:
    value = _text(name, "yes" if default else "no").lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value not in {"0", "no", "false", "off"}:
        CONFIGURATION_MISTAKES.append((f"{name} is {value!r}", "Write yes or no."))
    return False


def _words(name: str, default: str) -> list[str]:
    return [word for word in _text(name, default).replace(",", " ").split() if word]


def _count(name: str, default: int) -> int:
    value = _text(name, str(default))
    if value.isascii() and value.isdigit():
        return int(value)
    CONFIGURATION_MISTAKES.append((f"{name} is {value!r}", "Write a number, such as 0 or 1."))
    return default


def _secret_key(kept: Path) -> str:
    """The key from `HARKEN_SECRET_KEY`, else the one kept in the file, else a new one.

    `harken.base.home` keeps that with everything else: what only looks at files writes nothing.
    """
    given = _text("HARKEN_SECRET_KEY", "")
    if given:
        return given
    return kept.read_text(encoding="ascii").strip() if kept.exists() else secrets.token_urlsafe(50)


def _database() -> dict[str, Any]:
    """SQLite in `HARKEN_HOME` unless `HARKEN_DATABASE_URL` names another database."""
    sqlite = f"sqlite:///{HOME / 'harken.sqlite3'}"
    address = _text("HARKEN_DATABASE_URL", sqlite)
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(address))
    except (ValueError, dj_database_url.ParseError, dj_database_url.UnknownSchemeError):
        database = {}
    if database.get("ENGINE") == "django.db.backends.postgresql":
        # What harken.base.prepared asks is prepared at once; Django's own cursors never prepare.
        database["OPTIONS"] = {
            **database.get("OPTIONS", {}),
            "pool": {"min_size": 1, "max_size": 8},
            "prepare_threshold": 0,
        }
        return database
    if database.get("ENGINE") != "django.db.backends.sqlite3":
        hint = "Write postgres://user:password@host:5432/name or sqlite:////folder/file.sqlite3."
        CONFIGURATION_MISTAKES.append(("HARKEN_DATABASE_URL names no database Harken runs on", hint))
        database = dict(dj_database_url.parse(sqlite))
    # WAL lets readers go on while one writes; FULL keeps the promise that what a page calls saved survives a
    # power cut; IMMEDIATE makes two writers queue for the timeout instead of failing half way. Recursive triggers let
    # what forbids deleting see what INSERT OR REPLACE deletes (https://www.sqlite.org/lang_conflict.html), also in
    # tables without `ForbidReplacing`.
    database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA recursive_triggers=ON; PRAGMA temp_store=MEMORY; "
            "PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000;"
        ),
    }
    database["CONN_MAX_AGE"] = None
    return database


DEBUG = _flag("HARKEN_DEBUG", default=False)
SECRET_KEY_FILE = HOME / "secret-key"
SECRET_KEY = _secret_key(SECRET_KEY_FILE)
SECRET_KEY_IS_GIVEN = bool(_text("HARKEN_SECRET_KEY", ""))
SITE_NAME = _text("HARKEN_SITE_NAME", "Harken")
# Without an address of its own, a site is where `harken serve` listens (harken.base.commands).
ADDRESS_IS_GIVEN = bool(_text("HARKEN_ADDRESS", ""))
PUBLIC_ADDRESS = _text("HARKEN_ADDRESS", "http://localhost:8035").rstrip("/")
OPEN_SIGNUP = _flag("HARKEN_OPEN_SIGNUP", default=True)
# Imports by address visit nothing inside a private network, other than these (a host, or host:port).
PRIVATE_HOSTS = _words("HARKEN_PRIVATE_HOSTS", "")

_ADDRESS = urlsplit(PUBLIC_ADDRESS)
if _ADDRESS.scheme not in {"http", "https"} or not _ADDRESS.hostname:
    CONFIGURATION_MISTAKES.append(
        (
            f"HARKEN_ADDRESS is {PUBLIC_ADDRESS!r}",
            "Write the address readers use, such as https://strategy.example.org.",
        )
    )
ALLOWED_HOSTS = [*_words("HARKEN_HOSTS", ""), _ADDRESS.hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
_SECURE = _ADDRESS.scheme == "https"
# TLS ends at a proxy in front of Harken, so with an https:// address there is one unless the operator says otherwise.
PROXIES = _count("HARKEN_PROXIES", 1 if _SECURE else 0)

INSTALLED_APPS = [
    "harken.pages",
    "harken.publishing",
    "harken.analysis",
    "harken.inputs",
    "harken.documents",
    "harken.processes",
    "harken.people",
    "harken.base",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "template_partials",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Django pads what it compresses by a random length: a page's secrets cannot be guessed from its size (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "harken.base.policy.add_policy",
    "django_htmx.middleware.HtmxMiddleware",
    "harken.base.addresses.refuse_nul",
]

ROOT_URLCONF = "harken.urls"
WSGI_APPLICATION = "harken.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "harken.base.context.page_furniture",
            ],
            "builtins": ["harken.base.templatetags.harken", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_ADAPTER = "harken.people.adapter.AccountAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("ar", _("Arabic")),
    ("de", _("German")),
    ("es", _("Spanish")),
    ("fr", _("French")),
    ("hi", _("Hindi")),
    ("pt", _("Portuguese")),
]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = _text("HARKEN_TIME_ZONE", "UTC")

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
_MAIL = urlsplit(_text("HARKEN_MAIL_URL", ""))
if not _MAIL.scheme:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = HOME / "mail"
elif _MAIL.scheme not in {"smtp", "smtps"}:
    CONFIGURATION_MISTAKES.append(
        (f"HARKEN_MAIL_URL starts with {_MAIL.scheme!r}", "Write smtp://user:password@host:587 or smtps://host:465.")
    )
EMAIL_HOST = _MAIL.hostname or "localhost"
EMAIL_PORT = _MAIL.port or (465 if _MAIL.scheme == "smtps" else 587)
EMAIL_HOST_USER = _MAIL.username or ""
EMAIL_HOST_PASSWORD = _MAIL.password or ""
EMAIL_USE_SSL = _MAIL.scheme == "smtps"
EMAIL_USE_TLS = _MAIL.scheme == "smtp" and bool(_MAIL.username)
# Mailboxes whose messages are input; harken.inputs.mailboxes takes the addresses apart.
MAILBOXES = _words("HARKEN_MAILBOXES", "")
CONFIGURATION_MISTAKES.extend(
    (
        f"HARKEN_MAILBOXES names {_box.hostname or 'no host'}, but not as a mailbox of a process",
        "Write imaps://user:password@host/INBOX?process=slug, with %40 for an @ in the user's name.",
    )
    for _box in map(urlsplit, MAILBOXES)
    if _box.scheme not in {"imap", "imaps"} or not _box.hostname or not parse_qs(_box.query).get("process")
)
DEFAULT_FROM_EMAIL = _text("HARKEN_MAIL_FROM", f"harken@{_ADDRESS.hostname or 'localhost'}")

# A text model that may choose quotes (harken.analysis.text_model); none by default.
MODEL_ADDRESS = _text("HARKEN_MODEL_ADDRESS", "")
MODEL_NAME = _text("HARKEN_MODEL_NAME", "")
MODEL_KEY = _text("HARKEN_MODEL_KEY", "")
_MODEL = urlsplit(MODEL_ADDRESS)
if MODEL_ADDRESS and (_MODEL.scheme not in {"http", "https"} or not _MODEL.hostname or "@" in _MODEL.netloc):
    CONFIGURATION_MISTAKES.append(
        (
            "HARKEN_MODEL_ADDRESS is no http or https address, or has a password in it",
            "Write what comes before /chat/completions, such as http://localhost:11434/v1; a key is HARKEN_MODEL_KEY.",
        )
    )
if MODEL_ADDRESS and not MODEL_NAME:
    CONFIGURATION_MISTAKES.append(
        ("HARKEN_MODEL_ADDRESS is set, and no model is named", "Write its name in HARKEN_MODEL_NAME.")
    )

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _SECURE else None
SESSION_COOKIE_SECURE = _SECURE
CSRF_COOKIE_SECURE = _SECURE
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE else 0
# TLS ends at the proxy in front of Harken, which also redirects plain HTTP; HSTS is for this host alone.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W005", "security.W008", "security.W021"] if _SECURE else []
CSRF_TRUSTED_ORIGINS = [PUBLIC_ADDRESS] if _SECURE else []

# 60 MB of an upload: what one outline may weigh (harken.core.outline refuses more), and a little for the form.
DATA_UPLOAD_MAX_MEMORY_SIZE = 60_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50_000
DATA_UPLOAD_MAX_NUMBER_FILES = 2_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": _text("HARKEN_LOG_LEVEL", "WARNING").upper()},
}
