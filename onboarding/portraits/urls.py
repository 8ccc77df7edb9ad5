from __future__ import annotations

from django.urls import path

from onboarding.portraits import views

urlpatterns = [
    path("manage/photos/", views.manage_photos, name="manage_photos"),
    path("manage/photos/take-back/", views.withdraw_photos, name="withdraw_photos"),
    path("me/photo/proposed/", views.answer_photo, name="answer_photo"),
    path("me/photo/proposed/<int:size>/", views.proposed_photo, name="proposed_photo"),
]
