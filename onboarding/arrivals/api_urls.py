from __future__ import annotations

from django.urls import path

from onboarding.arrivals.api import ArrivalsView, ArrivalTasksView, ArrivalTaskView, ArrivalView
from onboarding.arrivals.hook_api import DeskHookView

urlpatterns = [
    path("arrivals/", ArrivalsView.as_view(), name="api_arrivals"),
    path("arrivals/<str:public_id>/", ArrivalView.as_view(), name="api_arrival"),
    path("arrival-tasks/", ArrivalTasksView.as_view(), name="api_arrival_tasks"),
    path("arrival-tasks/<str:public_id>/", ArrivalTaskView.as_view(), name="api_arrival_task"),
    path("hooks/desks/<str:public_id>/", DeskHookView.as_view(), name="api_desk_hook"),
]
