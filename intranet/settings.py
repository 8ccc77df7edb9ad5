"""Settings, read from the environment (`.env.example` lists what can be set). See docs/running.md."""

from __future__ import annotations

import os
import sys
from decimal import Decimal
from email.utils import parseaddr
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF  # noqa: F401
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from intranet.services import celery_url, database_settings, redis_number, redis_url

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(os.environ.get("TUNET_VAR", BASE_DIR / "var")).resolve()
DEBUG = os.environ.get("DEBUG", "") == "1"
DEMO = os.environ.get("TUNET_DEMO", "") == "1"
TESTING = "PYTEST_VERSION" in os.environ

SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    if not (DEMO or DEBUG or TESTING or "mypy" in sys.modules):
        raise ImproperlyConfigured("Set SECRET_KEY to a long random text.")
    SECRET_KEY = "only-for-commands-that-serve-nobody"  # noqa: S105

ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_FAILURE_VIEW = "intranet.refusals.forgery"
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("TRUSTED_ORIGINS", "").split(",") if origin]
SITE_ADDRESS = os.environ.get("SITE_ADDRESS", f"http://localhost:{os.environ.get('PORT', '8000')}").rstrip("/")
HTTPS = SITE_ADDRESS.startswith("https://")

INSTALLED_APPS = [
    "intranet.apps.IntranetConfig",
    "responses.apps.ResponsesConfig",
    "announcements.apps.AnnouncementsConfig",
    "feed.apps.FeedConfig",
    "onboarding.apps.OnboardingConfig",
    "search.apps.SearchConfig",
    "conversations.apps.ConversationsConfig",
    "groups.apps.GroupsConfig",
    "notifications.apps.NotificationsConfig",
    "directory.apps.DirectoryConfig",
    "core.apps.CoreConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.PrivateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "directory.middleware.SharedDeviceMiddleware",
    "directory.middleware.SignInDayMiddleware",
    "directory.middleware.LanguageMiddleware",
    "core.middleware.RefuseNulMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "directory.middleware.HouseRulesMiddleware",
    "intranet.refusals.RefusalMiddleware",
    "intranet.sizes.RequestSizeMiddleware",
    "core.parameters.DeclaredParametersMiddleware",
]

ROOT_URLCONF = "intranet.urls"
WSGI_APPLICATION = "intranet.wsgi.application"
ASGI_APPLICATION = "intranet.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["core.templatetags.tunet", "django.templatetags.i18n", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "intranet.context.shell",
            ],
        },
    }
]

# --- Database and Redis -----------------------------------------------------------------------------------
DATABASE_URL = os.environ.get("DATABASE_URL", "postgres://tunet@localhost/tunet")
REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")
DATABASES = {"default": database_settings(DATABASE_URL)}
# Each parallel test process has a Redis database of its own.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
REDIS_NUMBER = redis_number(REDIS_URL) + (int(_worker) + 1 if TESTING else 0)
REDIS_URL = redis_url(REDIS_URL, REDIS_NUMBER)
# The broker and live events are asked to answer at once or not at all: nobody waits for Redis.
REDIS_TIMEOUT_SECONDS = 0.5
CACHES = {
    "default": {
        "BACKEND": "core.caching.RedisOrMemory",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "tunet",
        "OPTIONS": {"socket_timeout": REDIS_TIMEOUT_SECONDS, "socket_connect_timeout": REDIS_TIMEOUT_SECONDS},
    },
    # Drawn pieces of pages (core.kept), in each process: what people write stands nowhere else, and nobody waits.
    "pieces": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pieces",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 1500},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = celery_url(os.environ.get("REDIS_URL", "redis://localhost:6379/0"), REDIS_NUMBER)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# However long Redis is away: the standing number of tries is over after three quarters of an hour.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": REDIS_TIMEOUT_SECONDS,
    "visibility_timeout": 900,
    "max_retries": 0,
    # By their names: from the first that has something.
    "queue_order_strategy": "sorted",
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
# What people wait to see comes before what is sent to them: an announcement is on screens first.
CELERY_TASK_QUEUES = [Queue("ahead"), Queue("default")]
CELERY_TASK_ROUTES = {"notifications.tasks.run_fan_out": {"queue": "ahead"}}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/Oslo"
CELERY_BEAT_SCHEDULER = "intranet.scheduler:SteadyScheduler"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    # Forgotten when nobody has taken it up: it tells of now.
    "pulse": {"task": "notifications.tasks.beat_for_worker", "schedule": 30.0, "options": {"expires": 60}},
    "day-change": {"task": "directory.tasks.apply_day_change", "schedule": 60.0},
    "search-words": {"task": "directory.tasks.refresh_words", "schedule": crontab(hour=3, minute=20)},
}

# --- Who signs in, and how --------------------------------------------------------------------------------
AUTH_USER_MODEL = "directory.Employee"
AUTHENTICATION_BACKENDS = ["directory.authentication.EmployeeBackend"]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "directory.passwords.OwnFactsValidator"},
]
ACCOUNT_FORMS = {"login": "directory.forms.SignInForm"}
ACCOUNT_ADAPTER = "directory.authentication.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "first_sign_in": "20/10m/ip"} if not TESTING else {}
# Passkeys are a way in, beside the password; nothing else of the package is in use.
MFA_ADAPTER = "directory.authentication.PasskeyAdapter"
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Whole offices share an address, and there is nothing to guess.
MFA_RATE_LIMITS = {"webauthn_login": None if TESTING else "60/m/ip"}
# A device that several people use is left after so many minutes without a touch.
SHARED_DEVICE_MINUTES = int(os.environ.get("SHARED_DEVICE_MINUTES", "5"))
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "1"))
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Language, time, files --------------------------------------------------------------------------------
LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", _("Norwegian Bokmål")), ("nn", _("Norwegian Nynorsk")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("TIME_ZONE", "Europe/Oslo")
USE_THOUSAND_SEPARATOR = False
# Where HR's nightly file is put, in `full` and `delta` within it, and whose jobs it speaks of; "": nobody puts any.
HR_FOLDER = os.environ.get("HR_FOLDER", "")
HR_FOLDER_SOURCE = os.environ.get("HR_FOLDER_SOURCE", "file")
# What people answered to an announcement, and who signed up, is deleted so many days after the form closed.
ANSWERS_KEPT_DAYS = int(os.environ.get("ANSWERS_KEPT_DAYS", "90"))

ASSETS_DIR = BASE_DIR / "var" / "assets"  # built from the code, so the same for every state folder
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static", ASSETS_DIR]
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", STATE_DIR / "static"))
WHITENOISE_USE_FINDERS = TESTING or DEBUG
# Every client of the tests begins anew, and would look through all files first.
WHITENOISE_AUTOREFRESH = TESTING or DEBUG
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT", STATE_DIR / ("test-media" if TESTING else "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# What one request may bring: text is read into memory, files are laid on a disk. Whatever is more is refused unread.
LARGEST_REQUEST = int(os.environ.get("LARGEST_REQUEST_MB", "64")) * 1024 * 1024
# HR sends folders of pictures and whole files of people.
LARGER_REQUESTS = {"/manage/photos/": 320 * 1024 * 1024, "/manage/imports/": 80 * 1024 * 1024}
LARGER_REQUESTS["/api/v1/photo-proposals/"] = LARGER_REQUESTS["/manage/photos/"]
LARGER_REQUESTS["/api/v1/imports/"] = LARGER_REQUESTS["/manage/imports/"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# HR may send a folder of access-card pictures at once; whoever sends more is told.
DATA_UPLOAD_MAX_NUMBER_FILES = 1_000

# --- Mail -------------------------------------------------------------------------------------------------
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND") or "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "") == "1"
EMAIL_USE_SSL = os.environ.get("EMAIL_USE_SSL", "") == "1"
EMAIL_TIMEOUT = 10
EMAIL_FILE_PATH = os.environ.get("EMAIL_FILE_PATH") or str(STATE_DIR / "mail")
# What a service needs to know us by: ANYMAIL_POSTMARK_SERVER_TOKEN and the like.
ANYMAIL: dict[str, object] = {
    name.removeprefix("ANYMAIL_"): value for name, value in os.environ.items() if name.startswith("ANYMAIL_")
}
ANYMAIL["REQUESTS_TIMEOUT"] = EMAIL_TIMEOUT
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Tunet <tunet@localhost>")

# How many messages all senders together hand over in a minute; 0 is as many as the server takes.
MESSAGES_PER_MINUTE = {
    channel: int(os.environ.get(f"{channel.upper()}_PER_MINUTE") or 0) for channel in ("email", "push", "sms")
}

# When nothing but what is critical or urgent goes out, unless a unit or a person says otherwise: "20-06", "21:30-6";
# "" is never. The tests say themselves when it is quiet.
QUIET_HOURS = "" if TESTING else os.environ.get("QUIET_HOURS", "20-06")

# --- Calls to addresses people have typed in (core.outbound) ----------------------------------------------
# Networks of one's own that may be called all the same: 10.20.0.0/16,fd00:1::/32.
OUTBOUND_NETWORKS = [
    network.strip() for network in os.environ.get("OUTBOUND_NETWORKS", "").split(",") if network.strip()
]
# For tests alone.
OUTBOUND_HTTP_ON_LOOPBACK = False

# --- Text messages: none without the address of a gateway ---------------------------------------------------
SMS_GATEWAY = os.environ.get("SMS_GATEWAY", "notifications.channels.sms.HttpGateway")
SMS_GATEWAY_URL = os.environ.get("SMS_GATEWAY_URL", "")
SMS_GATEWAY_AUTH = os.environ.get("SMS_GATEWAY_AUTH", "")
SMS_SENDER = os.environ.get("SMS_SENDER", "Tunet")
SMS_COUNTRY = os.environ.get("SMS_COUNTRY", "47")
# Kroner for one message; shown before anything is sent.
SMS_PRICE = Decimal(os.environ["SMS_PRICE"]) if os.environ.get("SMS_PRICE") else None
# Whoever has not seen a critical message so many minutes after it came gets a text message; 0 is at once.
SMS_AFTER_MINUTES = int(os.environ.get("SMS_AFTER_MINUTES") or 30)
# What the gateway calls who sends, to which number, and the text.
SMS_FIELDS = dict(
    zip(("sender", "number", "text"), os.environ.get("SMS_FIELDS", "from,to,text").split(","), strict=True)
)

# --- Notifications on people's devices: none without a key -------------------------------------------------
VAPID_PRIVATE_KEY = "" if TESTING else os.environ.get("VAPID_PRIVATE_KEY", "")
# Whom push services write to when something is wrong; else the address that mail comes from.
PUSH_CONTACT = os.environ.get("PUSH_CONTACT", "") or parseaddr(DEFAULT_FROM_EMAIL)[1]

# --- API --------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "directory.authentication.BearerTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "URL_FORMAT_OVERRIDE": None,  # what kind of answer is wanted stands in Accept, if anywhere
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_PAGINATION_CLASS": "core.pagination.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.problems.handle_exception",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tunet",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "DEFAULT_GENERATOR_CLASS": "core.schema.KeptSchema",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "PostKind": "feed.models.Post.Kind",
        "GroupKind": "groups.models.Group.Kind",
        "MemberRole": "groups.models.Membership.Role",
        "RoleKind": "directory.models.Role",
        "ReactionKind": "conversations.models.Reaction.Kind",
        "AttachmentKind": "conversations.models.Attachment.Kind",
        "UnitKind": "directory.models.OrgUnit.Kind",
        "AnnouncementState": "announcements.models.Announcement.State",
        "AnnouncementLevel": "announcements.models.Announcement.Level",
        "AnswerFormLevel": "responses.models.AnswerForm.Level",
        "AnswerFormKind": "responses.models.AnswerForm.Kind",
        "NeedKind": "responses.models.Need.Kind",
        "NeedState": "responses.models.Need.State",
        "ArrivalTaskState": "onboarding.models.ArrivalTask.State",
        "DeliveryChannel": "notifications.models.Delivery.Channel",
        "ChoiceChannel": "notifications.models.Preference.Channel",
        "SignUpState": "responses.models.SignUp.State",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # A refusal is an answer, not a fault: no traceback for 403 and 404.
    # Nor does the log hold which passkey was used.
    "loggers": {"django.request": {"level": "ERROR"}, "fido2": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
