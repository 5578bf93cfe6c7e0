//! The security profiles that the bundled bank is told to keep to.

use super::Stop;
use crate::{
    catalogue::profiles::{self, Declared},
    pki::nearest,
};

/// The profiles of these names; the usual one where there are none.
///
/// # Errors
/// A name that is not known.
pub(super) fn declared(names: &[String]) -> Result<Declared, Stop> {
    Declared::of(names).ok_or_else(|| {
        let unknown = names.iter().find(|name| profiles::find(name).is_none()).map_or("", String::as_str);
        let near = nearest(unknown, profiles::known().iter().map(|profile| profile.name.as_str())).join(" or ");
        Stop::usage(format!("there is no profile \"{unknown}\"; did you mean {near}?"))
    })
}
