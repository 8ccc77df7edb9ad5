from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0004_profiles_absences_and_history")]

    operations = [
        migrations.AddField(
            "employee",
            "profile_hint_hidden",
            models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.CreateModel(
            name="FormerPhoto",
            fields=[
                (
                    "employee",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="former_photo",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("photo", models.CharField(blank=True, max_length=64)),
                ("kept_until", models.DateTimeField()),
            ],
        ),
    ]
