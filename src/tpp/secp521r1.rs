//! The group secp521r1 for key exchanges. In TLS 1.2 a server refuses a certificate on a curve that the client does not list
//! (RFC 8422 §5.1.1), and the TLS library's own cryptography does not have this one: OpenSSL does.

use openssl::{
    bn::BigNumContext,
    derive::Deriver,
    ec::{EcGroup, EcKey, EcPoint, PointConversionForm},
    error::ErrorStack,
    nid::Nid,
    pkey::{PKey, Private},
};
use rustls::{
    Error, NamedGroup, PeerMisbehaved,
    crypto::{ActiveKeyExchange, SharedSecret, SupportedKxGroup},
    ffdhe_groups::FfdheGroup,
};

/// The group.
#[derive(Debug)]
pub(super) struct Secp521r1;

/// A key of one handshake.
struct Exchange {
    key: EcKey<Private>,
    public: Vec<u8>,
}

impl SupportedKxGroup for Secp521r1 {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        let made = Exchange::new().map_err(|error| Error::General(format!("OpenSSL makes no key: {error}")))?;
        Ok(Box::new(made))
    }

    fn ffdhe_group(&self) -> Option<FfdheGroup<'static>> {
        None
    }

    fn name(&self) -> NamedGroup {
        NamedGroup::secp521r1
    }
}

impl Exchange {
    fn new() -> Result<Self, ErrorStack> {
        let group = EcGroup::from_curve_name(Nid::SECP521R1)?;
        let key = EcKey::generate(&group)?;
        let form = PointConversionForm::UNCOMPRESSED;
        let public = key.public_key().to_bytes(&group, form, &mut *BigNumContext::new()?)?;
        Ok(Self { key, public })
    }

    /// 66 octets, leading zeros and all (RFC 8446 §7.4.2).
    fn shared_with(&self, peer: &[u8]) -> Result<Vec<u8>, ErrorStack> {
        let group = self.key.group();
        let point = EcPoint::from_bytes(group, peer, &mut *BigNumContext::new()?)?;
        let peer = EcKey::from_public_key(group, &point)?;
        peer.check_key()?;
        let (own, peer) = (PKey::from_ec_key(self.key.clone())?, PKey::from_ec_key(peer)?);
        let mut deriver = Deriver::new(&own)?;
        deriver.set_peer(&peer)?;
        deriver.derive_to_vec()
    }
}

impl ActiveKeyExchange for Exchange {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        let shared = self.shared_with(peer).map_err(|_| Error::from(PeerMisbehaved::InvalidKeyShare))?;
        Ok(SharedSecret::from(shared.as_slice()))
    }

    fn pub_key(&self) -> &[u8] {
        &self.public
    }

    fn group(&self) -> NamedGroup {
        NamedGroup::secp521r1
    }
}
