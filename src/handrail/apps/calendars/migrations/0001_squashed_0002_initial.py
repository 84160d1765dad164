import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('calendars', '0001_initial'), ('calendars', '0002_initial')]

    initial = True

    dependencies = [
        ('organizations', '0001_squashed_0002_organization_erasing_since'),
        ('people', '0001_squashed_0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('kind', models.CharField(max_length=16)),
                ('status', models.CharField(choices=[('hold', 'held'), ('pending', 'pending'), ('confirmed', 'confirmed'), ('cancelled', 'cancelled'), ('lapsed', 'lapsed')], max_length=10)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('occupied_until', models.DateTimeField()),
                ('timezone', models.CharField(max_length=64)),
                ('wall_time', models.CharField(max_length=16)),
                ('capacity', models.PositiveSmallIntegerField(default=1)),
                ('uid', models.CharField(max_length=120)),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('hold_until', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hosted_bookings', to='people.person')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'host', 'starts_at'], name='booking_host_start'), models.Index(fields=['hold_until'], name='booking_hold_until')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='booking_public_id'), models.UniqueConstraint(fields=('organization', 'uid'), name='booking_uid_once'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='booking_ends_after')],
            },
        ),
        migrations.CreateModel(
            name='Busy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=80)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='busy_times', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'person', 'starts_at'], name='busy_person_start')],
            },
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('weekly', 'every week'), ('date', 'one day')], max_length=8)),
                ('weekday', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('day', models.DateField(blank=True, null=True)),
                ('from_min', models.PositiveSmallIntegerField()),
                ('to_min', models.PositiveSmallIntegerField()),
                ('available', models.BooleanField(default=True)),
                ('timezone', models.CharField(blank=True, default='', max_length=64)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'person'], name='rule_person')],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('n', models.PositiveSmallIntegerField()),
                ('role', models.CharField(choices=[('mentor', 'mentor'), ('mentee', 'mentee')], max_length=8)),
                ('attendance', models.CharField(choices=[('not_recorded', 'not recorded'), ('attended', 'attended'), ('no_show', 'no-show'), ('late_cancelled', 'late cancelled')], default='not_recorded', max_length=16)),
                ('checked_in_at', models.DateTimeField(blank=True, null=True)),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='calendars.booking')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='people.person')),
            ],
            options={
                'ordering': ['n'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'booking', 'n'), name='seat_n_once'), models.UniqueConstraint(fields=('organization', 'booking', 'person'), name='seat_person_once')],
            },
        ),
        migrations.CreateModel(
            name='Cell',
            fields=[
                ('pk', models.CompositePrimaryKey('organization_id', 'person_id', 'cell', blank=True, editable=False, primary_key=True, serialize=False)),
                ('cell', models.BigIntegerField()),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='calendars.booking')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
            ],
        ),
    ]
