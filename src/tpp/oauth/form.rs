//! Forms as the endpoints for clients take them.

use url::form_urlencoded;

/// A form, as a list of fields.
pub type Form = Vec<(String, String)>;

/// The fields of a form, from pairs.
pub fn form(fields: &[(&str, &str)]) -> Form {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The fields with another value for one of them, or without it.
pub fn with(mut form: Form, name: &str, value: Option<&str>) -> Form {
    form.retain(|(key, _)| key != name);
    form.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    form
}

/// As it travels.
pub fn encoded(form: &Form) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}
