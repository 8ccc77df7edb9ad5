from __future__ import annotations

from collections.abc import Collection, Iterable

from django.core.files.storage import default_storage
from django.db import transaction

from conversations.models import Attachment, Thread


def remove_threads(thread_ids: Iterable[int]) -> None:
    """Remove threads for good with all that was said in them; their files go when the transaction is committed.

    Whoever owns them must be gone already.
    """
    ids = list(thread_ids)
    folders = list(Attachment.objects.filter(thread__in=ids).values_list("file", flat=True))
    Thread.objects.filter(pk__in=ids).delete()
    transaction.on_commit(lambda: _remove_folders(folders))


def remove_attachments(*, thread: Thread, public_ids: Collection[str]) -> None:
    """Take pictures and files off what the thread belongs to, for good. The owner's action asks who may."""
    gone = Attachment.objects.filter(thread=thread, comment=None, public_id__in=public_ids)
    folders = list(gone.values_list("file", flat=True))
    gone.delete()
    transaction.on_commit(lambda: _remove_folders(folders))


def _remove_folders(folders: list[str]) -> None:
    for folder in folders:
        _, parts = default_storage.listdir(folder) if default_storage.exists(folder) else ([], [])
        for part in parts:
            default_storage.delete(f"{folder}/{part}")
        default_storage.delete(folder)
