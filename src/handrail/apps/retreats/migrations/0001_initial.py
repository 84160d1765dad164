import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organizations', '0002_organization_erasing_since'),
        ('people', '0002_person_call_link'),
    ]

    operations = [
        migrations.CreateModel(
            name='Hub',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('address', models.CharField(blank=True, max_length=300, verbose_name='address')),
                ('timezone', models.CharField(max_length=64)),
                ('shipping_days', models.PositiveSmallIntegerField(default=5)),
                ('closed_on', models.JSONField(default=list)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Retreat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('objective', models.CharField(max_length=280, verbose_name='objective')),
                ('template', models.CharField(max_length=40)),
                ('status', models.CharField(choices=[('draft', 'draft'), ('announced', 'announced'), ('called_off', 'called off')], default='draft', max_length=12)),
                ('timezone', models.CharField(max_length=64)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('created_at', models.DateTimeField()),
                ('rev', models.BigIntegerField(default=0)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('planner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='planned_retreats', to='people.person')),
            ],
            options={
                'ordering': ['-starts_on', 'name'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='retreat_public_id'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='retreat_ends_after')],
            },
        ),
        migrations.CreateModel(
            name='KitItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('per_person', models.BooleanField(default=False)),
                ('quantity', models.PositiveSmallIntegerField(default=1)),
                ('to_ship', models.BooleanField(default=False)),
                ('hub', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='retreats.hub')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('retreat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kit', to='retreats.retreat')),
            ],
            options={
                'ordering': ['-per_person', 'id'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='kit_item_public_id'), models.UniqueConstraint(fields=('organization', 'retreat', 'name'), name='kit_item_name_once')],
            },
        ),
        migrations.AddField(
            model_name='hub',
            name='retreat',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hubs', to='retreats.retreat'),
        ),
        migrations.CreateModel(
            name='Guest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('comes_from', models.CharField(blank=True, max_length=120, verbose_name='comes from')),
                ('arrives_at', models.DateTimeField(blank=True, null=True)),
                ('leaves_at', models.DateTimeField(blank=True, null=True)),
                ('needs', models.TextField(blank=True)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('taken_off_at', models.DateTimeField(blank=True, null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='retreats', to='people.person')),
                ('hub', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guests', to='retreats.hub')),
                ('retreat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guests', to='retreats.retreat')),
            ],
            options={
                'ordering': ['person__name', 'id'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'retreat', 'person'), name='retreat_guest_once'), models.UniqueConstraint(fields=('organization', 'public_id'), name='retreat_guest_public_id')],
            },
        ),
        migrations.CreateModel(
            name='DayEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('told_sequence', models.PositiveIntegerField(default=0)),
                ('told', models.CharField(max_length=64)),
                ('is_live', models.BooleanField(default=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('retreat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='retreats.retreat')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'retreat', 'number'), name='retreat_day_once'), models.UniqueConstraint(fields=('organization', 'public_id'), name='retreat_day_public_id')],
            },
        ),
        migrations.CreateModel(
            name='AgendaBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('day', models.PositiveSmallIntegerField()),
                ('starts_min', models.PositiveSmallIntegerField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('work', 'work'), ('mentoring', 'mentoring'), ('social', 'meal or break')], default='work', max_length=10)),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('objective', models.CharField(blank=True, max_length=280, verbose_name='objective')),
                ('led_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.person')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('retreat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to='retreats.retreat')),
            ],
            options={
                'ordering': ['day', 'starts_min', 'id'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'public_id'), name='agenda_block_public_id')],
            },
        ),
        migrations.CreateModel(
            name='KitPiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('n', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('open', 'open'), ('ready', 'packed or ordered'), ('shipped', 'shipped'), ('arrived', 'arrived')], default='open', max_length=8)),
                ('guest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='pieces', to='retreats.guest')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='retreats.kititem')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'ordering': ['n'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'item', 'n'), name='kit_piece_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='hub',
            constraint=models.UniqueConstraint(fields=('organization', 'public_id'), name='hub_public_id'),
        ),
        migrations.AddConstraint(
            model_name='hub',
            constraint=models.UniqueConstraint(fields=('organization', 'retreat', 'name'), name='hub_name_once'),
        ),
    ]
