from __future__ import annotations

from django.urls import path

from onboarding.corrections import views

urlpatterns = [
    path("people/<str:public_id>/wrong/", views.person_wrong, name="person_wrong"),
    path("manage/corrections/", views.manage_corrections, name="manage_corrections"),
    path("manage/corrections/<str:public_id>/", views.answer_correction, name="answer_correction"),
]
