import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('programs', '0001_initial'), ('programs', '0002_keep_published_and_again_after_weeks'), ('programs', '0003_quality_floor_and_share_load'), ('programs', '0004_answer_hours_and_pause'), ('programs', '0005_weekly_lines'), ('programs', '0006_rituals'), ('programs', '0007_quiet_questions')]

    initial = True

    dependencies = [
        ('organizations', '0001_squashed_0006_answers_asked_text_by_text'),
        ('people', '0001_squashed_0005_outcome_ledger'),
    ]

    operations = [
        migrations.CreateModel(
            name='Program',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('model', models.CharField(choices=[('speed', 'speed match'), ('cohort', 'cohort mentor'), ('office_hours', 'office hours'), ('project', 'project mentorship')], max_length=16)),
                ('template', models.CharField(max_length=40)),
                ('status', models.CharField(choices=[('draft', 'draft'), ('running', 'running'), ('closed', 'closed')], default='draft', max_length=8)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('session_minutes', models.PositiveSmallIntegerField(default=20)),
                ('sessions_per_mentee', models.PositiveSmallIntegerField(default=3)),
                ('within_days', models.PositiveSmallIntegerField(default=30)),
                ('min_notice_minutes', models.PositiveIntegerField(default=0)),
                ('late_cancel_minutes', models.PositiveIntegerField(default=120)),
                ('daily_cap', models.PositiveSmallIntegerField(default=0)),
                ('keep_published', models.CharField(choices=[('ties', 'only where nobody loses by it'), ('prefer', 'rather than a slightly better fit'), ('strongly', 'rather than a much better fit')], default='ties', max_length=8)),
                ('again_after_weeks', models.PositiveSmallIntegerField(default=0)),
                ('quality_floor', models.PositiveSmallIntegerField(default=30)),
                ('share_load', models.CharField(choices=[('fit', 'by fit alone'), ('gently', 'gently, at the price of a slightly worse fit'), ('evenly', 'evenly, at the price of a clearly worse fit')], default='fit', max_length=8)),
                ('answer_hours', models.PositiveSmallIntegerField(default=24)),
                ('pause_after_silent', models.PositiveSmallIntegerField(default=2)),
                ('completion_line', models.PositiveSmallIntegerField(default=85)),
                ('reply_line_hours', models.PositiveSmallIntegerField(default=48)),
                ('checklist', models.JSONField(default=list)),
                ('artifact_prompts', models.JSONField(default=dict)),
                ('objectives_per_mentee', models.PositiveSmallIntegerField(default=0)),
                ('grace_minutes', models.PositiveSmallIntegerField(default=10)),
                ('no_show_limit', models.PositiveSmallIntegerField(default=2)),
                ('no_show_weeks', models.PositiveSmallIntegerField(default=8)),
                ('no_show_pause_days', models.PositiveSmallIntegerField(default=14)),
                ('consequences', models.TextField(blank=True, default='')),
                ('seed', models.BigIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('rev', models.BigIntegerField(default=0)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'ordering': ['-starts_on', 'name'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='program_public_id'), models.CheckConstraint(condition=models.Q(('session_minutes__gte', 20), ('session_minutes__lte', 30)), name='program_session_20_to_30')],
            },
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('role', models.CharField(choices=[('mentee', 'mentee'), ('mentor', 'mentor')], max_length=8)),
                ('joined_at', models.DateTimeField()),
                ('left_at', models.DateTimeField(blank=True, null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enrolments', to='people.person')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enrolments', to='programs.program')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'program', 'person', 'role'), name='enrolment_once'), models.UniqueConstraint(fields=('organization', 'public_id'), name='enrolment_public_id')],
            },
        ),
        migrations.CreateModel(
            name='ProgramLead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='leads', to='people.person')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='leads', to='programs.program')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'program', 'person'), name='program_lead_once')],
            },
        ),
        migrations.CreateModel(
            name='QuietQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('asked_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('kept_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('back_at', models.DateTimeField(blank=True, null=True)),
                ('enrolment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='quiet_questions', to='programs.enrolment')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quiet_questions', to='programs.program')),
            ],
            options={
                'ordering': ['asked_at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='quiet_question_public_id'), models.UniqueConstraint(condition=models.Q(('ended_at', None), ('enrolment', None), ('kept_at', None)), fields=('organization', 'program'), name='quiet_question_of_program_open'), models.UniqueConstraint(condition=models.Q(('ended_at', None), ('kept_at', None)), fields=('organization', 'enrolment'), name='quiet_question_of_part_open')],
            },
        ),
        migrations.CreateModel(
            name='Objective',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('text', models.CharField(max_length=280, verbose_name='objective')),
                ('position', models.PositiveSmallIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='objectives', to='programs.enrolment')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('skill', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.skill')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='objective_public_id'), models.UniqueConstraint(fields=('organization', 'enrolment', 'position'), name='objective_position')],
            },
        ),
    ]
