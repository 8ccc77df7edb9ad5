"""The demo's posts: what was written by hand, with comments and reactions, and a bank of everyday ones."""

from __future__ import annotations

import datetime
import random
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from conversations.models import Comment, Mention, Reaction, Thread
from feed.models import Placement, Post
from groups.models import Group, Membership
from intranet.demo.calendar import Calendar
from intranet.demo.copying import analyse, copy_rows, public_ids, reserve_ids
from intranet.demo.people import Crowd, Person

NAMED = re.compile(r"@\[(\w+)\]")
KINDS = [kind.value for kind in Reaction.Kind]


class Scribe:
    """Collects posts, comments, reactions and mentions, and stores them all at once."""

    def __init__(self, crowd: Crowd, calendar: Calendar, chance: random.Random) -> None:
        self.crowd, self.calendar, self.chance = crowd, calendar, chance
        self.threads: list[tuple[str, datetime.datetime, bool]] = []
        self.posts: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        # (thread index, comment index or None, employee, kind, time)
        self.reactions: list[tuple[int, int | None, int, str, datetime.datetime]] = []
        self.mentions: list[tuple[int, int | None, int, datetime.datetime]] = []
        self.readers: dict[int, list[int]] = {}
        # The ids of the threads, in the order they were added; known once written.
        self.thread_ids: list[int] = []
        self._everyone = [person.pk for person in crowd if not person.end_date]
        self._titled: defaultdict[str, list[Person]] = defaultdict(list)
        for person in crowd:
            if not person.cast and person.end_date is None:
                self._titled[person.title].append(person)

    # --- who ------------------------------------------------------------------------------------------------------
    def load_readers(self) -> None:
        """Learn who is in which group: they are who reacts."""
        members: defaultdict[int, list[int]] = defaultdict(list)
        # Who begins today has not reacted to anything yet.
        absent = {person.pk for person in self.crowd if person.cast.get("started_days_ago") == 0 or person.end_date}
        for group, employee in Membership.objects.order_by("group_id", "employee_id").values_list(
            "group_id", "employee_id"
        ):
            if employee not in absent:
                members[group].append(employee)
        self.readers = dict(members)

    def person(self, key: str, group: Group | None = None) -> int:
        """Return the id of who `key` names: someone of the cast, «any:title@unit», or else anyone of the group."""
        if key in self.crowd.by_key:
            return self.crowd.by_key[key].pk
        title, _, code = key.removeprefix("any:").partition("@")
        fitting = [person.pk for person in self._titled[title] if person.unit.code.startswith(code)]
        return self.chance.choice(fitting or self.readers.get(group.pk if group else 0) or self._everyone)

    # --- what -----------------------------------------------------------------------------------------------------
    def add_thread(self, owner: str, at: datetime.datetime, *, comments_open: bool = True) -> int:
        """Begin a thread and return its index."""
        self.threads.append((owner, at, comments_open))
        return len(self.threads) - 1

    def words(self, text: str, language: str, at: datetime.datetime, thread: int, comment: int | None = None) -> str:
        """Return the text as it was typed, and keep whom it names."""
        for key in NAMED.findall(text):
            mention = (thread, comment, self.crowd.by_key[key].pk, at)
            if mention[:3] not in {m[:3] for m in self.mentions[-20:]}:
                self.mentions.append(mention)
        text = NAMED.sub(lambda match: "@" + self._full_name(match[1]), text)
        return self.calendar.fill(text, language, at)

    def _full_name(self, key: str) -> str:
        person = self.crowd.by_key[key]
        return f"{person.first_name} {person.last_name}"

    def add_post(self, entry: dict[str, Any], group: Group) -> int:
        """Write one hand-written post with everything it carries; return the index of its thread."""
        at = self.calendar.moment(entry["when"])
        thread = self.add_thread("post", at)
        language = entry.get("language", "nb")
        filled = at + datetime.timedelta(minutes=9) if entry.get("state") == "filled" else None
        self.posts.append(
            {
                "thread": thread, "group": group.pk, "author": self.person(entry["author"], group), "at": at,
                "kind": entry.get("kind", "post"), "language": "" if language == "nb" else language, "filled": filled,
                "text": self.words(entry["text"], language, at, thread), "pinned": bool(entry.get("pinned")),
                "thanked": self._thanked(entry), "accepted": None, "key": entry.get("id", ""), "entry": entry,
            }
        )  # fmt: skip
        self.react(thread, None, entry.get("reactions", {}), entry.get("reactors", []), group.pk, at)
        self.add_comments(thread, entry.get("comments", []), group, at, self.posts[-1])
        return thread

    def _thanked(self, entry: dict[str, Any]) -> int | None:
        to = entry.get("thanks_to")
        key = to[0] if isinstance(to, list) and to else to
        return self.crowd.by_key[key].pk if key in self.crowd.by_key else None

    def add_comments(
        self, thread: int, entries: Sequence[dict[str, Any]], group: Group | None, at: datetime.datetime,
        post: dict[str, Any] | None = None, parent: int | None = None,
    ) -> None:  # fmt: skip
        """Write comments and their replies."""
        for entry in entries:
            moment = min(at + datetime.timedelta(minutes=entry["after_minutes"]), self.calendar.now)
            index = len(self.comments)
            language = entry.get("language", "nb")
            author = self.person(entry["author"], group)
            self.comments.append({"thread": thread, "parent": parent, "author": author, "at": moment, "text": ""})
            self.comments[index]["text"] = self.words(entry["text"], language, moment, thread, index)
            if entry.get("accepted") and post is not None:
                post["accepted"] = index
            self.react(
                thread, index, entry.get("reactions", {}), entry.get("reactors", []), group.pk if group else 0, moment
            )
            if parent is None:
                self.add_comments(thread, entry.get("replies", []), group, at, post, index)

    def react(
        self,
        thread: int,
        comment: int | None,
        counts: dict[str, int],
        named: Sequence[str],
        group: int,
        at: datetime.datetime,
    ) -> None:
        """Let named and chosen readers react, each once, soon after `at`."""
        kinds = [kind for kind, number in counts.items() if kind in KINDS for _ in range(number)]
        if not kinds:
            return
        everyone = self.readers.get(group) or self._everyone
        chosen = [self.crowd.by_key[key].pk for key in named if key in self.crowd.by_key]
        others = self.chance.sample(everyone, min(len(everyone), len(kinds)))
        people = list(dict.fromkeys([*chosen, *others]))[: len(kinds)]
        for employee, kind in zip(people, kinds, strict=False):
            late = datetime.timedelta(minutes=min(self.chance.expovariate(1 / 90), 3000))
            self.reactions.append((thread, comment, employee, kind, min(at + late, self.calendar.now)))

    # --- store ----------------------------------------------------------------------------------------------------
    def write(self) -> dict[str, int]:
        """Store everything; return the thread ids of posts by their key, and forget what was collected."""
        self.thread_ids = thread_ids = list(reserve_ids(Thread, len(self.threads)))
        comment_ids = list(reserve_ids(Comment, len(self.comments)))
        post_ids = reserve_ids(Post, len(self.posts))
        keys = public_ids(self.chance, len(self.threads) + len(self.comments) + len(self.posts))
        copy_rows(
            Thread, ["id", "public_id", "owner_kind", "comments_open", "created_at"],
            ([pk, keys.pop(), owner, is_open, at]
             for pk, (owner, at, is_open) in zip(thread_ids, self.threads, strict=True)),
        )  # fmt: skip
        copy_rows(
            Comment, ["id", "public_id", "thread_id", "parent_id", "author_id", "text", "created_at"],
            ([pk, keys.pop(), thread_ids[c["thread"]], None if c["parent"] is None else comment_ids[c["parent"]],
              c["author"], c["text"], c["at"]] for pk, c in zip(comment_ids, self.comments, strict=True)),
        )  # fmt: skip
        self._write_posts(list(post_ids), thread_ids, comment_ids, keys)
        self._write_reactions(thread_ids, comment_ids)
        analyse(Thread, Comment, Post, Placement, Reaction)
        return {post["key"]: thread_ids[post["thread"]] for post in self.posts if post["key"]}

    def _write_posts(self, ids: list[int], threads: list[int], comments: list[int], keys: list[str]) -> None:
        columns = (
            "id public_id author_id thread_id kind text language thanked_id accepted_answer_id filled_at created_at"
        )
        copy_rows(
            Post, columns.split(),
            ([pk, keys.pop(), p["author"], threads[p["thread"]], p["kind"], p["text"], p["language"], p["thanked"],
              None if p["accepted"] is None else comments[p["accepted"]], p["filled"], p["at"]]
             for pk, p in zip(ids, self.posts, strict=True)),
        )  # fmt: skip
        columns = "post_id group_id published_at placed_by_id pinned_at pinned_by_id"
        copy_rows(
            Placement, columns.split(),
            ([pk, p["group"], p["at"], p["author"], *((p["at"], p["author"]) if p["pinned"] else (None, None))]
             for pk, p in zip(ids, self.posts, strict=True)),
        )  # fmt: skip

    def _write_reactions(self, threads: list[int], comments: list[int]) -> None:
        copy_rows(
            Reaction, ["thread_id", "comment_id", "employee_id", "kind", "created_at"],
            ([threads[t], None if c is None else comments[c], employee, kind, at]
             for t, c, employee, kind, at in self.reactions),
        )  # fmt: skip
        copy_rows(
            Mention, ["thread_id", "comment_id", "employee_id", "created_at"],
            ([threads[t], None if c is None else comments[c], employee, at] for t, c, employee, at in self.mentions),
        )  # fmt: skip
