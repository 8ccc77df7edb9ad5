"""Reports as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from conversations.actions.reporting import MAX_WORDS
from conversations.models import Report
from groups.serializers import MemberPersonSerializer


class ReportRowSerializer(serializers.Serializer[Report]):
    """A report in a list. `may_decide`: it waits for the asker."""

    id = serializers.CharField(source="public_id")
    about = serializers.SerializerMethodField()
    reason = serializers.ChoiceField(choices=Report.Reason.choices)
    created_at = serializers.DateTimeField()
    is_hidden = serializers.BooleanField(help_text="Whether what it is about is out of sight until it is decided.")
    may_decide = serializers.BooleanField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decision = serializers.ChoiceField(choices=["", *Report.Decision.choices])
    answer = serializers.CharField()

    def get_about(self, report: Report) -> str:
        """What it is about: `comment`, or `post`."""
        return "comment" if report.comment_id else report.thread.owner_kind


class ReportSerializer(ReportRowSerializer):
    """A report with what the asker may see of it: those who decide in the stead of others read the words alone."""

    words = serializers.CharField(help_text="What was reported.")
    note = serializers.CharField(help_text="What the reporter says about it.")
    reporter = MemberPersonSerializer(allow_null=True)


class NewReportSerializer(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=Report.Reason.choices)
    text = serializers.CharField(default="", allow_blank=True, max_length=MAX_WORDS, help_text="In your own words.")


class ReportDecisionSerializer(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=Report.Decision.choices)
    answer = serializers.CharField(
        default="", allow_blank=True, max_length=MAX_WORDS, help_text="Read by who reported it, and by who wrote it."
    )
