from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0001_initial")]

    operations = [
        migrations.AddField("importrecord", "is_unchanged", models.BooleanField(db_default=False, default=False)),
    ]
