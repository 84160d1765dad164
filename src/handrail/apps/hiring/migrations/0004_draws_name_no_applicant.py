"""Applicants in the ledgers of lotteries become hashes, and each offer says how it was drawn."""

import secrets

from django.db import migrations, models

from handrail.apps.hiring.drawn import hashed, place_of
from handrail.apps.organizations.guards import rewriting
from handrail.apps.organizations.sealing import seal


def name_nobody(apps, schema_editor):
    """Look up the draw of every offer while it can be found, then hash whom it is about."""
    lotteries = apps.get_model("hiring", "OfferLottery")._base_manager
    draws = apps.get_model("hiring", "OfferDraw")._base_manager
    offers = apps.get_model("hiring", "Offer")._base_manager
    for lottery in lotteries.order_by("pk"):
        theirs = offers.filter(organization_id=lottery.organization_id).exclude(
            applicant__startswith="gone-"
        )
        mine = {row.about: row for row in draws.filter(lottery=lottery)}
        for offer in theirs if mine else ():
            about = offer.requisition
            if lottery.unit == "offer":
                about += f"|{offer.applicant}"
            row = mine.get(about)
            if row is not None and row.drawn_at <= offer.offered_at:
                offer.drawn_in, offer.drawn_arm, offer.drawn_at = lottery, row.arm, row.drawn_at
                offer.save(update_fields=["drawn_in", "drawn_arm", "drawn_at"])
        if lottery.unit == "offer":
            key = secrets.token_bytes(32)
            lottery.sealed_key = seal(key.hex(), place=place_of(lottery, "key"))
            lottery.save(update_fields=["sealed_key"])
            with rewriting(schema_editor.connection, draws.model._meta.db_table):
                for about, row in mine.items():
                    requisition, _bar, applicant = about.partition("|")
                    draws.filter(pk=row.pk).update(about=hashed(key, requisition, applicant))


class Migration(migrations.Migration):

    dependencies = [
        ('hiring', '0003_offers_keep_how_they_were_drawn'),
    ]

    operations = [
        migrations.AddField(
            model_name='offer',
            name='drawn_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='offerlottery',
            name='sealed_key',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.RunPython(name_nobody, migrations.RunPython.noop),
    ]
