import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('matches', '0001_initial'), ('matches', '0002_initial'), ('matches', '0003_run_in_the_making'), ('matches', '0004_parting')]

    initial = True

    dependencies = [
        ('organizations', '0001_squashed_0006_answers_asked_text_by_text'),
        ('people', '0001_squashed_0005_outcome_ledger'),
        ('programs', '0001_squashed_0007_quiet_questions'),
    ]

    operations = [
        migrations.CreateModel(
            name='MatchRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('week', models.DateField()),
                ('seed', models.BigIntegerField()),
                ('status', models.CharField(choices=[('running', 'being worked out'), ('failed', 'failed'), ('stopped', 'stopped'), ('preview', 'preview'), ('published', 'published'), ('discarded', 'discarded')], default='preview', max_length=10)),
                ('certificate', models.JSONField(default=dict)),
                ('prices', models.JSONField(default=dict)),
                ('rules', models.JSONField(default=dict)),
                ('advice', models.JSONField(default=dict)),
                ('stage', models.CharField(choices=[('waiting', 'Waiting for its turn'), ('reading', 'Reading people and calendars'), ('candidates', 'Finding who could meet whom'), ('solving', 'Solving'), ('checking', 'Checking that no plan is better'), ('explaining', 'Finding the reasons'), ('keeping', 'Writing it down')], default='waiting', max_length=12)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('failure', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.CharField(max_length=80)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='match_runs', to='programs.program')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='match_run_public_id'), models.UniqueConstraint(condition=models.Q(('status', 'running')), fields=('organization', 'program', 'week'), name='match_run_one_in_the_making')],
            },
        ),
        migrations.CreateModel(
            name='Match',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('starts_at', models.DateTimeField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('skill', models.CharField(blank=True, default='', max_length=120)),
                ('score', models.IntegerField()),
                ('reasons', models.JSONField(default=list)),
                ('explanation', models.JSONField(default=dict)),
                ('pinned', models.BooleanField(default=False)),
                ('mentee', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matches_as_mentee', to='people.person')),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matches_as_mentor', to='people.person')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matches', to='matches.matchrun')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='match_public_id'), models.UniqueConstraint(fields=('organization', 'run', 'mentee'), name='match_mentee_once_a_run')],
            },
        ),
        migrations.CreateModel(
            name='PairDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('kind', models.CharField(choices=[('pin', 'keep together'), ('forbid', 'do not pair')], max_length=8)),
                ('decided_by', models.CharField(max_length=80)),
                ('decided_at', models.DateTimeField()),
                ('mentee', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pair_decisions', to='programs.program')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'program', 'mentee', 'mentor'), name='pair_decision_once'), models.UniqueConstraint(fields=('organization', 'public_id'), name='pair_decision_public_id')],
            },
        ),
        migrations.CreateModel(
            name='Parting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('parted_at', models.DateTimeField()),
                ('mentee', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='partings', to='programs.program')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'program', 'mentee', 'mentor'), name='parting_once')],
            },
        ),
        migrations.CreateModel(
            name='Unmatched',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reasons', models.JSONField(default=list)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unmatched', to='matches.matchrun')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'run', 'person'), name='unmatched_once_a_run')],
            },
        ),
    ]
