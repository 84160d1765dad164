from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0007_purposes_without_a_list'),
    ]

    operations = [
        migrations.AddField(
            model_name='organization',
            name='purging_before',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
