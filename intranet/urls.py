"""Every address of Tunet. Apps bring their own; the order matters only where one is a prefix of another."""

from __future__ import annotations

from allauth.account.views import password_set
from allauth.mfa.webauthn.views import login_webauthn
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import TemplateView
from django.views.i18n import set_language

from directory.views.sign_in import proven
from intranet import pwa, views

urlpatterns = [
    path("", views.home, name="home"),
    path("home/side/", views.home_side, name="home_side"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("sw.js", pwa.service_worker, name="service_worker"),
    path("offline/", pwa.offline, name="offline"),
    path("language/", login_not_required(set_language), name="set_language"),
    # Addresses come from HR: the page tells so, and nobody may change one there.
    path("accounts/email/", TemplateView.as_view(template_name="account/email.html"), name="account_email"),
    path("accounts/passkey/", login_not_required(login_webauthn), name="mfa_login_webauthn"),
    path("accounts/password/set/", proven(password_set), name="account_set_password"),
    path("accounts/", include("allauth.account.urls")),
    path("api/v1/", include("intranet.api_urls")),
    path("", include("directory.urls")),
    path("", include("groups.urls")),
    path("", include("conversations.urls")),
    path("", include("feed.urls")),
    path("", include("announcements.urls")),
    path("", include("responses.urls")),
    path("", include("onboarding.urls")),
    path("", include("notifications.urls")),
    path("", include("search.urls")),
]

handler400 = "intranet.refusals.bad_request"
handler404 = "intranet.refusals.not_found"
handler500 = "intranet.refusals.server_error"
