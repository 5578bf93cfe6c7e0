//! Cipher suites by number and IANA name: those that are offered, and so those that can be agreed to.

const fn suite(code: u16, name: &'static str) -> (u16, &'static str) {
    (code, name)
}

/// The registry of IANA as far as it matters to us.
const NAMES: [(u16, &str); 66] = [
    suite(0x0001, "TLS_RSA_WITH_NULL_MD5"),
    suite(0x0002, "TLS_RSA_WITH_NULL_SHA"),
    suite(0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5"),
    suite(0x0004, "TLS_RSA_WITH_RC4_128_MD5"),
    suite(0x0005, "TLS_RSA_WITH_RC4_128_SHA"),
    suite(0x0006, "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5"),
    suite(0x0008, "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA"),
    suite(0x0009, "TLS_RSA_WITH_DES_CBC_SHA"),
    suite(0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA"),
    suite(0x0014, "TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA"),
    suite(0x0015, "TLS_DHE_RSA_WITH_DES_CBC_SHA"),
    suite(0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA"),
    suite(0x0018, "TLS_DH_anon_WITH_RC4_128_MD5"),
    suite(0x001b, "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA"),
    suite(0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA"),
    suite(0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"),
    suite(0x0034, "TLS_DH_anon_WITH_AES_128_CBC_SHA"),
    suite(0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA"),
    suite(0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA"),
    suite(0x003a, "TLS_DH_anon_WITH_AES_256_CBC_SHA"),
    suite(0x003b, "TLS_RSA_WITH_NULL_SHA256"),
    suite(0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256"),
    suite(0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256"),
    suite(0x0062, "TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA"),
    suite(0x0064, "TLS_RSA_EXPORT1024_WITH_RC4_56_SHA"),
    suite(0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256"),
    suite(0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256"),
    suite(0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256"),
    suite(0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384"),
    suite(0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"),
    suite(0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"),
    suite(0x00a6, "TLS_DH_anon_WITH_AES_128_GCM_SHA256"),
    suite(0x00a7, "TLS_DH_anon_WITH_AES_256_GCM_SHA384"),
    suite(0x1301, "TLS_AES_128_GCM_SHA256"),
    suite(0x1302, "TLS_AES_256_GCM_SHA384"),
    suite(0x1303, "TLS_CHACHA20_POLY1305_SHA256"),
    suite(0xc004, "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA"),
    suite(0xc006, "TLS_ECDHE_ECDSA_WITH_NULL_SHA"),
    suite(0xc007, "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA"),
    suite(0xc008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA"),
    suite(0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
    suite(0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"),
    suite(0xc00e, "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA"),
    suite(0xc010, "TLS_ECDHE_RSA_WITH_NULL_SHA"),
    suite(0xc011, "TLS_ECDHE_RSA_WITH_RC4_128_SHA"),
    suite(0xc012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"),
    suite(0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"),
    suite(0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"),
    suite(0xc016, "TLS_ECDH_anon_WITH_RC4_128_SHA"),
    suite(0xc017, "TLS_ECDH_anon_WITH_3DES_EDE_CBC_SHA"),
    suite(0xc018, "TLS_ECDH_anon_WITH_AES_128_CBC_SHA"),
    suite(0xc019, "TLS_ECDH_anon_WITH_AES_256_CBC_SHA"),
    suite(0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"),
    suite(0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"),
    suite(0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"),
    suite(0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"),
    suite(0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
    suite(0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
    suite(0xc02d, "TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256"),
    suite(0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    suite(0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
    suite(0xc031, "TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256"),
    suite(0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
    suite(0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
    suite(0x00a4, "TLS_DH_DSS_WITH_AES_128_GCM_SHA256"),
    suite(0x00a0, "TLS_DH_RSA_WITH_AES_128_GCM_SHA256"),
];

/// The name of a suite; its number where it has none that we know.
pub(super) fn name(code: u16) -> String {
    let known = NAMES.iter().find(|(known, _)| *known == code);
    known.map_or_else(|| format!("suite 0x{code:04x}"), |(_, name)| (*name).to_owned())
}

/// The suites of TLS 1.3 (RFC 8446 B.4).
pub(super) const TLS_1_3: [u16; 3] = [0x1301, 0x1302, 0x1303];

/// The suites of TLS 1.2 that servers of today have, the best first.
pub(super) const TLS_1_2: [u16; 22] = [
    0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0x009e, 0x009f, 0xc023, 0xc027, 0xc009, 0xc013, 0xc00a, 0xc014,
    0x0033, 0x0039, 0x009c, 0x009d, 0x002f, 0x0035, 0x003c, 0x000a,
];

/// What TLS 1.1, TLS 1.0 and SSL 3.0 can be spoken with.
pub(super) const BEFORE_1_2: [u16; 16] = [
    0xc009, 0xc013, 0xc00a, 0xc014, 0x0033, 0x0039, 0x002f, 0x0035, 0xc008, 0xc012, 0x0016, 0x000a, 0x0005, 0x0004,
    0x0009, 0x0003,
];

pub(super) const NULL: [u16; 5] = [0x003b, 0x0002, 0x0001, 0xc006, 0xc010];
pub(super) const ANONYMOUS: [u16; 8] = [0x00a6, 0x00a7, 0xc018, 0xc019, 0x0034, 0x003a, 0x001b, 0x0018];
pub(super) const RC4: [u16; 4] = [0xc007, 0xc011, 0x0005, 0x0004];
pub(super) const BELOW_112_BITS: [u16; 8] = [0x0003, 0x0006, 0x0008, 0x0009, 0x0014, 0x0015, 0x0062, 0x0064];
pub(super) const BELOW_128_BITS: [u16; 4] = [0xc008, 0xc012, 0x0016, 0x000a];
pub(super) const STATIC_RSA: [u16; 6] = [0x009c, 0x009d, 0x003c, 0x003d, 0x002f, 0x0035];
pub(super) const STATIC_DH: [u16; 6] = [0xc02d, 0xc031, 0xc004, 0xc00e, 0x00a0, 0x00a4];
pub(super) const FINITE_FIELD_DHE: [u16; 6] = [0x009e, 0x009f, 0x0067, 0x006b, 0x0033, 0x0039];
pub(super) const CBC: [u16; 8] = [0xc023, 0xc027, 0xc024, 0xc028, 0xc009, 0xc013, 0xc00a, 0xc014];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_suite_that_is_offered_has_a_name_and_no_number_has_two() {
        let lists: [&[u16]; 12] = [
            &TLS_1_3,
            &TLS_1_2,
            &BEFORE_1_2,
            &NULL,
            &ANONYMOUS,
            &RC4,
            &BELOW_112_BITS,
            &BELOW_128_BITS,
            &STATIC_RSA,
            &STATIC_DH,
            &FINITE_FIELD_DHE,
            &CBC,
        ];
        for code in lists.into_iter().flatten() {
            assert!(name(*code).starts_with("TLS_"), "{code:04x}");
        }
        let codes: BTreeSet<u16> = NAMES.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes.len(), NAMES.len());
        assert_eq!(name(0x1a1a), "suite 0x1a1a");
    }
}
