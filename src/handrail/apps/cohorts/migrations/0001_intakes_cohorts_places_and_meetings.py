import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('mentoring_sessions', '0005_mails_received_and_times_proposed'),
        ('organizations', '0003_more_purposes'),
        ('people', '0003_buffers_notice_caps_and_holidays'),
        ('programs', '0006_rituals'),
    ]

    operations = [
        migrations.CreateModel(
            name='Intake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('opens_on', models.DateField()),
                ('closes_on', models.DateField()),
                ('starts_on', models.DateField()),
                ('hired_from', models.DateField()),
                ('seats', models.PositiveSmallIntegerField(default=8)),
                ('by_lot', models.BooleanField(default=False)),
                ('seed', models.BigIntegerField(default=1)),
                ('themes', models.JSONField(default=list)),
                ('tail_sessions', models.PositiveSmallIntegerField(default=3)),
                ('state', models.CharField(choices=[('open', 'open'), ('started', 'started'), ('called_off', 'called off')], default='open', max_length=10)),
                ('created_at', models.DateTimeField()),
                ('rev', models.BigIntegerField(default=0)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='intakes', to='programs.program')),
            ],
            options={
                'ordering': ['-starts_on', '-id'],
                'indexes': [models.Index(fields=['organization', 'state'], name='intake_state')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='intake_public_id'), models.CheckConstraint(condition=models.Q(('seats__gte', 6), ('seats__lte', 8)), name='intake_6_to_8'), models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('opens_on')), ('starts_on__gt', models.F('closes_on'))), name='intake_days_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Cohort',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('timezone', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('forming', 'being formed'), ('running', 'running'), ('tail', 'meeting now and then'), ('ended', 'ended'), ('called_off', 'called off')], default='forming', max_length=10)),
                ('first_on', models.DateField(blank=True, null=True)),
                ('minute', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cohorts_led', to='people.person')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('intake', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cohorts', to='cohorts.intake')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['organization', 'state'], name='cohort_state')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='cohort_public_id'), models.UniqueConstraint(fields=('organization', 'intake', 'mentor'), name='cohort_mentor_once')],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('planned_at', models.DateTimeField()),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to='cohorts.cohort')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('session', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='meeting', to='mentoring_sessions.session')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'cohort', 'number'), name='meeting_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('started_on', models.DateField()),
                ('eligible_at', models.DateTimeField()),
                ('lot', models.BigIntegerField()),
                ('opted_out_at', models.DateTimeField(blank=True, null=True)),
                ('left_at', models.DateTimeField(blank=True, null=True)),
                ('offered_until', models.DateTimeField(blank=True, null=True)),
                ('passed_at', models.DateTimeField(blank=True, null=True)),
                ('cohort', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='places', to='cohorts.cohort')),
                ('intake', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='cohorts.intake')),
                ('offered', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='offers', to='cohorts.cohort')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cohort_places', to='people.person')),
            ],
            options={
                'ordering': ['eligible_at', 'started_on', 'lot', 'id'],
                'indexes': [models.Index(fields=['organization', 'offered_until'], name='cohort_place_offered')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='cohort_place_public_id'), models.UniqueConstraint(fields=('organization', 'intake', 'person'), name='cohort_place_once')],
            },
        ),
    ]
