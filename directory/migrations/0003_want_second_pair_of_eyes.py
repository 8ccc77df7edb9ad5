from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_add_sessions_ended")]

    operations = [
        migrations.AlterField(
            model_name="organisation", name="second_pair_of_eyes", field=models.BooleanField(default=True)
        ),
    ]
