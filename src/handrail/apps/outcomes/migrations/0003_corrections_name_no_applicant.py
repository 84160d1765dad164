"""What is kept of corrected offers for good names their row, and no applicant."""

from django.db import migrations

from handrail.apps.organizations.guards import rewriting


def name_nobody(apps, schema_editor):
    """Put the number of the offer's row in place of the applicant's id."""
    corrections = apps.get_model("people", "LedgerCorrection")._base_manager
    offers = apps.get_model("outcomes", "JobOffer")._base_manager
    with rewriting(schema_editor.connection, corrections.model._meta.db_table):
        for row in corrections.filter(about="offer").order_by("pk").iterator(chunk_size=500):
            corrected = offers.filter(
                organization_id=row.organization_id,
                applicant=row.subject,
                superseded_at=row.corrected_at,
            ).first()
            before, after = dict(row.before), dict(row.after)
            before.pop("applicant", None)
            after.pop("applicant", None)
            corrections.filter(pk=row.pk).update(
                subject=str(corrected.pk) if corrected else "-", before=before, after=after
            )


class Migration(migrations.Migration):

    dependencies = [
        ('outcomes', '0002_linked_accounts'),
        ('people', '0005_outcome_ledger'),
    ]

    operations = [migrations.RunPython(name_nobody, migrations.RunPython.noop)]
