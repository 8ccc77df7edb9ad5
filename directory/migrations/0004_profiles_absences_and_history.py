from __future__ import annotations

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SPLIT_LANGUAGES = """
UPDATE directory_employee SET languages = to_jsonb(regexp_split_to_array(lower(btrim(spoken_languages)), '\\s*,\\s*'))
WHERE btrim(spoken_languages) <> ''
"""
JOIN_LANGUAGES = """
UPDATE directory_employee SET spoken_languages = left(array_to_string(ARRAY(
    SELECT jsonb_array_elements_text(languages)), ', '), 200)
WHERE languages <> '[]'
"""
OPEN_MOBILES = "UPDATE directory_employee SET mobile_seen_by = 'everyone' WHERE mobile_visible"
CLOSE_MOBILES = "UPDATE directory_employee SET mobile_visible = true WHERE mobile_seen_by = 'everyone'"


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_want_second_pair_of_eyes")]

    operations = [
        migrations.AddField("employee", "nickname", models.CharField(blank=True, max_length=60, default="")),
        migrations.AddField("employee", "pronunciation", models.CharField(blank=True, max_length=120, default="")),
        migrations.AddField(
            "employee",
            "mobile_seen_by",
            models.CharField(
                choices=[
                    ("leader", "My leader only"),
                    ("unit", "Colleagues in my unit"),
                    ("everyone", "All colleagues"),
                ],
                default="leader",
                max_length=8,
            ),
        ),
        migrations.RunSQL(OPEN_MOBILES, CLOSE_MOBILES),
        migrations.RemoveField("employee", "mobile_visible"),
        migrations.AddField("employee", "languages", models.JSONField(blank=True, default=list)),
        migrations.RunSQL(SPLIT_LANGUAGES, JOIN_LANGUAGES),
        migrations.RemoveField("employee", "spoken_languages"),
        migrations.RenameField("employee", "languages", "spoken_languages"),
        migrations.AddIndex(
            "employee",
            django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("spoken_languages", name="jsonb_path_ops"),
                name="employee_languages",
            ),
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "employee",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="absence",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("start_date", models.DateField()),
                ("end_date", models.DateField()),
                (
                    "stand_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end_date__gte", models.F("start_date"))), name="absence_ends_after_start"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FactChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "fact",
                    models.CharField(
                        choices=[
                            ("first_name", "First name"),
                            ("last_name", "Last name"),
                            ("email", "E-mail"),
                            ("work_phone", "Telephone"),
                            ("private_mobile", "Mobile"),
                            ("protected", "Protected address"),
                            ("job", "Job"),
                            ("leader", "Leader"),
                            ("workplace", "Workplace"),
                            ("percentage", "Part of a full position"),
                            ("end_date", "Last day"),
                        ],
                        max_length=20,
                    ),
                ),
                ("former", models.CharField(blank=True, max_length=250)),
                ("current", models.CharField(blank=True, max_length=250)),
                (
                    "source",
                    models.CharField(
                        choices=[("file", "HR file"), ("scim", "SCIM"), ("hand", "By hand")], max_length=8
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fact_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["employee", "-changed_at"], name="fact_change_employee")],
            },
        ),
    ]
