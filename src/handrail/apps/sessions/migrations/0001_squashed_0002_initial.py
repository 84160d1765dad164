import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('mentoring_sessions', '0001_initial'), ('mentoring_sessions', '0002_initial')]

    initial = True

    dependencies = [
        ('calendars', '0001_squashed_0002_initial'),
        ('matches', '0001_squashed_0003_run_in_the_making'),
        ('organizations', '0001_squashed_0002_organization_erasing_since'),
        ('people', '0001_squashed_0001_initial'),
        ('programs', '0001_squashed_0002_keep_published_and_again_after_weeks'),
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
            name='RoomRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('operation', models.UUIDField()),
                ('field', models.CharField(choices=[('shared_notes', 'shared notes'), ('learned', 'what was learned or decided'), ('next_step', 'next step'), ('owner', 'who does it'), ('link', 'link')], max_length=16)),
                ('base_rev', models.PositiveIntegerField()),
                ('rev', models.PositiveIntegerField()),
                ('body', models.TextField(blank=True, default='')),
                ('saved_at', models.DateTimeField()),
                ('conflict', models.BooleanField(default=False)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.person')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='mentoring_sessions.session')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'session', 'field', 'rev'], name='room_rev')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'session', 'operation'), name='room_operation_once')],
            },
        ),
        migrations.CreateModel(
            name='RoomText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(choices=[('shared_notes', 'shared notes'), ('learned', 'what was learned or decided'), ('next_step', 'next step'), ('owner', 'who does it'), ('link', 'link')], max_length=16)),
                ('body', models.TextField(blank=True, default='')),
                ('rev', models.PositiveIntegerField(default=0)),
                ('updated_at', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('updated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.person')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='mentoring_sessions.session')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'session', 'field'), name='room_text_once')],
            },
        ),
    ]
