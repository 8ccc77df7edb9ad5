"""The named reads of threads, comments, reactions and attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, JSONObject, RowNumber

from conversations.owners import any_owner, unattended

if TYPE_CHECKING:
    from conversations.models import Attachment, Comment, Mention, Reaction, Report, Thread  # noqa: F401
    from directory.models import Employee


# Comments that have neither been deleted nor hidden; `Comment.is_standing` says the same of one.
STANDING = Q(deleted_at__isnull=True, hidden_at__isnull=True)
# Who decides, for the whole organisation, what only its own writer could decide.
STAND_INS = ("central_communications",)


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, employee: Employee) -> Self:
        """Threads whose owner (a post, an announcement) `employee` may see."""
        return self.filter(any_owner(employee, "visible_to"))


class CommentQuerySet(models.QuerySet["Comment"]):
    def standing(self) -> Self:
        """Comments that have neither been deleted nor hidden."""
        return self.filter(STANDING)

    def shown(self) -> Self:
        """Standing comments, and the place of deleted and hidden ones that others have replied to."""
        replies = self.model._default_manager.filter(STANDING, parent=OuterRef("pk"))
        return self.filter(STANDING | Exists(replies))

    def visible_to(self, employee: Employee) -> Self:
        """Standing comments in threads `employee` may see."""
        threads: Any = self.model._meta.get_field("thread").related_model
        return self.standing().filter(thread__in=threads._default_manager.visible_to(employee).values("pk"))

    def in_order(self) -> Self:
        """Oldest first, with author."""
        return self.select_related("author").order_by("created_at", "pk")

    def newest_of(self, thread_ids: list[int], *, comments: int, replies: int, wanted: str = "") -> Self:
        """The newest `comments` of each thread and the newest `replies` to each comment.

        The comment with the public id `wanted` too, with the one it replies to.
        """
        place = Window(RowNumber(), partition_by=[F("thread"), F("parent")], order_by=["-created_at", "-pk"])
        ranked = self.filter(thread__in=thread_ids).annotate(place=place)
        kept = ranked.filter(Q(parent=None, place__lte=comments) | Q(parent__isnull=False, place__lte=replies))
        if not wanted:
            return self.filter(pk__in=kept.values("pk"))
        linked = self.model._default_manager.filter(thread__in=thread_ids, public_id=wanted)
        above = Q(pk__in=linked.values("pk")) | Q(pk__in=linked.values("parent"))
        return self.filter(above | Q(pk__in=kept.values("pk")))

    def with_parts(self) -> Self:
        """Add `attachment_rows` and `mention_rows`, in the same query."""
        return self.annotate(
            attachment_rows=rows_of(self.model, "attachments", comment=OuterRef("pk")),
            mention_rows=rows_of(self.model, "mentions", comment=OuterRef("pk")),
        )


class ReactionQuerySet(models.QuerySet["Reaction"]):
    def on(self, thread: Thread, comment: Comment | None) -> Self:
        """Reactions to the comment, or to what the thread belongs to."""
        return self.filter(thread=thread, comment=comment)

    def with_people(self) -> Self:
        """Newest first, with the person and the person's job."""
        return self.select_related("employee__primary_employment__unit__agency").order_by("-created_at", "-pk")


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, employee: Employee) -> Self:
        """Attachments of threads `employee` may see; those of deleted and hidden comments are gone."""
        threads: Any = self.model._meta.get_field("thread").related_model
        seen = threads._default_manager.visible_to(employee).values("pk")
        return self.filter(thread__in=seen).exclude(
            Q(comment__deleted_at__isnull=False) | Q(comment__hidden_at__isnull=False)
        )

    def on_threads(self, thread_ids: list[int]) -> Self:
        """Pictures and files of what the threads belong to, in the order given by the author."""
        return self.filter(thread__in=thread_ids, comment__isnull=True).order_by("position", "pk")


class ReportQuerySet(models.QuerySet["Report"]):
    def undecided(self) -> Self:
        """Reports that wait for a moderator."""
        return self.filter(decided_at__isnull=True)

    def decidable_by(self, employee: Employee) -> Self:
        """Reports of what stands in places `employee` looks after, hidden things included; never of own words.

        Where only the writer looks after the place, those of central communications.
        """
        decidable = self._looked_after(employee)
        if employee.has_role_everywhere(*STAND_INS):
            decidable |= Q(pk__in=self.model._default_manager.filter(unattended()).values("pk"))
        return self.filter(decidable).exclude(self._own_words(employee))

    def in_places_of(self, employee: Employee) -> Self:
        """Reports of what stands in places `employee` looks after."""
        return self.filter(self._looked_after(employee))

    def concerning(self, employee: Employee) -> Self:
        """Reports of what `employee` wrote."""
        return self.filter(self._own_words(employee))

    def visible_to(self, employee: Employee) -> Self:
        """Those they made, may decide, or wrote the words of; the protection officer also those of citizens."""
        mine = Q(reporter=employee) | Q(pk__in=self.decidable_by(employee).values("pk")) | self._own_words(employee)
        if employee.has_role("data_protection_officer"):
            mine |= Q(reason="personal_data")
        return self.filter(mine)

    def with_words(self) -> Self:
        """Add who reported, who wrote the comment and who decided, in the same query."""
        return self.select_related("thread", "comment__author", "reporter", "decided_by")

    def same_target(self, report: Report) -> Self:
        """Reports of the same post or comment."""
        return self.filter(thread=report.thread_id, comment=report.comment_id)

    def _threads(self) -> ThreadQuerySet:
        model: Any = self.model._meta.get_field("thread").related_model
        return model._default_manager.all()  # type: ignore[no-any-return]

    def _looked_after(self, employee: Employee) -> Q:
        return Q(thread__in=self._threads().filter(any_owner(employee, "may_moderate")).values("pk"))

    def _own_words(self, employee: Employee) -> Q:
        written = self._threads().filter(any_owner(employee, "written_by"))
        return Q(comment__author=employee) | Q(comment=None, thread__in=written.values("pk"))


ATTACHMENT_FACTS = ("id", "public_id", "kind", "name", "size", "content_type", "width", "height", "alternative_text")
PERSON_FACTS = ("id", "public_id", "first_name", "last_name", "chosen_name", "protected")


def rows_of(model: type[models.Model], relation: str, **where: Any) -> Combinable:
    """Return an expression that gathers a thread's or comment's attachments or mentioned people as JSON rows."""
    related: Any = model._meta.get_field(relation).related_model
    if relation == "attachments":
        facts = {name: F(name) for name in ATTACHMENT_FACTS}
    else:
        facts = {name: F(f"employee__{name}") for name in PERSON_FACTS}
    order = "position" if relation == "attachments" else "employee__sort_key"
    rows: QuerySet[Any] = related._default_manager.filter(**where).order_by(order, "pk")
    return ArraySubquery(rows.values(row=JSONObject(**facts)))


def thread_parts(thread_model: type[models.Model], thread: str) -> dict[str, Any]:
    """Return the annotations that read a thread's parts along with what owns it; `thread` is the path to its id.

    They are `comment_count`, `attachment_rows` and `mention_rows`.
    """
    where = {"thread": OuterRef(thread), "comment__isnull": True}
    comments: Any = thread_model._meta.get_field("comments").related_model
    standing = comments._default_manager.standing().filter(thread=OuterRef(thread)).order_by()
    counted = standing.values("thread").annotate(number=Count("pk")).values("number")
    return {
        "comment_count": Coalesce(Subquery(counted), Value(0), output_field=models.IntegerField()),
        "attachment_rows": rows_of(thread_model, "attachments", **where),
        "mention_rows": rows_of(thread_model, "mentions", **where),
    }
