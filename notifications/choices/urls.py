from __future__ import annotations

from django.urls import path

from notifications.choices import views

urlpatterns = [
    path("settings/notifications/", views.notification_settings, name="notification_settings"),
    path("manage/units/<str:public_id>/quiet-hours/", views.unit_quiet_hours, name="unit_quiet_hours"),
    path("notifications/<slug:public_id>/why/", views.why_notified, name="why_notified"),
    path("notifications/<slug:public_id>/read/", views.read_one, name="read_notification"),
]
