"""One SAML provider's process for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from factories.saml import SamlProcess, a_saml_provider


@pytest.fixture(scope="package")
def there() -> Iterator[SamlProcess]:
    with a_saml_provider() as process:
        yield process
