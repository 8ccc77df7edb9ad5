from __future__ import annotations

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

import directory.search_query

# Texts stored before know no names and units apart; they are worked out anew the night after, and found meanwhile.

# Working out the words of a row takes longer than reading it, which PostgreSQL would not guess: it must rather take the
# index. In another language than SQL, since such a function would be unfolded and its cost forgotten.
WORDS = """
CREATE FUNCTION directory_words(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000
AS $$ BEGIN RETURN array_to_tsvector(array_remove(string_to_array(words, ' '), '')); END $$
"""
NO_WORDS = "DROP FUNCTION directory_words(text)"


class Migration(migrations.Migration):
    dependencies = [("directory", "0006_former_photos")]

    operations = [
        migrations.CreateModel(
            "SearchWord",
            fields=[
                ("word", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("sound", models.CharField(max_length=200)),
                ("near", django.contrib.postgres.fields.ArrayField(models.TextField())),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("word", name="gin_trgm_ops"), name="search_word_within"
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["near"], name="search_word_near"),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass("sound", name="text_pattern_ops"),
                        name="search_word_sound",
                    ),
                ]
            },
        ),
        migrations.RemoveIndex("employee", "employee_search_text"),
        migrations.RunSQL(WORDS, NO_WORDS),
        migrations.AddIndex(
            "employee",
            django.contrib.postgres.indexes.GinIndex(
                directory.search_query.SearchWords(), name="employee_search_words"
            ),
        ),
    ]
