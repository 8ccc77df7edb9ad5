from __future__ import annotations

from django.urls import path

from directory.views.chart import chart, chart_of_unit, name_of_unit
from directory.views.contacts import kept_contacts
from directory.views.history import person_history
from directory.views.house_rules import house_rules
from directory.views.me import find_stand_in, me, my_code, my_hint, my_part
from directory.views.my_photo import my_photo, undo_my_photo
from directory.views.organisation import manage_organisation
from directory.views.people import people
from directory.views.person import person, person_card, person_photo
from directory.views.phone_list import phone_list
from directory.views.roles import give_again, give_role, manage_roles, take_back
from directory.views.settings import settings
from directory.views.sign_in import (
    drop_passkey,
    my_sign_in,
    new_passkey,
    prove_it,
    sign_out_elsewhere,
    sign_out_there,
    still_here,
)
from directory.views.visible import me_visible

urlpatterns = [
    path("people/", people, name="people"),
    path("people/chart/", chart, name="chart"),
    path("people/chart/<str:public_id>/", chart_of_unit, name="chart_of_unit"),
    path("people/chart/<str:public_id>/name/", name_of_unit, name="name_of_unit"),
    path("people/phone-list/", phone_list, name="phone_list"),
    path("people/contacts/", kept_contacts, name="kept_contacts"),
    path("people/<str:public_id>/", person, name="person"),
    path("people/<str:public_id>/photo/<int:size>/", person_photo, name="person_photo"),
    path("people/<str:public_id>/history/", person_history, name="person_history"),
    path("people/<str:public_id>/card.vcf", person_card, name="person_card"),
    path("me/", me, name="me"),
    path("me/photo/", my_photo, name="my_photo"),
    path("me/photo/undo/", undo_my_photo, name="undo_my_photo"),
    path("me/hint/", my_hint, name="my_hint"),
    path("me/code/", my_code, name="my_code"),
    path("me/visible/", me_visible, name="me_visible"),
    path("me/absence/stand-ins/", find_stand_in, name="find_stand_in"),
    path("me/<str:name>/", my_part, name="my_part"),
    path("settings/", settings, name="settings"),
    path("settings/sign-in/", my_sign_in, name="my_sign_in"),
    path("settings/sign-in/prove/", prove_it, name="prove_it"),
    path("settings/sign-in/passkeys/new/", new_passkey, name="new_passkey"),
    path("settings/sign-in/passkeys/<str:key>/remove/", drop_passkey, name="drop_passkey"),
    path("settings/sign-in/devices/<str:key>/end/", sign_out_there, name="sign_out_there"),
    path("settings/sign-in/elsewhere/", sign_out_elsewhere, name="sign_out_elsewhere"),
    path("settings/sign-in/here/", still_here, name="still_here"),
    path("house-rules/", house_rules, name="house_rules"),
    path("manage/organisation/", manage_organisation, name="manage_organisation"),
    path("manage/roles/", manage_roles, name="manage_roles"),
    path("manage/roles/new/", give_role, name="give_role"),
    path("manage/roles/<str:public_id>/take-back/", take_back, name="take_back_role"),
    path("manage/roles/<str:public_id>/again/", give_again, name="give_role_again"),
]
