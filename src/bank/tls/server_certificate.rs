//! The certificate that the bank's TLS presents, and what faults make of it.

use crate::bank::error::BankError;
use crate::bank::faults::Faults;
use crate::pki::{Issued, Recipe, TestPki};

/// The certificate of a listener; `asks_tpps` is the one with the token endpoint and the API.
pub(in crate::bank) fn of(pki: &TestPki, faults: &Faults, asks_tpps: bool) -> Result<Issued, BankError> {
    let issue = |recipe: Recipe| pki.issuing.issue(&recipe);
    let mut issued = match () {
        () if faults.on("server-certificate-for-another-host") => {
            issue(Recipe::bank_server().dns_name("other-bank.example"))?
        }
        () if faults.on("server-certificate-expired") => issue(Recipe::bank_server().validity(-366, 365))?,
        () if faults.on("server-certificate-about-to-expire") => issue(Recipe::bank_server().validity(-361, 365))?,
        () => pki.bank.clone(),
    };
    let own = &issued.certificate_pem;
    if asks_tpps && faults.on("leaf-only-chain") {
        issued.chain_pem = own.clone();
    }
    if faults.on("chain-out-of-order") {
        issued.chain_pem = [own, pki.root.certificate_pem(), pki.issuing.certificate_pem()].concat();
    }
    Ok(issued)
}
