from __future__ import annotations

from django.urls import path

from directory.views.house_rules import house_rules
from directory.views.me import me, me_visible, my_photo
from directory.views.organisation import manage_organisation
from directory.views.people import people
from directory.views.person import person, person_card, person_photo
from directory.views.settings import settings

urlpatterns = [
    path("people/", people, name="people"),
    path("people/<str:public_id>/", person, name="person"),
    path("people/<str:public_id>/photo/<int:size>/", person_photo, name="person_photo"),
    path("people/<str:public_id>/card.vcf", person_card, name="person_card"),
    path("me/", me, name="me"),
    path("me/photo/", my_photo, name="my_photo"),
    path("me/visible/", me_visible, name="me_visible"),
    path("settings/", settings, name="settings"),
    path("house-rules/", house_rules, name="house_rules"),
    path("manage/organisation/", manage_organisation, name="manage_organisation"),
]
