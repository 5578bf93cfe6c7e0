//! The test PKI: a root, an issuing CA, a bank and three TPPs, made afresh for each run.

use super::PkiError;
use super::authority::{Authority, Issued};
use super::qc::Role;
use super::recipe::Recipe;
use super::rsa;

/// One TPP as the table below describes it.
struct Profile {
    name: &'static str,
    organization: &'static str,
    organization_identifier: &'static str,
    register_number: &'static str,
    roles: &'static [Role],
}

const TPPS: [Profile; 3] = [
    Profile {
        name: "tpp-a",
        organization: "Aster Payments GmbH",
        organization_identifier: "PSDDE-BAFIN-100001",
        register_number: "HRB 100001",
        roles: &[Role::PspPi, Role::PspAi],
    },
    Profile {
        name: "tpp-b",
        organization: "Birch Checkout AG",
        organization_identifier: "PSDDE-BAFIN-100002",
        register_number: "HRB 100002",
        roles: &[Role::PspPi],
    },
    Profile {
        name: "tpp-c",
        organization: "Cedar Insights SE",
        organization_identifier: "PSDDE-BAFIN-100003",
        register_number: "HRB 100003",
        roles: &[Role::PspAi],
    },
];

/// A TPP with all its certificates.
#[derive(Debug, Clone)]
pub struct TestTpp {
    /// What it is called in file names and target files: `tpp-a`.
    pub name: String,
    /// Its authorisation number, by which a bank knows it.
    pub organization_identifier: String,
    /// What it is authorised for.
    pub roles: Vec<Role>,
    /// The certificate for its TLS connections.
    pub qwac: Issued,
    /// A second QWAC with the same subject and another key, as after a renewal.
    pub renewed: Issued,
    /// The certificate for its signatures.
    pub qsealc: Issued,
    /// The recipe of its QWAC, from which bad ones can be made.
    pub recipe: Recipe,
}

/// Everything that a bank and its TPPs need to talk to each other in a test.
#[derive(Debug)]
pub struct TestPki {
    /// The root CA.
    pub root: Authority,
    /// The CA that issued all the others.
    pub issuing: Authority,
    /// The bank's TLS server certificate, for `localhost`, `127.0.0.1` and `::1`.
    pub bank: Issued,
    /// The bank's own seal (RSA), with which it signs its answers.
    pub bank_seal: Issued,
    /// `tpp-a` (payments and accounts), `tpp-b` (payments only), `tpp-c` (accounts only).
    pub tpps: Vec<TestTpp>,
}

impl TestPki {
    /// Makes a whole PKI with new P-256 keys, in a few milliseconds; the seals have RSA keys of the process.
    ///
    /// # Errors
    /// Only when the cryptographic library fails, for want of random numbers for example.
    pub fn fresh() -> Result<Self, PkiError> {
        Self::issue(None)
    }

    /// The same, with certificates that say that their status is told by the trust service of that address.
    ///
    /// # Errors
    /// As for [`TestPki::fresh`].
    pub fn fresh_at(trust_service: &str) -> Result<Self, PkiError> {
        Self::issue(Some(trust_service))
    }

    fn issue(trust_service: Option<&str>) -> Result<Self, PkiError> {
        let root = Authority::root(&Recipe::named("ca-root")?)?;
        let issuing = root.subordinate(&Recipe::named("ca-issuing")?)?;
        let bank = issuing.issue(&Recipe::bank_server())?;
        let parties = TPPS.iter().zip(rsa::BANK + 1..);
        let tpps = parties.map(|(tpp, party)| tpp.issue(party, &issuing, trust_service)).collect::<Result<_, _>>()?;
        let bank_seal = issuing.issue_for(&bank_seal(), rsa::shared(rsa::BANK)?)?;
        Ok(Self { root, issuing, bank, bank_seal, tpps })
    }

    /// The TPP of that name.
    pub fn tpp(&self, name: &str) -> Option<&TestTpp> {
        self.tpps.iter().find(|tpp| tpp.name == name)
    }
}

fn bank_seal() -> Recipe {
    Recipe::qsealc()
        .organization("Bundled Bank AG")
        .organization_identifier("PSDDE-BAFIN-100099")
        .common_name("Bundled Bank AG seal")
        .roles([Role::PspAs])
}

impl Profile {
    fn issue(&self, party: usize, issuing: &Authority, trust_service: Option<&str>) -> Result<TestTpp, PkiError> {
        let host = format!("{}.example", self.name);
        let recipe = self.describe(Recipe::qwac()).register_number(self.register_number);
        let recipe = recipe.common_name(&host).dns_name(&host);
        let seal = self.describe(Recipe::qsealc()).common_name(format!("{} seal", self.organization));
        let told_at = |recipe: Recipe| match trust_service {
            Some(url) => recipe.status_at_service(url, self.name),
            None => recipe,
        };
        let (recipe, seal) = (told_at(recipe), told_at(seal));
        Ok(TestTpp {
            name: self.name.to_owned(),
            organization_identifier: self.organization_identifier.to_owned(),
            roles: self.roles.to_vec(),
            qwac: issuing.issue(&recipe)?,
            renewed: issuing.issue(&recipe)?,
            // The published algorithms of message signatures are RSA.
            qsealc: issuing.issue_for(&seal, rsa::shared(party)?)?,
            recipe,
        })
    }

    fn describe(&self, recipe: Recipe) -> Recipe {
        recipe
            .organization(self.organization)
            .organization_identifier(self.organization_identifier)
            .roles(self.roles.iter().copied())
    }
}
