import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organizations', '0004_quiet_and_thanks'),
        ('people', '0005_outcome_ledger'),
        ('programs', '0007_quiet_questions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pilot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('name', models.CharField(max_length=120)),
                ('state', models.CharField(choices=[('draft', 'being planned'), ('open', 'running'), ('closed', 'closed')], default='draft', max_length=8)),
                ('sponsor', models.CharField(blank=True, default='', max_length=200)),
                ('starts_on', models.DateField()),
                ('hired_from', models.DateField()),
                ('planned_hires', models.PositiveIntegerField(default=40)),
                ('take_up', models.PositiveSmallIntegerField(default=100)),
                ('measure', models.CharField(choices=[('first_merge', 'time to the first merge'), ('task', 'time to the target task'), ('retention_90', 'still here at 90 days'), ('retention_180', 'still here at 180 days')], default='first_merge', max_length=16)),
                ('task', models.CharField(blank=True, default='', max_length=120)),
                ('claims', models.JSONField(default=list)),
                ('comparison', models.CharField(choices=[('lottery', 'a lottery: offered now, or on the waiting list'), ('none', 'no lottery: everybody is offered it, an association at most')], default='lottery', max_length=8)),
                ('waits_days', models.PositiveSmallIntegerField(default=91)),
                ('compares_later', models.BooleanField(default=False)),
                ('looks', models.BooleanField(default=True)),
                ('hires_per_mentor', models.PositiveSmallIntegerField(default=1)),
                ('session_cost', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('value_low', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('value_high', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('currency', models.CharField(blank=True, default='', max_length=3)),
                ('mobility_rule', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('plan', models.JSONField(default=dict)),
                ('plan_digest', models.CharField(blank=True, default='', max_length=64)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('started_by', models.CharField(blank=True, default='', max_length=80)),
                ('strata', models.JSONField(default=list)),
                ('places', models.PositiveIntegerField(default=0)),
                ('commitment', models.CharField(blank=True, default='', max_length=64)),
                ('sealed_seed', models.TextField(blank=True, default='')),
                ('revealed_seed', models.CharField(blank=True, default='', max_length=64)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('followed_at', models.DateTimeField(blank=True, null=True)),
                ('rev', models.BigIntegerField(default=0)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('program', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='pilot', to='programs.program')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.team')),
            ],
            options={
                'ordering': ['-starts_on', 'name'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='pilot_public_id'), models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('plan_digest', ''), _negated=True), _connector='OR'), name='pilot_runs_on_a_frozen_plan')],
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('result', models.JSONField(default=dict)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seen', to='pilots.pilot')),
            ],
            options={
                'ordering': ['day'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'pilot', 'day'), name='pilot_look_once')],
            },
        ),
        migrations.CreateModel(
            name='Hire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('objectives', models.JSONField(default=list)),
                ('added_at', models.DateTimeField()),
                ('assigned_at', models.DateTimeField(blank=True, null=True)),
                ('t0', models.DateField(blank=True, null=True)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('opted_out_at', models.DateTimeField(blank=True, null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hires', to='people.person')),
                ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hires', to='pilots.pilot')),
            ],
            options={
                'ordering': ['public_id'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'pilot', 'person'), name='hire_once'), models.UniqueConstraint(fields=('organization', 'public_id'), name='hire_public_id')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.UUIDField()),
                ('stratum', models.CharField(max_length=200)),
                ('place', models.PositiveIntegerField()),
                ('arm', models.CharField(max_length=8)),
                ('corrects', models.BooleanField(default=False)),
                ('void', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, default='', max_length=280)),
                ('assigned_at', models.DateTimeField()),
                ('assigned_by', models.CharField(max_length=80)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='pilots.pilot')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('corrects', False)), fields=('organization', 'pilot', 'stratum', 'place'), name='assignment_place_once'), models.UniqueConstraint(condition=models.Q(('corrects', False)), fields=('organization', 'pilot', 'subject'), name='assignment_subject_once')],
            },
        ),
        migrations.CreateModel(
            name='RuleChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('reason', models.CharField(max_length=280)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.CharField(max_length=80)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rule_changes', to='pilots.pilot')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
    ]
