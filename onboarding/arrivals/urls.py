from __future__ import annotations

from django.urls import path

from onboarding.arrivals import card, hook_views, list_views, task_views, views

urlpatterns = [
    path("arrivals/", views.arrivals, name="arrivals"),
    path("arrivals/card/", card.arrival_card, name="arrival_card"),
    path("arrivals/new/", views.new_arrival, name="new_arrival"),
    path("arrivals/tasks/", task_views.arrival_tasks, name="arrival_tasks"),
    path("arrivals/tasks/<str:public_id>/", task_views.arrival_task, name="arrival_task"),
    path("arrivals/tasks/<str:public_id>/comment/", task_views.comment, name="comment_on_arrival_task"),
    path("arrivals/tasks/<str:public_id>/person/", task_views.hand_task_over, name="hand_task_over"),
    path("arrivals/<str:public_id>/", views.arrival, name="arrival"),
    path("arrivals/<str:public_id>/cancel/", views.cancel, name="cancel_arrival"),
    path("arrivals/<str:public_id>/first-day/", views.move, name="move_arrival"),
    path("arrivals/<str:public_id>/buddy/", views.buddy, name="arrival_buddy"),
    path("manage/arrivals/", list_views.manage_arrivals, name="manage_arrivals"),
    path("manage/arrivals/figures/", list_views.arrival_figures, name="arrival_figures"),
    path("manage/arrivals/<str:unit_id>/copy/", list_views.copy, name="copy_arrival_list"),
    path("manage/arrivals/<str:unit_id>/steps/", list_views.new_step, name="new_arrival_step"),
    path("manage/arrivals/<str:unit_id>/desks/", list_views.new_desk, name="new_arrival_desk"),
    path("manage/arrivals/steps/<str:public_id>/change/", list_views.change_step, name="change_arrival_step"),
    path("manage/arrivals/steps/<str:public_id>/remove/", list_views.take_off, name="remove_arrival_step"),
    path("manage/arrivals/desks/<str:public_id>/change/", list_views.change_desk, name="change_arrival_desk"),
    path("manage/arrivals/desks/<str:public_id>/close/", list_views.close, name="close_arrival_desk"),
    path("manage/arrivals/desks/<str:public_id>/hook/", hook_views.hook, name="arrival_desk_hook"),
    path("arrivals/<str:public_id>/person/", views.person, name="arrival_person"),
]
