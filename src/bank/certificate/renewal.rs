//! What a TPP's new certificate is good for: all that was the TPP's before.

use crate::bank::http::Incoming;
use crate::bank::model::payment::Payment;
use crate::bank::model::world::World;

/// Whether a payment is shown under the certificate that it was initiated with alone.
pub(in crate::bank) fn parts_from_payment(world: &World, incoming: &Incoming, payment: &Payment) -> bool {
    let thumbprint = incoming.peer.certificate.as_ref().map(|certificate| certificate.thumbprint.clone());
    payment.initiated_under != thumbprint && world.faults.on("payment-bound-to-certificate")
}
