from __future__ import annotations

from django.urls import path

from groups import audience_views
from groups.views import closing, following, group, inviting, joining, lists, running

urlpatterns = [
    path("groups/", lists.groups, name="groups"),
    path("groups/new/", running.new_group, name="new_group"),
    path("groups/similar/", lists.similar_groups, name="similar_groups"),
    path("groups/<str:public_id>/undo-leaving/<str:token>/", joining.undo, name="undo_leaving"),
    path("groups/<str:public_id>/<str:slug>/", group.group, name="group"),
    path("groups/<str:public_id>/<str:slug>/members/", group.group_members, name="group_members"),
    path("groups/<str:public_id>/<str:slug>/about/", group.group_about, name="group_about"),
    path("groups/<str:public_id>/<str:slug>/files/", group.group_files, name="group_files"),
    path("groups/<str:public_id>/<str:slug>/settings/", running.group_settings, name="group_settings"),
    path("groups/<str:public_id>/<str:slug>/archive/", closing.archive, name="archive_group"),
    path("groups/<str:public_id>/<str:slug>/close/", closing.close, name="close_group"),
    path("groups/<str:public_id>/<str:slug>/reopen/", closing.reopen, name="reopen_group"),
    path("groups/<str:public_id>/<str:slug>/in-use/", closing.confirm, name="confirm_group"),
    path("groups/<str:public_id>/<str:slug>/take-over/", closing.take_over, name="take_over_group"),
    path("groups/<str:public_id>/<str:slug>/join/", joining.join, name="join_group"),
    path("groups/<str:public_id>/<str:slug>/leave/", joining.leave, name="leave_group"),
    path("groups/<str:public_id>/<str:slug>/ask/", joining.ask, name="ask_to_join"),
    path("groups/<str:public_id>/<str:slug>/follow/", following.follow, name="follow_group"),
    path("groups/<str:public_id>/<str:slug>/mute/", following.mute, name="mute_group"),
    path("groups/<str:public_id>/<str:slug>/invitation/", inviting.answer, name="answer_group_invitation"),
    path("groups/<str:public_id>/<str:slug>/invite/<str:person_id>/", inviting.invite, name="invite_member"),
    path("groups/<str:public_id>/<str:slug>/level/", joining.choose_level, name="group_level"),
    path("groups/<str:public_id>/<str:slug>/requests/<str:person_id>/", running.answer, name="answer_request"),
    path("groups/<str:public_id>/<str:slug>/add/<str:person_id>/", running.add_member, name="add_member"),
    path("groups/<str:public_id>/<str:slug>/members/<str:person_id>/", running.change_member, name="change_member"),
    path("audiences/choose/", audience_views.choose_audience, name="choose_audience"),
]
