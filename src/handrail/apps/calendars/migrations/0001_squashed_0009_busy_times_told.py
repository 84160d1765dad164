import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('calendars', '0001_initial'), ('calendars', '0002_initial'), ('calendars', '0003_closed_days_and_whole_rules'), ('calendars', '0004_calendar_sources_and_own_feeds'), ('calendars', '0005_reservations'), ('calendars', '0006_answers_to_invitations'), ('calendars', '0007_more_kinds_of_calendars'), ('calendars', '0008_calendars_taken_away'), ('calendars', '0009_busy_times_told')]

    initial = True

    dependencies = [
        ('organizations', '0001_squashed_0006_answers_asked_text_by_text'),
        ('people', '0001_squashed_0005_outcome_ledger'),
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
                ('within', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inside', to='calendars.booking')),
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
            name='CalendarSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('kind', models.CharField(choices=[('ics', 'published calendar (ICS)'), ('caldav', 'calendar server (CalDAV)'), ('google', 'Google Calendar'), ('microsoft', 'Microsoft 365')], max_length=12)),
                ('name', models.CharField(max_length=60)),
                ('host', models.CharField(max_length=255)),
                ('address_sealed', models.TextField()),
                ('etag', models.CharField(blank=True, default='', max_length=200)),
                ('modified', models.CharField(blank=True, default='', max_length=200)),
                ('added_at', models.DateTimeField()),
                ('tried_at', models.DateTimeField(blank=True, null=True)),
                ('good_at', models.DateTimeField(blank=True, null=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('trouble', models.CharField(blank=True, default='', max_length=24)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('problems', models.JSONField(default=list)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_sources', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='calendar_source_public_id'), models.UniqueConstraint(fields=('organization', 'person', 'name'), name='calendar_source_name_once')],
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
        migrations.CreateModel(
            name='ClosedDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('name', models.CharField(max_length=80)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'ordering': ['day'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'day'), name='closed_day_once')],
            },
        ),
        migrations.CreateModel(
            name='OwnFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('made_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own_feeds', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='own_feed_public_id'), models.UniqueConstraint(fields=('organization', 'person'), name='own_feed_once')],
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
                'constraints': [models.CheckConstraint(condition=models.Q(('from_min__lt', 1440), ('to_min__lte', 1440)), name='rule_within_a_day'), models.CheckConstraint(condition=models.Q(('from_min', models.F('to_min')), _negated=True), name='rule_has_a_length')],
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
                ('participation', models.CharField(choices=[('needs_action', 'not answered'), ('accepted', 'accepted'), ('tentative', 'maybe'), ('declined', 'declined')], default='needs_action', max_length=12)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('busy_told', models.DateTimeField(blank=True, null=True)),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='calendars.booking')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='people.person')),
            ],
            options={
                'ordering': ['n'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'booking', 'n'), name='seat_n_once'), models.UniqueConstraint(fields=('organization', 'booking', 'person'), name='seat_person_once')],
            },
        ),
    ]
