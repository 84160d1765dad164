import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organizations', '0007_purposes_without_a_list'),
    ]

    operations = [
        migrations.CreateModel(
            name='Connection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('kind', models.CharField(max_length=32)),
                ('name', models.CharField(max_length=80)),
                ('address', models.CharField(max_length=64)),
                ('is_on', models.BooleanField(default=True)),
                ('settings', models.JSONField(default=dict)),
                ('connected_at', models.DateTimeField()),
                ('connected_by', models.CharField(max_length=80)),
                ('event_at', models.DateTimeField(blank=True, null=True)),
                ('event_kind', models.CharField(blank=True, default='', max_length=64)),
                ('ok_at', models.DateTimeField(blank=True, null=True)),
                ('failed_at', models.DateTimeField(blank=True, null=True)),
                ('failure', models.CharField(blank=True, default='', max_length=48)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('stopped_for', models.CharField(blank=True, default='', max_length=48)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('organization', 'public_id'), name='connection_public_id'),
                    models.UniqueConstraint(fields=('organization', 'name'), name='connection_name_once'),
                    models.UniqueConstraint(fields=('organization', 'address'), name='connection_address_once'),
                ],
                'indexes': [
                    models.Index(fields=['address'], name='connection_address'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ConnectionSecret',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('field', models.CharField(max_length=32)),
                ('sealed', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='secrets', to='connections.connection')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('ends_at', None)), fields=('organization', 'connection', 'field'), name='connection_secret_newest'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('kind', models.CharField(max_length=64)),
                ('content', models.JSONField(default=dict)),
                ('happened_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('given-up', 'given up')], default='waiting', max_length=8)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('tried_at', models.DateTimeField(blank=True, null=True)),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('failure', models.CharField(blank=True, default='', max_length=48)),
                ('again', models.PositiveIntegerField(default=0)),
                ('purge_on', models.DateField()),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='connections.connection')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('organization', 'public_id'), name='delivery_public_id'),
                ],
                'indexes': [
                    models.Index(fields=['organization', 'purge_on'], name='delivery_purge'),
                    models.Index(fields=['organization', 'connection', 'id'], name='delivery_newest'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('delivery', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('kind', models.CharField(max_length=64)),
                ('fields', models.JSONField(default=dict)),
                ('about', models.CharField(blank=True, default='', max_length=200)),
                ('fact', models.CharField(blank=True, default='', max_length=120)),
                ('holds', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('received', 'waiting'), ('done', 'done'), ('ignored', 'of no use'), ('parked', 'put aside')], default='received', max_length=8)),
                ('reason', models.CharField(blank=True, default='', max_length=120)),
                ('tries', models.PositiveIntegerField(default=1)),
                ('received_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('purge_on', models.DateField()),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='connections.connection')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('organization', 'public_id'), name='event_public_id'),
                    models.UniqueConstraint(fields=('organization', 'connection', 'delivery'), name='event_delivery_once'),
                    models.UniqueConstraint(condition=models.Q(('holds', True)), fields=('organization', 'connection', 'about', 'fact'), name='event_effect_once'),
                ],
                'indexes': [
                    models.Index(fields=['organization', 'purge_on'], name='event_purge'),
                    models.Index(fields=['organization', 'connection', 'state'], name='event_state'),
                ],
            },
        ),
    ]
