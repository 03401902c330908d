"""TLS profiles for old servers, and what OpenSSL's complaints mean.

``modern`` is Python's default; ``legacy-renegotiation`` also takes servers without RFC 5746; ``seclevel1`` also takes 1024-bit
keys and key exchanges. Certificates are verified under each of them unless the site's entry says otherwise.
"""

from __future__ import annotations

import ssl

import certifi

from scraper.errors import FetchError

# OpenSSL's reasons that another profile cures; a certificate that fails is none of them.
_CURABLE = (
    "UNSAFE_LEGACY_RENEGOTIATION_DISABLED",
    "DH_KEY_TOO_SMALL",
    "UNSUPPORTED_PROTOCOL",
    "NO_PROTOCOLS_AVAILABLE",
    "NO_CIPHERS_AVAILABLE",
    "WRONG_SIGNATURE_TYPE",
    "HANDSHAKE_FAILURE",
    "ALERT_PROTOCOL_VERSION",
    "ALERT_INSUFFICIENT_SECURITY",
    "TLSV1_ALERT_INTERNAL_ERROR",
    "BAD_ECPOINT",
    "EE_KEY_TOO_SMALL",
    "CA_KEY_TOO_SMALL",
    "CA_MD_TOO_WEAK",
    "VERSION_TOO_LOW",
    "INAPPROPRIATE_FALLBACK",
    "WRONG_SSL_VERSION",
    "INVALID_KEY_LENGTH",
)


def tls_context(profile: str, verify: bool) -> ssl.SSLContext:
    """The context of a profile."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())  # beside the system's own, which minimal machines lack
    if profile != "modern":
        context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    if profile == "seclevel1":
        context.set_ciphers("DEFAULT@SECLEVEL=1")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    if not verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def explain_tls(error: ssl.SSLError) -> FetchError:
    """The named error for a failed handshake; ``next_profile`` where a more lenient one may do."""
    text = str(error).upper().replace(" ", "_").replace("-", "_")
    if any(reason in text for reason in _CURABLE):
        return FetchError("tls_handshake", f"no common TLS version or cipher: {error}", next_profile=True)
    if isinstance(error, ssl.SSLCertVerificationError):
        return FetchError("tls_certificate", f"the certificate does not verify: {error.verify_message}")
    return FetchError("tls_handshake", f"the server speaks no TLS that works here: {error}")
