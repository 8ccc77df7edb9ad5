import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Rows of runs that are open while this is rolled out.
_WAITING = """
UPDATE onboarding_importrecord SET needs_a_look = TRUE
WHERE status = 'reject' OR status = 'warn' AND NOT jsonb_exists(values, '_confirmed')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("onboarding", "0011_held_and_returned"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="importrecord",
            name="changes",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="importrecord",
            name="needs_a_look",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="importrecord",
            name="outcome",
            field=models.CharField(blank=True, db_default="", max_length=8),
        ),
        migrations.CreateModel(
            name="ImportLeaver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "employee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="leavers", to="onboarding.importrun"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(models.F("run"), models.F("employee"), name="import_leaver_once")
                ],
            },
        ),
        migrations.RunSQL(_WAITING, migrations.RunSQL.noop),
    ]
