//! Certificates written octet by octet, good ones and bad ones that no library would make. Their signatures are nobody's:
//! the linter judges them only where an issuer is given.

use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use yasna::models::ObjectIdentifier;

pub(crate) const C: &[u64] = &[2, 5, 4, 6];
pub(crate) const O: &[u64] = &[2, 5, 4, 10];
pub(crate) const CN: &[u64] = &[2, 5, 4, 3];
pub(crate) const ORGANIZATION_ID: &[u64] = &[2, 5, 4, 97];
pub(crate) const LOCALITY: &[u64] = &[2, 5, 4, 7];
pub(crate) const CATEGORY: &[u64] = &[2, 5, 4, 15];
pub(crate) const REGISTRATION: &[u64] = &[2, 5, 4, 5];
pub(crate) const JURISDICTION: &[u64] = &[1, 3, 6, 1, 4, 1, 311, 60, 2, 1, 3];

pub(crate) const SKI: &[u64] = &[2, 5, 29, 14];
pub(crate) const KEY_USAGE: &[u64] = &[2, 5, 29, 15];
pub(crate) const SAN: &[u64] = &[2, 5, 29, 17];
pub(crate) const CONSTRAINTS: &[u64] = &[2, 5, 29, 19];
pub(crate) const CRL: &[u64] = &[2, 5, 29, 31];
pub(crate) const POLICIES: &[u64] = &[2, 5, 29, 32];
pub(crate) const AKI: &[u64] = &[2, 5, 29, 35];
pub(crate) const EKU: &[u64] = &[2, 5, 29, 37];
pub(crate) const ACCESS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 1];
pub(crate) const QC: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 3];
pub(crate) const CABF: &[u64] = &[2, 23, 140, 3, 1];

pub(crate) const COMPLIANCE: &[u64] = &[0, 4, 0, 1862, 1, 1];
pub(crate) const LIMIT: &[u64] = &[0, 4, 0, 1862, 1, 2];
pub(crate) const RETENTION: &[u64] = &[0, 4, 0, 1862, 1, 3];
pub(crate) const SSCD: &[u64] = &[0, 4, 0, 1862, 1, 4];
pub(crate) const PDS: &[u64] = &[0, 4, 0, 1862, 1, 5];
pub(crate) const TYPE: &[u64] = &[0, 4, 0, 1862, 1, 6];
pub(crate) const LEGISLATION: &[u64] = &[0, 4, 0, 1862, 1, 7];
pub(crate) const PSD2: &[u64] = &[0, 4, 0, 19495, 2];
pub(crate) const SEMANTICS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 11, 2];

pub(crate) const UTF8: u8 = 0x0c;
pub(crate) const PRINTABLE: u8 = 0x13;
pub(crate) const SEQUENCE: u8 = 0x30;

const SHA256_RSA: &[u64] = &[1, 2, 840, 113_549, 1, 1, 11];

/// A certificate in its parts.
#[derive(Clone)]
pub(crate) struct Forge {
    pub(crate) version: u8,
    pub(crate) serial: Vec<u8>,
    /// The algorithm inside and the one outside, as DER.
    pub(crate) algorithms: [Vec<u8>; 2],
    pub(crate) issuer: Vec<(Vec<u64>, u8, Vec<u8>)>,
    /// Each with its tag: 0x17 UTCTime, 0x18 GeneralizedTime.
    pub(crate) validity: [(u8, String); 2],
    pub(crate) subject: Vec<(Vec<u64>, u8, Vec<u8>)>,
    pub(crate) key: Vec<u8>,
    /// What stands between key and extensions.
    pub(crate) unique: Vec<u8>,
    pub(crate) extensions: Vec<(Vec<u64>, bool, Vec<u8>)>,
    pub(crate) statements: Vec<(Vec<u64>, Vec<u8>)>,
    pub(crate) trailing: Vec<u8>,
}

impl Forge {
    /// A QWAC in which nothing is wrong, as real ones are, from 2026-11-01 for six months.
    pub(crate) fn qwac() -> Self {
        let mut forge = Self::common();
        forge.add(LOCALITY, "Berlin");
        forge.add(CATEGORY, "Private Organization");
        forge.add(REGISTRATION, "HRB 1");
        forge.subject.push((JURISDICTION.to_vec(), PRINTABLE, b"DE".to_vec()));
        forge.add(CN, "tpp.example");
        forge.key_usage(&[0]);
        forge.purposes(&[1, 2]);
        forge.san(&[(2, b"tpp.example")]);
        forge.policies(&[&[0, 4, 0, 194_112, 1, 4], &[0, 4, 0, 19495, 3, 1]]);
        forge.types(&[3]);
        forge
    }

    /// A QSealC in which nothing is wrong.
    pub(crate) fn seal() -> Self {
        let mut forge = Self::common();
        forge.add(CN, "Aster Payments seal");
        forge.key_usage(&[1]);
        forge.policies(&[&[0, 4, 0, 194_112, 1, 1]]);
        forge.types(&[2]);
        forge
    }

    /// A CA in which nothing is wrong.
    pub(crate) fn ca() -> Self {
        let mut forge = Self::common();
        forge.subject = forge.issuer.clone();
        forge.subject[3].2 = b"Another CA".to_vec();
        forge.statements.clear();
        forge.extension(CONSTRAINTS, true, tlv(SEQUENCE, &tlv(1, &[0xff])));
        forge.key_usage(&[5, 6]);
        forge
    }

    fn common() -> Self {
        let algorithm = tlv(SEQUENCE, &[oid(SHA256_RSA), tlv(5, &[])].concat());
        let mut forge = Self {
            version: 2,
            serial: vec![0x10; 16],
            algorithms: [algorithm.clone(), algorithm],
            issuer: Vec::new(),
            validity: [(0x17, "261101000000Z".into()), (0x17, "270501000000Z".into())],
            subject: vec![(C.to_vec(), PRINTABLE, b"DE".to_vec())],
            key: ec_key(Nid::X9_62_PRIME256V1),
            unique: Vec::new(),
            extensions: Vec::new(),
            statements: Vec::new(),
            trailing: Vec::new(),
        };
        forge.add(O, "Aster Payments GmbH");
        forge.add(ORGANIZATION_ID, "PSDDE-BAFIN-100001");
        forge.issuer.push((C.to_vec(), PRINTABLE, b"DE".to_vec()));
        for (arcs, value) in [(O, "A Trust Service"), (ORGANIZATION_ID, "NTRDE-HRB1"), (CN, "A CA")] {
            forge.issuer.push((arcs.to_vec(), UTF8, value.as_bytes().to_vec()));
        }
        forge.extension(AKI, false, tlv(SEQUENCE, &tlv(0x80, &[1; 20])));
        forge.extension(SKI, false, tlv(4, &[2; 20]));
        forge.access("http://qtsp.example/ca.cer", "http://ocsp.qtsp.example");
        forge.crl("http://qtsp.example/ca.crl");
        forge.statement(COMPLIANCE, &[]);
        forge.pds("https://qtsp.example/pds", "en");
        forge.psd2(&[(2, "PSP_PI"), (3, "PSP_AI")], "Federal Financial Supervisory Authority", "DE-BAFIN");
        forge
    }

    /// Another attribute of the subject.
    pub(crate) fn add(&mut self, arcs: &[u64], value: &str) {
        self.subject.push((arcs.to_vec(), UTF8, value.as_bytes().to_vec()));
    }

    /// That attribute of the subject with that value instead, or none of it.
    pub(crate) fn set(&mut self, arcs: &[u64], value: &str) {
        self.subject.retain(|(found, ..)| found != arcs);
        let tag = if arcs == C { PRINTABLE } else { UTF8 };
        if !value.is_empty() {
            self.subject.push((arcs.to_vec(), tag, value.as_bytes().to_vec()));
        }
    }

    /// That extension instead of the one that is there.
    pub(crate) fn extension(&mut self, arcs: &[u64], critical: bool, value: Vec<u8>) {
        self.without(arcs);
        self.extensions.push((arcs.to_vec(), critical, value));
    }

    pub(crate) fn without(&mut self, arcs: &[u64]) {
        self.extensions.retain(|(found, ..)| found != arcs);
    }

    /// That extension as it is, but critical, or not.
    pub(crate) fn critical(&mut self, arcs: &[u64], critical: bool) {
        self.extensions.iter_mut().filter(|(found, ..)| found == arcs).for_each(|extension| extension.1 = critical);
    }

    /// The bits of keyUsage, counted from digitalSignature.
    pub(crate) fn key_usage(&mut self, bits: &[u8]) {
        let octet = bits.iter().fold(0u8, |octet, bit| octet | 0x80 >> bit);
        self.extension(KEY_USAGE, true, tlv(3, &[octet.trailing_zeros().min(7) as u8, octet]));
    }

    /// serverAuth 1, clientAuth 2.
    pub(crate) fn purposes(&mut self, last_arcs: &[u64]) {
        let list = last_arcs.iter().flat_map(|last| oid(&[1, 3, 6, 1, 5, 5, 7, 3, *last]));
        self.extension(EKU, false, tlv(SEQUENCE, &list.collect::<Vec<_>>()));
    }

    /// The tags and contents of the names.
    pub(crate) fn san(&mut self, names: &[(u8, &[u8])]) {
        let names = names.iter().flat_map(|(tag, content)| tlv(0x80 | tag, content));
        self.extension(SAN, false, tlv(SEQUENCE, &names.collect::<Vec<_>>()));
    }

    pub(crate) fn policies(&mut self, policies: &[&[u64]]) {
        let list = policies.iter().flat_map(|policy| tlv(SEQUENCE, &oid(policy)));
        self.extension(POLICIES, false, tlv(SEQUENCE, &list.collect::<Vec<_>>()));
    }

    /// Empty ones are left out.
    pub(crate) fn access(&mut self, ca_issuers: &str, ocsp: &str) {
        let entry = |last: u64, url: &str| match url {
            "" => Vec::new(),
            url => tlv(SEQUENCE, &[oid(&[1, 3, 6, 1, 5, 5, 7, 48, last]), tlv(0x86, url.as_bytes())].concat()),
        };
        self.extension(ACCESS, false, tlv(SEQUENCE, &[entry(2, ca_issuers), entry(1, ocsp)].concat()));
    }

    pub(crate) fn crl(&mut self, url: &str) {
        let point = tlv(SEQUENCE, &tlv(0xa0, &tlv(0xa0, &tlv(0x86, url.as_bytes()))));
        self.extension(CRL, false, tlv(SEQUENCE, &point));
    }

    /// That statement instead of the one that is there.
    pub(crate) fn statement(&mut self, arcs: &[u64], info: &[u8]) {
        self.unstated(arcs);
        self.statements.push((arcs.to_vec(), info.to_vec()));
    }

    pub(crate) fn unstated(&mut self, arcs: &[u64]) {
        self.statements.retain(|(found, _)| found != arcs);
    }

    pub(crate) fn types(&mut self, last_arcs: &[u64]) {
        let list = last_arcs.iter().flat_map(|last| oid(&[0, 4, 0, 1862, 1, 6, *last]));
        self.statement(TYPE, &tlv(SEQUENCE, &list.collect::<Vec<_>>()));
    }

    pub(crate) fn pds(&mut self, url: &str, language: &str) {
        let place = [tlv(0x16, url.as_bytes()), tlv(PRINTABLE, language.as_bytes())].concat();
        self.statement(PDS, &tlv(SEQUENCE, &tlv(SEQUENCE, &place)));
    }

    /// Roles by the last arc of their identifiers.
    pub(crate) fn psd2(&mut self, roles: &[(u64, &str)], name: &str, id: &str) {
        let roles = roles.iter().map(|(last, name)| (vec![0, 4, 0, 19495, 1, *last], *name));
        self.psd2_of(&roles.collect::<Vec<_>>(), name, id);
    }

    pub(crate) fn psd2_of(&mut self, roles: &[(Vec<u64>, &str)], name: &str, id: &str) {
        let role = |(arcs, name): &(Vec<u64>, &str)| tlv(SEQUENCE, &[oid(arcs), tlv(UTF8, name.as_bytes())].concat());
        let roles: Vec<u8> = roles.iter().flat_map(role).collect();
        let parts = [tlv(SEQUENCE, &roles), tlv(UTF8, name.as_bytes()), tlv(UTF8, id.as_bytes())];
        self.statement(PSD2, &tlv(SEQUENCE, &parts.concat()));
    }

    /// The QcStatements, as the extension's value.
    pub(crate) fn statements_der(&self) -> Vec<u8> {
        tlv(SEQUENCE, &self.bare_statements())
    }

    /// The same without the SEQUENCE around them.
    pub(crate) fn bare_statements(&self) -> Vec<u8> {
        self.statements.iter().flat_map(|(arcs, info)| tlv(SEQUENCE, &[oid(arcs), info.clone()].concat())).collect()
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let mut extensions = self.extensions.clone();
        if !self.statements.is_empty() && !extensions.iter().any(|(arcs, ..)| arcs == QC) {
            extensions.push((QC.to_vec(), false, self.statements_der()));
        }
        let extension = |(arcs, critical, value): &(Vec<u64>, bool, Vec<u8>)| {
            let flag = if *critical { tlv(1, &[0xff]) } else { Vec::new() };
            tlv(SEQUENCE, &[oid(arcs), flag, tlv(4, value)].concat())
        };
        let list: Vec<u8> = extensions.iter().flat_map(extension).collect();
        let date = |(tag, text): &(u8, String)| tlv(*tag, text.as_bytes());
        let parts = [
            if self.version == 0 { Vec::new() } else { tlv(0xa0, &tlv(2, &[self.version])) },
            tlv(2, &self.serial),
            self.algorithms[0].clone(),
            name(&self.issuer),
            tlv(SEQUENCE, &self.validity.iter().flat_map(date).collect::<Vec<_>>()),
            name(&self.subject),
            self.key.clone(),
            self.unique.clone(),
            if list.is_empty() { Vec::new() } else { tlv(0xa3, &tlv(SEQUENCE, &list)) },
        ];
        let signature = tlv(3, &[&[0u8], [7u8; 256].as_slice()].concat());
        let whole = [tlv(SEQUENCE, &parts.concat()), self.algorithms[1].clone(), signature].concat();
        [tlv(SEQUENCE, &whole), self.trailing.clone()].concat()
    }
}

fn name(attributes: &[(Vec<u64>, u8, Vec<u8>)]) -> Vec<u8> {
    let rdn = |(arcs, tag, value): &(Vec<u64>, u8, Vec<u8>)| {
        tlv(0x31, &tlv(SEQUENCE, &[oid(arcs), tlv(*tag, value)].concat()))
    };
    tlv(SEQUENCE, &attributes.iter().flat_map(rdn).collect::<Vec<_>>())
}

/// Tag, length and content.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let header = match length {
        0..128 => vec![tag, length as u8],
        128..256 => vec![tag, 0x81, length as u8],
        _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    [header, content.to_vec()].concat()
}

pub(crate) fn oid(arcs: &[u64]) -> Vec<u8> {
    yasna::construct_der(|writer| writer.write_oid(&ObjectIdentifier::from_slice(arcs)))
}

/// An algorithm without parameters, or with NULL.
pub(crate) fn algorithm(arcs: &[u64], null: bool) -> Vec<u8> {
    tlv(SEQUENCE, &[oid(arcs), if null { tlv(5, &[]) } else { Vec::new() }].concat())
}

pub(crate) fn ec_key(curve: Nid) -> Vec<u8> {
    ec_private_key(curve).public_key_to_der().unwrap()
}

pub(crate) fn ec_private_key(curve: Nid) -> PKey<Private> {
    let group = EcGroup::from_curve_name(curve).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}
