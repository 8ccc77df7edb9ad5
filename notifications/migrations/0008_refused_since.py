import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0007_sending_order")]

    operations = [
        migrations.AddField(
            model_name="refusedaddress",
            name="first_refused_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
    ]
