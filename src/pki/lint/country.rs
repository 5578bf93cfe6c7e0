//! Country codes, as identifiers and names spell them.

/// ISO 3166-1 alpha-2, officially assigned.
const ISO_3166: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI \
    FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR \
    IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM \
    MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT \
    PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM \
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Codes for what is more than a country; identifiers may use them.
const TRANSNATIONAL: [&str; 4] = ["EU", "EZ", "SU", "UN"];

/// The countries in which a qualified certificate is one of the EU (eIDAS applies in the EEA).
const EEA: &str = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK";

/// It is one of ISO 3166-1.
pub(super) fn is_iso(code: &str) -> bool {
    code.len() == 2 && ISO_3166.split(' ').any(|known| known == code)
}

/// It may stand in an organizationIdentifier of that scheme (EN 319 412-1 §5.1.4).
pub(super) fn fits_scheme(scheme: &str, code: &str) -> bool {
    match scheme {
        "LEI" => code == "XG",
        "VAT" => is_iso(code) || TRANSNATIONAL.contains(&code) || ["EL", "XI"].contains(&code),
        _ => is_iso(code) || TRANSNATIONAL.contains(&code),
    }
}

/// It is in the European Economic Area.
pub(super) fn is_eea(code: &str) -> bool {
    code.len() == 2 && EEA.split(' ').any(|known| known == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_whole() {
        assert_eq!(ISO_3166.split(' ').filter(|code| code.len() == 2).count(), 249);
        assert_eq!(EEA.split(' ').filter(|code| is_iso(code)).count(), 30);
        assert!(is_iso("DE") && !is_iso("XX") && !is_iso("D ") && !is_iso("AD AE") && is_eea("NO") && !is_eea("GB"));
        assert!(fits_scheme("VAT", "EL") && !fits_scheme("PSD", "EL") && fits_scheme("LEI", "XG"));
    }
}
