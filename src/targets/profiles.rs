//! The profiles that a target file declares.

use super::{
    TargetFile,
    load::{Loaded, Loader},
    telling,
};
use crate::{
    catalogue::profiles::{self, Declared},
    pki::nearest,
};

impl Loader<'_> {
    /// The profiles of the file: `profiles`, and `profile`, which files of old have instead.
    ///
    /// # Errors
    /// A name that is not known.
    pub(super) fn profiles(&self, file: &TargetFile) -> Loaded<Declared> {
        let single = file.profile.iter().map(|name| ("profile", name));
        let named: Vec<_> = single.chain(file.profiles.iter().map(|name| ("profiles", name))).collect();
        let names: Vec<&str> = named.iter().map(|(_, name)| name.get_ref().as_str()).collect();
        Declared::of(&names).ok_or_else(|| {
            let is_unknown = |(_, name): &&(&str, &toml::Spanned<String>)| profiles::find(name.get_ref()).is_none();
            let (key, unknown) =
                named.iter().find(is_unknown).map_or(("profiles", None), |(key, name)| (*key, Some(name)));
            let word = unknown.map(|name| telling::word(name.get_ref())).unwrap_or_default();
            let all = profiles::known().iter().map(|profile| profile.name.as_str());
            let near = nearest(unknown.map_or("", |name| name.get_ref()), all);
            let mend = format!("did you mean {}? docs/target.md says what each of them is", near.join(" or "));
            let problem = format!("`{key}` holds {word}, which is no profile");
            self.at(unknown.map(|name| name.span()).unwrap_or_default(), problem, mend)
        })
    }
}
