from __future__ import annotations

from django.urls import path

from onboarding.welcome import views

urlpatterns = [
    path("welcome/", views.welcome, name="welcome"),
    path("welcome/details/", views.details, name="welcome_details"),
    path("welcome/notifications/", views.notifications, name="welcome_notifications"),
    path("welcome/hello/", views.hello, name="welcome_hello"),
    path("welcome/line/", views.line, name="welcome_line"),
    path("welcome/hide/", views.hide, name="hide_welcome"),
    path("welcome/<str:public_id>/greeting/", views.greet, name="greet_colleague"),
]
