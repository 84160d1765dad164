"""What a SAML provider says, written out by hand; read by the provider's process and by tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def answer(
    *,
    now: datetime,
    issuer: str,
    audience: str,
    recipient: str,
    request: str,
    subject: str,
    subject_format: str = PERSISTENT,
    attributes: dict[str, str] | None = None,
    assertion: str = "_a1",
    response: str = "_r1",
) -> str:
    """A whole answer, as yet unsigned: a response with one assertion in it."""
    until = written(now + timedelta(minutes=5))
    answers = f' InResponseTo="{request}"' if request else ""
    said = "".join(
        f'<a:Attribute Name="{escape(name)}"><a:AttributeValue'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">'
        f"{escape(value)}</a:AttributeValue></a:Attribute>"
        for name, value in (attributes or {}).items()
    )
    # `xs` is declared far above where its only use is, as real providers do.
    return (
        '<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol"'
        ' xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"'
        ' xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        f' ID="{response}" Version="2.0" IssueInstant="{written(now)}"'
        f' Destination="{recipient}"{answers}>'
        f"<a:Issuer>{escape(issuer)}</a:Issuer>"
        '<p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></p:Status>'
        f'<a:Assertion ID="{assertion}" Version="2.0" IssueInstant="{written(now)}">'
        f"<a:Issuer>{escape(issuer)}</a:Issuer>"
        f'<a:Subject><a:NameID Format="{subject_format}">{escape(subject)}</a:NameID>'
        '<a:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
        f'<a:SubjectConfirmationData Recipient="{recipient}" NotOnOrAfter="{until}"{answers}/>'
        "</a:SubjectConfirmation></a:Subject>"
        f'<a:Conditions NotBefore="{written(now)}" NotOnOrAfter="{until}">'
        f"<a:AudienceRestriction><a:Audience>{escape(audience)}</a:Audience>"
        "</a:AudienceRestriction></a:Conditions>"
        f'<a:AuthnStatement AuthnInstant="{written(now)}"><a:AuthnContext>'
        "<a:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
        "</a:AuthnContextClassRef></a:AuthnContext></a:AuthnStatement>"
        f"<a:AttributeStatement>{said}</a:AttributeStatement>"
        "</a:Assertion></p:Response>"
    )


def metadata(issuer: str, sign_in: str, certificates: list[str]) -> str:
    """What a provider says of itself; certificates in Base64, without their frame."""
    keys = "".join(
        '<m:KeyDescriptor use="signing"><d:KeyInfo><d:X509Data><d:X509Certificate>'
        f"{one}</d:X509Certificate></d:X509Data></d:KeyInfo></m:KeyDescriptor>"
        for one in certificates
    )
    return (
        '<?xml version="1.0"?><m:EntityDescriptor xmlns:m="urn:oasis:names:tc:SAML:2.0:metadata"'
        f' xmlns:d="http://www.w3.org/2000/09/xmldsig#" entityID="{issuer}">'
        "<m:IDPSSODescriptor"
        ' protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        f"{keys}<m:SingleSignOnService"
        ' Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://post.invalid/"/>'
        '<m:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"'
        f' Location="{sign_in}"/></m:IDPSSODescriptor></m:EntityDescriptor>'
    )
