import django.db.models.deletion
import uuid
from django.db import migrations, models


def add_lexemes(apps, schema_editor):
    """PostgreSQL keeps the words it searches in a column of its own; SQLite's FTS5 is no migration."""
    if schema_editor.connection.vendor != "postgresql":
        return
    parts = (("title", "A"), ("aliases", "B"), ("body", "C"))
    words = " || ".join(
        f"setweight(to_tsvector('simple', {column}), '{weight}')" for column, weight in parts
    )
    schema_editor.execute(
        f"ALTER TABLE answers_searchentry ADD COLUMN lexemes tsvector"
        f" GENERATED ALWAYS AS ({words}) STORED"
    )
    schema_editor.execute(
        "CREATE INDEX search_entry_lexemes ON answers_searchentry USING gin (lexemes)"
    )


class Migration(migrations.Migration):

    replaces = [('answers', '0001_answers_and_questions'), ('answers', '0002_search_index')]

    initial = True

    dependencies = [
        ('mentoring_sessions', '0001_squashed_0010_operations_and_own_notes'),
        ('organizations', '0001_squashed_0006_answers_asked_text_by_text'),
        ('people', '0001_squashed_0005_outcome_ledger'),
    ]

    operations = [
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('artifact_rev', models.PositiveIntegerField(default=0)),
                ('language', models.CharField(default='en', max_length=8)),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('live', 'approved'), ('dismissed', 'not made an answer'), ('duplicate', 'the same as another one'), ('deleted', 'deleted')], default='proposed', max_length=10)),
                ('wanted', models.JSONField(default=dict)),
                ('audience', models.PositiveSmallIntegerField(choices=[(0, 'the people of the session'), (1, 'the team'), (2, 'the whole organisation'), (3, 'everybody, without an account')], default=0)),
                ('next_step_to', models.PositiveSmallIntegerField(choices=[(0, 'the people of the session'), (1, 'the team'), (2, 'the whole organisation'), (3, 'everybody, without an account')], default=0)),
                ('link_to', models.PositiveSmallIntegerField(choices=[(0, 'the people of the session'), (1, 'the team'), (2, 'the whole organisation'), (3, 'everybody, without an account')], default=0)),
                ('created_at', models.DateTimeField()),
                ('checked_on', models.DateField(blank=True, null=True)),
                ('review_by', models.DateField(blank=True, null=True)),
                ('superseded_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('uses', models.PositiveIntegerField(default=0)),
                ('seq', models.BigIntegerField(default=0)),
                ('rev', models.BigIntegerField(default=0)),
                ('artifact', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answer', to='mentoring_sessions.artifact')),
                ('duplicate_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='duplicates', to='answers.answer')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answers', to='people.person')),
                ('skill', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answers', to='people.skill')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answers', to='people.team')),
            ],
        ),
        migrations.CreateModel(
            name='AnswerRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('n', models.PositiveIntegerField()),
                ('question', models.CharField(max_length=280, verbose_name='question')),
                ('body', models.TextField(verbose_name='answer')),
                ('next_step', models.TextField(blank=True, default='', verbose_name='what comes next')),
                ('link', models.URLField(blank=True, default='', max_length=500, verbose_name='link')),
                ('written_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='answers.answer')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.person')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.person')),
            ],
            options={
                'ordering': ['n'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'answer', 'n'), name='answer_revision_n'), models.UniqueConstraint(condition=models.Q(('approved_at', None)), fields=('organization', 'answer'), name='answer_one_draft')],
            },
        ),
        migrations.AddField(
            model_name='answer',
            name='current',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='answers.answerrevision'),
        ),
        migrations.CreateModel(
            name='AnswerSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(blank=True, default='')),
                ('contact', models.TextField(blank=True, default='')),
                ('alarm_hours', models.PositiveSmallIntegerField(default=24)),
                ('rev', models.BigIntegerField(default=0)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization',), name='answer_settings_once')],
            },
        ),
        migrations.CreateModel(
            name='AnswerUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('reads', models.PositiveIntegerField(default=0)),
                ('solved', models.PositiveIntegerField(default=0)),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='used', to='answers.answer')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'answer', 'day'), name='answer_use_day')],
            },
        ),
        migrations.CreateModel(
            name='AnswerVector',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=40)),
                ('n', models.PositiveSmallIntegerField()),
                ('vector', models.BinaryField()),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='vectors', to='answers.answer')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'answer', 'model', 'n'), name='answer_vector_once')],
            },
        ),
        migrations.CreateModel(
            name='AnswerWriter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(choices=[('question', 'question'), ('body', 'answer'), ('next_step', 'what comes next'), ('link', 'link')], max_length=10)),
                ('since', models.PositiveIntegerField()),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='writers', to='answers.answer')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'answer', 'field', 'since', 'person'), name='answer_writer_once')],
            },
        ),
        migrations.CreateModel(
            name='EdgeProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=40)),
                ('labels', models.PositiveIntegerField()),
                ('answer', models.FloatField(null=True)),
                ('found_at', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'model'), name='edge_proposal_once')],
            },
        ),
        migrations.CreateModel(
            name='Phrasing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('text', models.CharField(max_length=280)),
                ('normal', models.CharField(max_length=280)),
                ('times', models.PositiveIntegerField(default=1)),
                ('state', models.CharField(choices=[('suggested', 'suggested'), ('alias', 'alias'), ('dismissed', 'put aside')], default='suggested', max_length=10)),
                ('first_at', models.DateTimeField()),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phrasings', to='answers.answer')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'ordering': ['-times', 'id'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='phrasing_public_id'), models.UniqueConstraint(fields=('organization', 'answer', 'normal'), name='phrasing_once')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('text', models.CharField(max_length=280, verbose_name='question')),
                ('normal', models.CharField(max_length=280)),
                ('note', models.TextField(blank=True, default='')),
                ('language', models.CharField(default='en', max_length=8)),
                ('state', models.CharField(choices=[('open', 'open'), ('solved', 'solved by an answer'), ('booked', 'a session is booked'), ('queued', 'waits for somebody'), ('answered', 'answered'), ('withdrawn', 'taken back')], default='open', max_length=10)),
                ('route', models.CharField(blank=True, choices=[('', ''), ('no_answer', 'nothing fits well enough'), ('expired', 'the best answer has not been checked for long'), ('not_this', 'two answers did not help'), ('words', 'it is about something that a person should hear')], default='', max_length=10)),
                ('hits', models.JSONField(default=list)),
                ('asked_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('queued_at', models.DateTimeField(blank=True, null=True)),
                ('alarmed_at', models.DateTimeField(blank=True, null=True)),
                ('offered_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('rev', models.BigIntegerField(default=0)),
                ('answer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='questions', to='answers.answer')),
                ('asker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='questions', to='people.person')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('same_as', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='others', to='answers.question')),
                ('session', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='question', to='mentoring_sessions.session')),
                ('skill', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='questions', to='people.skill')),
            ],
            options={
                'ordering': ['-asked_at', '-id'],
                'indexes': [models.Index(fields=['organization', 'state', 'queued_at'], name='question_queue'), models.Index(fields=['organization', 'normal'], name='question_normal'), models.Index(fields=['organization', 'closed_at'], name='question_closed')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='question_public_id')],
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=40)),
                ('score', models.FloatField()),
                ('band', models.CharField(choices=[('answer', 'the answer'), ('perhaps', 'perhaps'), ('ask', 'ask a person')], max_length=8)),
                ('outcome', models.CharField(blank=True, choices=[('', ''), ('solved', 'solved it'), ('not_this', 'not this')], default='', max_length=10)),
                ('shown_at', models.DateTimeField()),
                ('said_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='looks', to='answers.answer')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='looks', to='answers.question')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'question', 'answer'), name='look_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchEdges',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=40)),
                ('answer', models.FloatField()),
                ('perhaps', models.FloatField()),
                ('applied_at', models.DateTimeField()),
                ('applied_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.person')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'model'), name='search_edges_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=8)),
                ('analyser', models.PositiveSmallIntegerField()),
                ('title', models.TextField()),
                ('aliases', models.TextField(blank=True, default='')),
                ('body', models.TextField(blank=True, default='')),
                ('answer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='entry', to='answers.answer')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'answer'), name='search_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.BigIntegerField()),
                ('audience', models.PositiveSmallIntegerField(choices=[(0, 'the people of the session'), (1, 'the team'), (2, 'the whole organisation'), (3, 'everybody, without an account')])),
                ('at', models.DateTimeField()),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tombstones', to='answers.answer')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.team')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'at'], name='tombstone_age')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'seq'), name='tombstone_seq')],
            },
        ),
        migrations.CreateModel(
            name='AnswerCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.BigIntegerField(default=0)),
                ('forgotten', models.BigIntegerField(default=0)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization',), name='answer_counter_once')],
            },
        ),
        migrations.CreateModel(
            name='AnswerPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='answers.answer')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own_answers', to='people.person')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'answer', 'person'), name='answer_person_once')],
            },
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(fields=['organization', 'seq'], name='answer_seq'),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(fields=['organization', 'state', 'review_by'], name='answer_review'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(fields=('organization', 'public_id'), name='answer_public_id'),
        ),
        migrations.RunPython(add_lexemes, migrations.RunPython.noop),
    ]
