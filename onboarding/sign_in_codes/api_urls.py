from __future__ import annotations

from django.urls import path

from onboarding.sign_in_codes.api import SignInCodeView

urlpatterns = [
    path("employees/<str:public_id>/sign-in-code/", SignInCodeView.as_view(), name="api_sign_in_code"),
]
