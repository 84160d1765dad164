"""What went wrong with a provider, in words for whoever sets it up or signs in."""

from __future__ import annotations

from django.utils.translation import gettext as _


def trouble_words(trouble: str) -> str:
    """What went wrong with a provider, and what to look at."""
    words = {
        "away": _("The provider does not answer. Try again later."),
        "not-a-provider": _("What answers there does not describe an OpenID Connect provider."),
        "other-issuer": _(
            "What answers there calls itself something else. Copy its issuer exactly."
        ),
        "refused": _(
            "The provider did not take our question. Check client id, secret and the address to"
            " come back to."
        ),
        "no-token": _("The provider's answer names nobody."),
        "bad-signature": _("The provider's answer is not signed by its own key."),
        "other-audience": _("The provider's answer was made for somebody else."),
        "stale": _("The provider's answer is too old. Check both clocks."),
        "other-nonce": _("The provider's answer belongs to another sign-in. Begin again."),
        "saml-not-installed": _(
            "This server does not read SAML yet. Whoever runs it says make saml, and starts it"
            " again."
        ),
        "saml-not-set-up": _("The provider's metadata are not here yet."),
        "not-saml": _("This is not what a SAML provider sends, or more than we read."),
        "saml-refused": _("The provider did not sign you in, it says."),
        "saml-encrypted": _(
            "The provider's answer is encrypted. Switch encryption of assertions off there: what it"
            " sends goes through TLS."
        ),
        "saml-unsigned": _("The provider's answer is not signed. Have it sign the assertion."),
        "saml-other-address": _("The provider's answer was sent to somebody else's address."),
        "saml-unasked": _("Nobody here asked the provider. Begin on the page of ours."),
        "saml-replayed": _("The provider's answer was used already, or too late. Begin again."),
        "saml-passing-name": _(
            "The provider gives you a new name each time. Have it send one that lasts (persistent)."
        ),
        "unsealable": _("The secret that is kept here cannot be opened. Give it again."),
    }
    return words.get(trouble, _("The provider's answer is not believed."))
