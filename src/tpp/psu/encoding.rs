//! How a form is packed for its way (HTML, `enctype`).

use url::form_urlencoded;

/// What a form or the button that sends it says of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    /// `application/x-www-form-urlencoded`, and whatever HTML does not know.
    #[default]
    Urlencoded,
    /// `multipart/form-data`.
    Multipart,
    /// `text/plain`.
    Plain,
}

impl Encoding {
    /// As an attribute spells it.
    pub(super) fn of(attribute: &str) -> Self {
        match attribute.to_ascii_lowercase().as_str() {
            "multipart/form-data" => Self::Multipart,
            "text/plain" => Self::Plain,
            _ => Self::Urlencoded,
        }
    }

    /// The `Content-Type`, and the body. `boundary` occurs in no field: it is drawn.
    pub(super) fn pack(self, fields: &[(String, String)], boundary: &str) -> (String, String) {
        match self {
            Self::Urlencoded => (
                "application/x-www-form-urlencoded".into(),
                form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish(),
            ),
            Self::Multipart => {
                // reqwest writes it too, but as a stream that cannot be recorded.
                let part = |(name, value): &(String, String)| {
                    let name = name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
                    format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                };
                let parts: String = fields.iter().map(part).collect();
                (format!("multipart/form-data; boundary={boundary}"), format!("{parts}--{boundary}--\r\n"))
            }
            Self::Plain => {
                let lines = fields.iter().map(|(name, value)| format!("{name}={value}\r\n"));
                ("text/plain".into(), lines.collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_packed_as_it_says() {
        let fields = [("a b", "1&2"), ("n\"", "ä")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let pack = |attribute| Encoding::of(attribute).pack(&fields, "xyz");
        assert_eq!(pack("unknown").1, "a+b=1%262&n%22=%C3%A4");
        assert_eq!(pack("TEXT/plain"), ("text/plain".into(), "a b=1&2\r\nn\"=ä\r\n".into()));
        let (kind, body) = pack("multipart/form-data");
        assert_eq!(kind, "multipart/form-data; boundary=xyz");
        assert!(
            body.starts_with("--xyz\r\nContent-Disposition: form-data; name=\"a b\"\r\n\r\n1&2\r\n--xyz\r\n"),
            "{body}"
        );
        assert!(body.contains("name=\"n%22\"") && body.ends_with("\r\nä\r\n--xyz--\r\n"), "{body}");
    }
}
