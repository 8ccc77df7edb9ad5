from __future__ import annotations

from django.urls import path

from groups import audience_views

urlpatterns = [
    path("audiences/choose/", audience_views.choose_audience, name="choose_audience"),
]
