from __future__ import annotations

from django.urls import path

from onboarding.sign_in_codes import helping, views

urlpatterns = [
    path("first/", views.first_sign_in, name="first_sign_in"),
    path("first/choose/", views.choose_sign_in, name="choose_sign_in"),
    path("people/<str:public_id>/sign-in/", helping.sign_in_help, name="sign_in_help"),
    path("people/<str:public_id>/sign-in/code/<str:road>/", helping.give_sign_in_code, name="give_sign_in_code"),
    path("people/<str:public_id>/sign-in/withdraw/", helping.withdraw_sign_in_code, name="withdraw_sign_in_code"),
    path("people/<str:public_id>/sign-in/end/", helping.end_their_sessions, name="end_their_sessions"),
]
