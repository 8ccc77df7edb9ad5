from __future__ import annotations

from django.urls import path

from feed import api, placing_api, planned_api, poll_api

urlpatterns = [
    path("posts/", api.PostsView.as_view(), name="api_posts"),
    path("posts/<str:public_id>/", api.OnePostView.as_view(), name="api_post"),
    path("posts/<str:public_id>/comments/", api.PostCommentsView.as_view(), name="api_post_comments"),
    path("posts/<str:public_id>/reactions/", api.PostReactionsView.as_view(), name="api_post_reactions"),
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
    path("comments/<str:public_id>/", api.OneCommentView.as_view(), name="api_comment"),
]
