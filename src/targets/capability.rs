//! What a bank can do, as far as checks depend on it.

use crate::evidence::operation::Operation;

/// Who says whether a bank has a capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The target file declares it.
    Declared,
    /// It follows from other parts of the target file.
    Derived,
    /// The metadata document says so; the target file may declare it too.
    Discovered,
}

/// One capability.
#[derive(Clone, Copy, Debug)]
pub struct Capability {
    /// As `@needs:` and the target file spell it.
    pub name: &'static str,
    /// Who says so.
    pub source: Source,
    /// Why a check that needs it does not apply where it is missing: ends the sentence "not applicable: …".
    pub missing: &'static str,
}

impl Capability {
    /// A bank may be without it and no target file can bring it.
    pub fn is_left_to_the_bank(&self) -> bool {
        self.source != Source::Derived || OF_THE_BANK.contains(&self.name)
    }
}

/// What the target file tells of a bank that has chosen otherwise.
const OF_THE_BANK: [&str; 17] = [
    "authorization",
    "authorization-server",
    "discovery",
    "operation",
    "tls-client-auth",
    "private-key-jwt",
    "client-secret",
    "client-secret-basic",
    "par-enforced",
    "psu-redirect",
    "psu-decoupled",
    "psu-decoupled-deny",
    "signature-required",
    "signature-berlin-group",
    "signature-uk-jws",
    "signature-rfc9421",
    "signed-responses",
];

const fn capability(name: &'static str, source: Source, missing: &'static str) -> Capability {
    Capability { name, source, missing }
}

/// Every capability that a check can need.
pub const ALL: &[Capability] = &[
    capability("payments", Source::Derived, "the target has no payment API"),
    capability(
        "authorization",
        Source::Derived,
        "the target has nothing that the TPP can have authorised by OAuth, no [psu] that does it, or its client_authentication is none that the bank offers",
    ),
    capability("authorization-server", Source::Derived, "the target names no authorization server"),
    capability("protected-resource", Source::Declared, "the target names nothing that opens by access token alone"),
    capability("discovery", Source::Derived, "the target file names the endpoints by hand"),
    capability("second-tpp", Source::Derived, "the target file has no second TPP with the same roles"),
    capability(
        "ais-only-tpp",
        Source::Derived,
        "the target file has no TPP that is licensed for account information alone",
    ),
    capability("second-certificate", Source::Derived, "the target file has no renewed certificate for the TPP"),
    capability(
        "tls-client-auth",
        Source::Derived,
        "the TPP does not authenticate by a certificate of a CA (tls_client_auth) at the authorization server",
    ),
    capability("private-key-jwt", Source::Derived, "no TPP of the target file authenticates by private_key_jwt"),
    capability(
        "client-secret",
        Source::Derived,
        "no TPP of the target file has a client_secret, or the bank's profile lets none authenticate by it",
    ),
    capability(
        "client-secret-basic",
        Source::Derived,
        "no TPP of the target file authenticates by client_secret_basic, or the bank's profile lets none do so",
    ),
    capability("test-ca", Source::Derived, "the target file has no test CA"),
    capability(
        // A family: what follows a colon is the name of a defect, `bad-certificate:expired`.
        "bad-certificate",
        Source::Derived,
        "the target file has neither a test CA nor a ready-made certificate with that defect",
    ),
    capability("trust-service", Source::Derived, "the target file has no test CA with a trust service"),
    capability(
        "revoked-by-crl",
        Source::Derived,
        "the target file has neither a trust service nor a ready-made certificate that a CRL lists",
    ),
    capability(
        "revoked-by-ocsp",
        Source::Derived,
        "the target file has neither a trust service nor a ready-made certificate that an OCSP responder calls revoked",
    ),
    capability(
        "unregistered-tpps",
        Source::Declared,
        "the bank does not declare that it serves TPPs that were not registered before",
    ),
    capability(
        "registered-redirect-uris",
        Source::Derived,
        "the bank takes addresses that a client has not registered in the requests that it pushes (RFC 9126 2.4), as its policy \
         `unregistered-redirect-uris` says",
    ),
    capability("redirect-uri-with-query", Source::Derived, "no registered redirect_uri of the TPP has a query"),
    capability("psu", Source::Derived, "the target file has no [psu]: nobody plays the customer"),
    capability("psu-pages", Source::Derived, "the PSU agent of the target file that approves sees no page of the bank"),
    capability("psu-redirect", Source::Derived, "no PSU agent of the target file can be sent to the bank and approve"),
    capability(
        "psu-decoupled",
        Source::Derived,
        "no PSU agent of the target file can approve on a device of its own (see [psu.decoupled], approve)",
    ),
    capability(
        "psu-decoupled-deny",
        Source::Derived,
        "no PSU agent of the target file can deny on a device of its own (see [psu.decoupled], deny)",
    ),
    capability("psu-cancel", Source::Derived, "no PSU agent of the target file can cancel (see [psu], buttons.cancel)"),
    capability("psu-deny", Source::Derived, "no PSU agent of the target file can deny (see [psu], buttons.deny)"),
    capability("psu-mistype", Source::Derived, "no PSU agent of the target file can mistype (see [psu], secrets)"),
    capability("psu-abandon", Source::Derived, "no PSU agent of the target file can walk away and come back later"),
    capability(
        "psu-meddle",
        Source::Derived,
        "no PSU agent of the target file can send forms otherwise than the bank's pages have them (`form-script` can)",
    ),
    capability(
        "one-time-code",
        Source::Derived,
        "no PSU agent of the target file can mistype the one-time code (see [psu], one_time_code)",
    ),
    capability("revocation", Source::Discovered, "the bank offers no revocation endpoint"),
    capability("introspection", Source::Declared, "the bank does not declare an introspection endpoint for TPPs"),
    capability("par", Source::Discovered, "the bank has no endpoint for pushed authorization requests (RFC 9126)"),
    capability("par-required", Source::Discovered, "the bank does not require authorization requests to be pushed"),
    capability(
        "par-enforced",
        Source::Derived,
        "neither the bank nor the registration of a TPP requires authorization requests to be pushed",
    ),
    capability("jwks", Source::Discovered, "the bank publishes no key set"),
    capability("iss-parameter", Source::Discovered, "the bank does not advertise the iss parameter (RFC 9207)"),
    capability("bound-tokens", Source::Discovered, "the bank does not bind access tokens to certificates (RFC 8705)"),
    capability("client-credentials", Source::Discovered, "the bank does not offer the client credentials grant"),
    capability(
        "psu-may-be-locked",
        Source::Declared,
        "the target file neither names customers who may be locked out (see [psu], lockable) nor allows it of the ordinary one",
    ),
    capability("cancellation", Source::Declared, "the bank does not let a TPP cancel payments"),
    capability("refresh-tokens", Source::Declared, "the bank issues no refresh tokens"),
    capability(
        "jwt-access-tokens",
        Source::Declared,
        "the bank does not declare its access tokens to be JWTs (RFC 9068)",
    ),
    capability(
        "signature-berlin-group",
        Source::Derived,
        "the target file has no [signing] of the form \"berlin-group\", or no seal for the TPP",
    ),
    capability(
        "signature-uk-jws",
        Source::Derived,
        "the target file has no [signing] of the form \"uk-jws\", or no seal for the TPP",
    ),
    capability(
        "signature-rfc9421",
        Source::Derived,
        "the target file has no [signing] of the form \"rfc9421\", or no seal for the TPP",
    ),
    capability("signature-required", Source::Derived, "the target file does not say that the bank requires signatures"),
    capability("signed-responses", Source::Derived, "the target file names no certificate that the bank signs with"),
    capability("second-seal", Source::Derived, "the second TPP of the target file has no seal"),
    // A family: what follows a colon is what is asked for, `operation:cancellation`.
    capability(
        "operation",
        Source::Derived,
        "the bank does not offer that, as its dialect, its capabilities or the lack of a [psu] say",
    ),
    capability("oauth-sca", Source::Declared, "the bank does not authorise payments by OAuth"),
    capability("explicit-authorisation", Source::Declared, "the bank does not let a TPP start authorisations itself"),
];

/// The one of the family `operation` that says that a bank can be asked for that.
pub fn of_operation(operation: Operation) -> String {
    format!("operation:{}", operation.name())
}

/// The capability of that name.
pub fn find(name: &str) -> Option<&'static Capability> {
    ALL.iter().find(|capability| capability.name == name)
}
