from __future__ import annotations

from django.urls import path

from feed import after_api, api, own_api, placing_api, planned_api, poll_api

urlpatterns = [
    path("posts/", api.PostsView.as_view(), name="api_posts"),
    path("posts/<str:public_id>/", api.OnePostView.as_view(), name="api_post"),
    path("posts/<str:public_id>/comments/", api.PostCommentsView.as_view(), name="api_post_comments"),
    path("posts/<str:public_id>/reactions/", api.PostReactionsView.as_view(), name="api_post_reactions"),
    path("posts/<str:public_id>/history/", after_api.PostHistoryView.as_view(), name="api_post_history"),
    path("posts/<str:public_id>/restore/", after_api.PostRestoreView.as_view(), name="api_post_restore"),
    path("posts/<str:public_id>/reports/", after_api.PostReportsView.as_view(), name="api_post_reports"),
    path("posts/<str:public_id>/poll/", poll_api.PostPollView.as_view(), name="api_post_poll"),
    path("posts/<str:public_id>/poll/votes/", poll_api.PollVotesView.as_view(), name="api_post_poll_votes"),
    path("posts/<str:public_id>/poll/close/", poll_api.ClosePollView.as_view(), name="api_post_poll_close"),
    path("posts/<str:public_id>/placements/", placing_api.PostPlacesView.as_view(), name="api_post_places"),
    path(
        "posts/<str:public_id>/placements/<str:group_id>/", placing_api.PostPlaceView.as_view(), name="api_post_place"
    ),
    path("saved-posts/", placing_api.SavedPostsView.as_view(), name="api_saved_posts"),
    path("posts/<str:public_id>/saved/", planned_api.SavedPostView.as_view(), name="api_post_saved"),
    path("planned-posts/", planned_api.PlannedPostsView.as_view(), name="api_planned_posts"),
    path("planned-posts/<str:public_id>/", planned_api.OnePlannedPostView.as_view(), name="api_planned_post"),
    path("comments/<str:public_id>/reactions/", api.CommentReactionsView.as_view(), name="api_comment_reactions"),
    path("comments/<str:public_id>/restore/", after_api.CommentRestoreView.as_view(), name="api_comment_restore"),
    path("comments/<str:public_id>/reports/", after_api.CommentReportsView.as_view(), name="api_comment_reports"),
    path("drafts/", own_api.DraftsView.as_view(), name="api_drafts"),
    path("drafts/<str:public_id>/", own_api.OneDraftView.as_view(), name="api_draft"),
    path("employees/<str:public_id>/follow/", own_api.FollowPersonView.as_view(), name="api_employee_follow"),
    path("comments/<str:public_id>/", api.OneCommentView.as_view(), name="api_comment"),
]
