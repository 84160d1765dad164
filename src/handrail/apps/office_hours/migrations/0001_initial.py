import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('calendars', '0005_reservations'),
        ('organizations', '0003_more_purposes'),
        ('people', '0003_buffers_notice_caps_and_holidays'),
        ('programs', '0006_rituals'),
    ]

    operations = [
        migrations.CreateModel(
            name='Rota',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('open_to', models.CharField(choices=[('everybody', 'everybody in the organisation'), ('enrolled', 'mentees of the program')], default='everybody', max_length=10)),
                ('plan_weeks', models.PositiveSmallIntegerField(default=4)),
                ('fair_sessions', models.PositiveSmallIntegerField(default=1)),
                ('fair_days', models.PositiveSmallIntegerField(default=7)),
                ('offer_minutes', models.PositiveSmallIntegerField(default=240)),
                ('compact', models.BooleanField(default=True)),
                ('lost_time_counts', models.BooleanField(default=True)),
                ('uneven', models.JSONField(default=list)),
                ('rev', models.BigIntegerField(default=0)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('program', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rota', to='programs.program')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'program'), name='rota_of_program')],
            },
        ),
        migrations.CreateModel(
            name='RotaMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('base', models.IntegerField(default=0)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rotas', to='people.person')),
                ('rota', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='office_hours.rota')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'rota', 'person'), name='rota_member_once')],
            },
        ),
        migrations.CreateModel(
            name='RotaSlot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('weekday', models.PositiveSmallIntegerField()),
                ('starts_min', models.PositiveSmallIntegerField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('timezone', models.CharField(max_length=64)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('rota', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slots', to='office_hours.rota')),
            ],
            options={
                'ordering': ['weekday', 'starts_min', 'id'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='rota_slot_public_id'), models.CheckConstraint(condition=models.Q(('starts_min__lt', 1440), ('weekday__lt', 7)), name='rota_slot_in_a_week')],
            },
        ),
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('day', models.DateField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('planned', 'planned'), ('nobody', 'nobody can'), ('day_off', 'closed day'), ('dropped', 'dropped')], max_length=8)),
                ('reasons', models.JSONField(default=list)),
                ('planned_at', models.DateTimeField()),
                ('booking', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='turn', to='calendars.booking')),
                ('host', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='turns', to='people.person')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('slot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='turns', to='office_hours.rotaslot')),
            ],
            options={
                'ordering': ['starts_at', 'id'],
                'indexes': [models.Index(fields=['organization', 'starts_at'], name='turn_start'), models.Index(fields=['organization', 'host', 'starts_at'], name='turn_host')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='turn_public_id'), models.UniqueConstraint(fields=('organization', 'slot', 'day'), name='turn_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='PlaceInLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('objective', models.CharField(max_length=280, verbose_name='objective')),
                ('note', models.TextField(blank=True, default='')),
                ('state', models.CharField(choices=[('waiting', 'in line'), ('offered', 'offered'), ('taken', 'taken'), ('passed', 'not taken in time'), ('left', 'left the line')], default='waiting', max_length=8)),
                ('asked_at', models.DateTimeField()),
                ('offered_until', models.DateTimeField(blank=True, null=True)),
                ('booking', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='place_in_line', to='calendars.booking')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='in_line', to='people.person')),
                ('turn', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='line', to='office_hours.turn')),
            ],
            options={
                'ordering': ['asked_at', 'id'],
                'indexes': [models.Index(fields=['organization', 'state', 'offered_until'], name='line_offered')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='place_in_line_public_id'), models.UniqueConstraint(condition=models.Q(('state__in', ('waiting', 'offered'))), fields=('organization', 'turn', 'person'), name='place_in_line_once')],
            },
        ),
        migrations.CreateModel(
            name='TurnAbsence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('said_at', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
                ('turn', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='office_hours.turn')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'turn', 'person'), name='turn_absence_once')],
            },
        ),
    ]
