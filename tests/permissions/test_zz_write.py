import csv
import pytest
from test_matrix import asked, ROLES
from asking import ask


@pytest.mark.django_db
def test_write(cast):
    with open("/work/main/tests/permissions/matrix.csv", "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(["kind", "name", "method", "whose", *ROLES])
        for d, whose in asked():
            w.writerow(
                [
                    d.kind,
                    d.name,
                    d.method,
                    whose,
                    *[ask(d, cast, r, "own" if whose == "-" else whose) for r in ROLES],
                ]
            )
