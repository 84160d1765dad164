import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('people', '0001_initial'), ('people', '0002_person_call_link'), ('people', '0003_buffers_notice_caps_and_holidays'), ('people', '0004_snooze'), ('people', '0005_outcome_ledger')]

    initial = True

    dependencies = [
        ('organizations', '0001_squashed_0006_answers_asked_text_by_text'),
    ]

    operations = [
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('external_id', models.CharField(max_length=80, verbose_name='person id')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('role', models.CharField(choices=[('mentee', 'mentee'), ('mentor', 'mentor')], max_length=8)),
                ('timezone', models.CharField(max_length=64, verbose_name='time zone')),
                ('works_from_min', models.PositiveSmallIntegerField(default=540)),
                ('works_to_min', models.PositiveSmallIntegerField(default=1020)),
                ('languages', models.JSONField(default=list)),
                ('call_link', models.URLField(blank=True, default='', max_length=500, verbose_name='where calls are taken')),
                ('minutes_per_week', models.PositiveIntegerField(default=0)),
                ('buffer_before', models.PositiveSmallIntegerField(default=0)),
                ('buffer_after', models.PositiveSmallIntegerField(default=5)),
                ('min_notice_minutes', models.PositiveIntegerField(default=0)),
                ('daily_cap', models.PositiveSmallIntegerField(default=0)),
                ('holidays_of', models.CharField(blank=True, default='', max_length=16)),
                ('pause_until', models.DateField(blank=True, null=True)),
                ('language', models.CharField(default='en', max_length=8)),
                ('invited_at', models.DateTimeField(blank=True, null=True)),
                ('rev', models.BigIntegerField(default=0)),
                ('manager', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to='people.person')),
                ('membership', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='person', to='organizations.membership')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'ordering': ['name', 'external_id'],
            },
        ),
        migrations.CreateModel(
            name='Skill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('name', models.CharField(max_length=120)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'name'), name='skill_name_once'), models.UniqueConstraint(fields=('organization', 'public_id'), name='skill_public_id')],
            },
        ),
        migrations.CreateModel(
            name='SkillOffered',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='people.person')),
                ('skill', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.skill')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'person', 'skill'), name='skill_offered_once'), models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 5)), name='skill_level_1_to_5')],
            },
        ),
        migrations.CreateModel(
            name='SkillWanted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('priority', models.PositiveSmallIntegerField()),
                ('own_level', models.PositiveSmallIntegerField(default=0)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wants', to='people.person')),
                ('skill', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.skill')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'person', 'skill'), name='skill_wanted_once')],
            },
        ),
        migrations.CreateModel(
            name='Snooze',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=32)),
                ('until', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='snoozes', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'person', 'purpose'), name='snooze_once')],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'name'), name='team_name_once'), models.UniqueConstraint(fields=('organization', 'public_id'), name='team_public_id')],
            },
        ),
        migrations.AddField(
            model_name='person',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='people', to='people.team'),
        ),
        migrations.CreateModel(
            name='LedgerCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=80)),
                ('about', models.CharField(max_length=16)),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('source', models.CharField(max_length=64)),
                ('corrected_at', models.DateTimeField()),
                ('corrected_by', models.CharField(max_length=80)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'corrected_at'], name='ledger_corrected_at')],
            },
        ),
        migrations.CreateModel(
            name='PeopleImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('kind', models.CharField(max_length=12)),
                ('filename', models.CharField(max_length=200)),
                ('content', models.BinaryField()),
                ('digest', models.CharField(max_length=64)),
                ('created_by', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField()),
                ('applied_at', models.DateTimeField(blank=True, null=True)),
                ('summary', models.JSONField(default=dict)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='people_import_public_id')],
            },
        ),
        migrations.CreateModel(
            name='PastPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='past_pairs', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'person', 'other'), name='past_pair_once')],
            },
        ),
        migrations.CreateModel(
            name='NotWith',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='not_with', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'person', 'other'), name='not_with_once')],
            },
        ),
        migrations.CreateModel(
            name='EmploymentSpell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('basis', models.CharField(choices=[('employment', 'employment'), ('activity', 'activity')], max_length=12)),
                ('started_on', models.DateField()),
                ('start_known_since', models.DateField()),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('end_known_since', models.DateField(blank=True, null=True)),
                ('known_until', models.DateField(blank=True, null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spells', to='people.person')),
            ],
            options={
                'ordering': ['started_on'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'person', 'started_on'), name='spell_start_once')],
            },
        ),
        migrations.CreateModel(
            name='CompetencyEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('kind', models.CharField(max_length=32)),
                ('task', models.CharField(blank=True, default='', max_length=120)),
                ('authored_at', models.DateTimeField(blank=True, null=True)),
                ('occurred_at', models.DateTimeField()),
                ('areas', models.JSONField(default=list)),
                ('source', models.CharField(max_length=64)),
                ('known_since', models.DateField(blank=True, null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='competency_events', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'occurred_at'], name='competency_when')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'person', 'kind', 'occurred_at', 'authored_at'), name='competency_event_once'), models.UniqueConstraint(condition=models.Q(('kind', 'task')), fields=('organization', 'person', 'task', 'occurred_at'), name='competency_task_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.UniqueConstraint(fields=('organization', 'external_id'), name='person_external_id_once'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.UniqueConstraint(fields=('organization', 'email'), name='person_email_once'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.UniqueConstraint(fields=('organization', 'public_id'), name='person_public_id'),
        ),
    ]
