from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models


class SearchWord(models.Model):
    """A word somebody is found by. What is typed and found nowhere is looked for among these."""

    word = models.CharField(max_length=200, primary_key=True)
    sound = models.CharField(max_length=200)
    # The sound, and it with a letter left out: two words that share one are a slip of the finger apart.
    near: ArrayField[list[str], list[str]] = ArrayField(models.TextField())

    class Meta:
        indexes = [
            GinIndex(OpClass("word", name="gin_trgm_ops"), name="search_word_within"),
            GinIndex(fields=["near"], name="search_word_near"),
            models.Index(OpClass("sound", name="text_pattern_ops"), name="search_word_sound"),
        ]

    def __str__(self) -> str:
        return self.word
