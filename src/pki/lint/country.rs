//! Country codes, as identifiers and names spell them, and language codes.

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

/// ISO 639-1.
const ISO_639: &str = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv \
    dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie \
    ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv \
    mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm \
    rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts \
    tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// It is a language of ISO 639-1, in letters of either case.
pub(super) fn is_language(code: &str) -> bool {
    code.len() == 2 && ISO_639.split(' ').any(|known| known.eq_ignore_ascii_case(code))
}

/// It is one of ISO 3166-1.
pub(super) fn is_iso(code: &str) -> bool {
    code.len() == 2 && ISO_3166.split(' ').any(|known| known == code)
}

/// It may stand in an organizationIdentifier of that scheme (EN 319 412-1 §5.1.4).
pub(super) fn fits_scheme(scheme: &str, code: &str) -> bool {
    match scheme {
        "LEI" => code == "XG",
        // Organizations under a treaty (CA/B EVG §9.2.8).
        "INT" => code == "XG" || is_iso(code) || TRANSNATIONAL.contains(&code),
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
        assert_eq!(ISO_639.split(' ').filter(|code| code.len() == 2).count(), 183);
        assert!(is_language("en") && is_language("EN") && !is_language("xx"));
        assert_eq!(EEA.split(' ').filter(|code| is_iso(code)).count(), 30);
        assert!(is_iso("DE") && !is_iso("XX") && !is_iso("D ") && !is_iso("AD AE") && is_eea("NO") && !is_eea("GB"));
        assert!(fits_scheme("VAT", "EL") && !fits_scheme("PSD", "EL") && fits_scheme("LEI", "XG"));
    }
}
