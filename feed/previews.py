"""A link to a post, as a card."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import JSONObject, Left
from django.urls import reverse

from conversations.querysets import PERSON_FACTS
from core.previews import PreviewSource, preview_source
from core.search import Hit
from core.text import plain_text
from directory.models import Employee
from feed.models import Placement

TITLE = 90
READ = 1_000


@preview_source
class PostPreviews(PreviewSource):
    """Posts in open groups. What a closed or secret group says has no card, wherever the link stands."""

    url_name = "post"

    def rows(self, employee: Employee, public_ids: Collection[str]) -> QuerySet[Any, Any]:
        places = Placement.objects.standing().open().readable_by(employee).filter(post__public_id__in=public_ids)
        author = JSONObject(**{name: F(f"post__author__{name}") for name in (*PERSON_FACTS, "photo")})
        text, place = Left("post__text", READ), F("group__name")
        public_id = F("post__public_id")
        facts = JSONObject(public_id=public_id, author=author, text=text, place=place)
        return places.values_list("post__public_id", facts)

    def card(self, facts: dict[str, Any]) -> Hit:
        author = Employee(**facts["author"])
        title = plain_text(facts["text"], length=TITLE) or author.display_name
        url = reverse("post", args=[facts["public_id"]])
        return Hit(title, f"{author.display_name} · {facts['place']}", url, author.photo_url_96, icon="Chat")
