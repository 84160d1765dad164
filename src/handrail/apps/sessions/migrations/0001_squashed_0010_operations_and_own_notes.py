import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('mentoring_sessions', '0001_initial'), ('mentoring_sessions', '0002_initial'), ('mentoring_sessions', '0003_call_link'), ('mentoring_sessions', '0004_rituals'), ('mentoring_sessions', '0005_mails_received_and_times_proposed'), ('mentoring_sessions', '0006_appeal'), ('mentoring_sessions', '0007_thanks'), ('mentoring_sessions', '0008_declined_seats'), ('mentoring_sessions', '0009_answers_to_retreats'), ('mentoring_sessions', '0010_operations_and_own_notes')]

    initial = True

    dependencies = [
        ('calendars', '0001_squashed_0009_busy_times_told'),
        ('matches', '0001_squashed_0004_parting'),
        ('organizations', '0001_squashed_0006_answers_asked_text_by_text'),
        ('people', '0001_squashed_0005_outcome_ledger'),
        ('programs', '0001_squashed_0007_quiet_questions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('state', models.CharField(choices=[('scheduled', 'scheduled'), ('running', 'running'), ('awaiting_artifact', 'awaiting artifact'), ('closed', 'closed'), ('not_held', 'not held'), ('cancelled', 'cancelled')], default='scheduled', max_length=20)),
                ('objective', models.CharField(max_length=280, verbose_name='objective')),
                ('minutes', models.PositiveSmallIntegerField()),
                ('grace_minutes', models.PositiveSmallIntegerField(default=10)),
                ('artifact_prompts', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('simulated', models.BooleanField(default=False)),
                ('rev', models.BigIntegerField(default=0)),
                ('booking', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='session', to='calendars.booking')),
                ('cancelled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.person')),
                ('match', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sessions', to='matches.match')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='programs.program')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'state'], name='session_state')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='session_public_id'), models.CheckConstraint(condition=models.Q(('minutes__gte', 20), ('minutes__lte', 30)), name='session_20_to_30')],
            },
        ),
        migrations.CreateModel(
            name='RoomText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(choices=[('notes', 'notes'), ('shared_notes', 'shared notes'), ('learned', 'what was learned or decided'), ('next_step', 'next step'), ('owner', 'who does it'), ('link', 'link'), ('call_link', 'link to the call')], max_length=16)),
                ('body', models.TextField(blank=True, default='')),
                ('rev', models.PositiveIntegerField(default=0)),
                ('updated_at', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
                ('updated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.person')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='mentoring_sessions.session')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('person__isnull', True)), fields=('organization', 'session', 'field'), name='room_text_once'), models.UniqueConstraint(fields=('organization', 'session', 'field', 'person'), name='room_text_once_each')],
            },
        ),
        migrations.CreateModel(
            name='RoomRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('operation', models.UUIDField()),
                ('field', models.CharField(max_length=64)),
                ('base_rev', models.PositiveIntegerField()),
                ('rev', models.PositiveIntegerField()),
                ('body', models.TextField(blank=True, default='')),
                ('saved_at', models.DateTimeField()),
                ('conflict', models.BooleanField(default=False)),
                ('late', models.BooleanField(default=False)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.person')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.person')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='mentoring_sessions.session')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'session', 'field', 'rev'], name='room_rev')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'session', 'operation', 'field'), name='room_operation_once')],
            },
        ),
        migrations.CreateModel(
            name='RoomOperation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('operation', models.UUIDField()),
                ('kind', models.CharField(max_length=16)),
                ('digest', models.CharField(max_length=64)),
                ('base_rev', models.BigIntegerField()),
                ('late', models.BooleanField(default=False)),
                ('conflict', models.JSONField(default=list)),
                ('client_at', models.DateTimeField(blank=True, null=True)),
                ('received_at', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.person')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='operations', to='mentoring_sessions.session')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'operation'), name='device_operation_once')],
            },
        ),
        migrations.CreateModel(
            name='ReceivedMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('key', models.CharField(max_length=64)),
                ('received_at', models.DateTimeField()),
                ('sender', models.CharField(blank=True, default='', max_length=254)),
                ('outcome', models.CharField(choices=[('accepted', 'accepted'), ('tentative', 'answered maybe'), ('declined', 'declined, so the session or seat was given back'), ('decline-noted', 'declined; nothing is cancelled, the people were asked'), ('proposed', 'proposed another time'), ('proposal-not-free', 'proposed a time that cannot be; told so'), ('automatic', 'An automatic answer, which nobody gave.'), ('no-reply', 'It holds no answer to an invitation. Handrail reads nothing else.'), ('unreadable', 'It could not be read.'), ('too-large', 'It is larger than 1 MB, which no answer to an invitation is.'), ('unproven', 'The mail server does not confirm who sent it. It may be forged.'), ('not-the-sender', 'Its sender answers for somebody else.'), ('unknown', 'It speaks of no session here, or its sender was not invited to it.'), ('retreat', "It answers a retreat's day. Who comes is said on the retreat's page."), ('outdated', 'It answers the invitation as it was before a change.'), ('repeated', 'It is not newer than what its sender answered last.'), ('over', 'The session had begun, was over or cancelled.'), ('failed', 'It could not be followed; the log says what kind of error.')], max_length=20)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('session', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='mentoring_sessions.session')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'received_at'], name='received_mail_at')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='received_mail_public_id'), models.UniqueConstraint(fields=('organization', 'key'), name='received_mail_once')],
            },
        ),
        migrations.CreateModel(
            name='ChecklistItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4)),
                ('position', models.PositiveSmallIntegerField()),
                ('text', models.CharField(max_length=200)),
                ('ticked_at', models.DateTimeField(blank=True, null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('ticked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.person')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checklist', to='mentoring_sessions.session')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'session', 'position'), name='checklist_position'), models.UniqueConstraint(fields=('organization', 'public_id'), name='checklist_public_id')],
            },
        ),
        migrations.CreateModel(
            name='Artifact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('learned', models.TextField()),
                ('next_step', models.TextField()),
                ('link', models.URLField(blank=True, default='', max_length=500)),
                ('submitted_at', models.DateTimeField()),
                ('rev', models.PositiveIntegerField(default=1)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.person')),
                ('submitted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='artifacts', to='people.person')),
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='artifact', to='mentoring_sessions.session')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='artifact_public_id')],
            },
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('text', models.CharField(max_length=500)),
                ('written_at', models.DateTimeField()),
                ('decision', models.CharField(choices=[('open', 'not decided yet'), ('attended', 'was there'), ('excused', 'had a good reason'), ('stands', 'stays as it is')], default='open', max_length=8)),
                ('word', models.CharField(blank=True, default='', max_length=280)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.person')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appeals', to='people.person')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appeals', to='mentoring_sessions.session')),
            ],
            options={
                'ordering': ['written_at', 'id'],
                'indexes': [models.Index(fields=['organization', 'decision'], name='appeal_decision')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'session', 'person'), name='appeal_once'), models.UniqueConstraint(fields=('organization', 'public_id'), name='appeal_public_id')],
            },
        ),
        migrations.CreateModel(
            name='Thanks',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('sentence', models.CharField(blank=True, default='', max_length=280)),
                ('given_at', models.DateTimeField()),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='thanks', to='mentoring_sessions.session')),
            ],
            options={
                'ordering': ['given_at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'session', 'giver'), name='thanks_once'), models.UniqueConstraint(fields=('organization', 'public_id'), name='thanks_public_id')],
            },
        ),
        migrations.CreateModel(
            name='TimeProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('starts_at', models.DateTimeField()),
                ('sequence', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('open', 'open'), ('accepted', 'accepted'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default='open', max_length=10)),
                ('made_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.person')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='mentoring_sessions.session')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'session', 'state'], name='time_proposal_open')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='time_proposal_public_id')],
            },
        ),
    ]
