from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# When a message that is ready at `at` may go: then, or when the quiet hours it falls into end. The hours are those of the
# clock on the wall. The hour that is skipped in spring ends when the clock has passed it, the one that comes twice in
# autumn ends the second time.
QUIET_UNTIL = """
CREATE FUNCTION tunet_quiet_until(at timestamptz, starts time, ends time, zone text) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT CASE
    WHEN starts IS NULL OR ends IS NULL OR starts = ends THEN at
    WHEN starts < ends AND clock >= starts AND clock < ends THEN (day + ends) AT TIME ZONE zone
    WHEN starts < ends THEN at
    WHEN clock >= starts THEN (day + 1 + ends) AT TIME ZONE zone
    WHEN clock < ends THEN (day + ends) AT TIME ZONE zone
    ELSE at
END
FROM (SELECT (at AT TIME ZONE zone)::time AS clock, (at AT TIME ZONE zone)::date AS day) AS wall
$$
"""
NOT_QUIET = "DROP FUNCTION tunet_quiet_until(timestamptz, time, time, text)"


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0008_suspend_accounts"),
        ("notifications", "0004_notification_settings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(QUIET_UNTIL, NOT_QUIET),
        migrations.CreateModel(
            name="UnitQuietHours",
            fields=[
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="notification_quiet_hours",
                        serialize=False,
                        to="directory.orgunit",
                    ),
                ),
                ("starts", models.TimeField()),
                ("ends", models.TimeField()),
            ],
            options={
                "verbose_name_plural": "quiet hours of units",
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="is_urgent",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="preference",
            name="channel",
            field=models.CharField(
                choices=[("inbox", "Inbox"), ("email", "Email"), ("push", "Push"), ("sms", "Sms")], max_length=5
            ),
        ),
        migrations.CreateModel(
            name="PlaceLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=40)),
                (
                    "level",
                    models.CharField(
                        choices=[("all", "Everything"), ("mine", "What concerns me"), ("nothing", "Nothing")],
                        max_length=7,
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="place_levels",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["place", "level"], name="place_level_by_place")],
                "constraints": [
                    models.UniqueConstraint(models.F("employee"), models.F("place"), name="place_level_once")
                ],
            },
        ),
    ]
