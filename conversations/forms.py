"""What comes in from the write fields: the text as typed, whom it names, what is attached."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from django.http import HttpRequest
from django.utils.translation import gettext as _

from conversations.actions.attachments import MOST_ATTACHMENTS
from conversations.files import Upload
from conversations.mentions import named_in
from core.errors import RefusedError
from core.national_ids import holds_national_id
from directory.models import Employee
from directory.querysets import EmployeeQuerySet


@dataclass
class Writing:
    """A text on its way in. Holds what was typed, so that the form can be shown again with it."""

    typed: str = ""
    chosen: list[str] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)
    sure: bool = False
    errors: dict[str, list[str]] = field(default_factory=dict)
    # People the text names who may not see it: the writer is told before it is sent.
    unreached: list[Employee] = field(default_factory=list)
    # It holds a national identity number: the writer is asked whether that is meant.
    gives_away: bool = False

    @classmethod
    def sent(cls, request: HttpRequest) -> Self:
        """Read what was posted: fields text, mentioned, pictures, alternative_text, files and sure."""
        alternatives = request.POST.getlist("alternative_text")
        pictures = request.FILES.getlist("pictures")
        uploads = [
            Upload(file, file.name or "", alternatives[place] if place < len(alternatives) else "")
            for place, file in enumerate(pictures)
        ]
        uploads += [Upload(file, file.name or "") for file in request.FILES.getlist("files")]
        return cls(
            typed=request.POST.get("text", ""),
            chosen=request.POST.getlist("mentioned"),
            uploads=uploads,
            sure=request.POST.get("sure") == "1",
        )

    def refuse(self, refusal: RefusedError) -> None:
        """Keep what an action would not do, at its field."""
        self.errors.setdefault(refusal.field or "text", []).append(str(refusal.message))

    @property
    def asks_to_be_sure(self) -> bool:
        """Whether the writer must say once more that it is to be sent."""
        return self.gives_away or bool(self.unreached)

    def is_careful(self) -> bool:
        """Say whether it tells no national identity number, or the writer is sure; else `gives_away` is set."""
        self.gives_away = not self.sure and holds_national_id(self.typed)
        return not self.gives_away

    def is_ready(self, writer: Employee, readers: EmployeeQuerySet) -> bool:
        """Say whether the text may be sent as it is; else `errors`, `unreached` or `gives_away` says why not."""
        careful = self.is_careful()
        if len(self.uploads) > MOST_ATTACHMENTS:
            text = _("At most %(count)d pictures and files fit.") % {"count": MOST_ATTACHMENTS}
            self.errors["pictures"] = [text]
            return False
        if self.sure or "@" not in self.typed:
            return careful
        named = named_in(self.typed, Employee.objects.visible_to(writer).active(), self.chosen)
        reached = set(readers.filter(pk__in=[person.pk for person in named]).values_list("pk", flat=True))
        self.unreached = [person for person in named if person.pk not in reached]
        return careful and not self.unreached
