from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0003_want_second_pair_of_eyes"),
        ("feed", "0005_polls_plans_and_readers"),
    ]

    operations = [
        migrations.CreateModel(
            name="LineMarker",
            fields=[
                (
                    "employee",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("read_until", models.DateTimeField()),
            ],
        ),
    ]
