import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('calendars', '0002_initial'),
        ('mentoring_sessions', '0003_call_link'),
        ('organizations', '0002_organization_erasing_since'),
        ('people', '0002_person_call_link'),
        ('programs', '0004_answer_hours_and_pause'),
    ]

    operations = [
        migrations.CreateModel(
            name='MentoringRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('objective', models.CharField(max_length=280, verbose_name='objective')),
                ('note', models.TextField(blank=True, default='')),
                ('minutes', models.PositiveSmallIntegerField()),
                ('goes_on', models.BooleanField(default=True)),
                ('state', models.CharField(choices=[('asked', 'a mentor is asked'), ('tell_more', 'the mentor would like to know more'), ('booked', 'booked'), ('nobody', 'nobody could be found'), ('withdrawn', 'withdrawn')], default='asked', max_length=10)),
                ('created_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('rev', models.BigIntegerField(default=0)),
                ('mentee', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='people.person')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='programs.program')),
                ('session', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='request', to='mentoring_sessions.session')),
                ('skill', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.skill')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(fields=['organization', 'state'], name='request_state')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='mentoring_request_public_id'), models.UniqueConstraint(condition=models.Q(('state__in', ('asked', 'tell_more'))), fields=('organization', 'program', 'mentee'), name='mentoring_request_one_open'), models.CheckConstraint(condition=models.Q(('minutes__gte', 20), ('minutes__lte', 30)), name='mentoring_request_20_to_30')],
            },
        ),
        migrations.CreateModel(
            name='Ask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('n', models.PositiveSmallIntegerField()),
                ('reasons', models.JSONField(default=list)),
                ('asked_at', models.DateTimeField()),
                ('answer_by', models.DateTimeField()),
                ('answer', models.CharField(choices=[('waiting', 'not answered yet'), ('accepted', 'accepted'), ('declined', 'declined'), ('silent', 'not answered in time'), ('withdrawn', 'taken back')], default='waiting', max_length=10)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('booking', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='ask', to='calendars.booking')),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asked', to='people.person')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asks', to='mentoring_requests.mentoringrequest')),
            ],
            options={
                'ordering': ['n'],
                'indexes': [models.Index(fields=['organization', 'answer', 'answer_by'], name='ask_answer_by'), models.Index(fields=['organization', 'mentor', 'asked_at'], name='ask_mentor')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='ask_public_id'), models.UniqueConstraint(fields=('organization', 'request', 'n'), name='ask_n_once'), models.UniqueConstraint(fields=('organization', 'request', 'mentor'), name='ask_mentor_once'), models.UniqueConstraint(condition=models.Q(('answer', 'waiting')), fields=('organization', 'request'), name='ask_one_waiting')],
            },
        ),
        migrations.CreateModel(
            name='RequestMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('body', models.TextField()),
                ('written_at', models.DateTimeField()),
                ('ask', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='mentoring_requests.ask')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.person')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='request_message_public_id')],
            },
        ),
    ]
