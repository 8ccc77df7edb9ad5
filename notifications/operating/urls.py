from __future__ import annotations

from django.urls import path

from notifications.operating import views

urlpatterns = [
    path("manage/deliveries/", views.manage_deliveries, name="manage_deliveries"),
    path("manage/deliveries/jobs/<str:job>/again/", views.run_job_again, name="run_job_again"),
    path("manage/deliveries/<slug:channel>/again/", views.try_deliveries_again, name="try_channel_again"),
    path(
        "manage/deliveries/<slug:channel>/<slug:kind>/again/", views.try_deliveries_again, name="try_deliveries_again"
    ),
    path("manage/deliveries/<slug:channel>/<slug:kind>/give-up/", views.give_deliveries_up, name="give_deliveries_up"),
]
