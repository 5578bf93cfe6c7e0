//! `bankproof certs issue`: a fresh test PKI, or one certificate.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Outcome, Stop, output};
use crate::{
    pki::{
        self, Authority, Defect, Format, KeyKind, NearMiss, Recipe, TestPki,
        file::{Contents, Kind},
    },
    run::exit,
};

/// More than this is no password.
const LONGEST_PASSWORD: u64 = 4096;

#[derive(Debug, Args)]
pub(super) struct Issue {
    /// Where to.
    #[arg(long, value_name = "DIR", default_value = "certs/generated")]
    out: PathBuf,
    /// Only one certificate, by this recipe, qwac unless told; --list shows them.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Only one certificate, with that defect; --list shows them.
    #[arg(long, value_name = "NAME")]
    defect: Option<String>,
    /// Only one certificate, odd in that way and valid; --list shows them.
    #[arg(long, value_name = "NAME", conflicts_with = "defect")]
    near_miss: Option<String>,
    /// Only one certificate, with a key of that kind: p256, p384, p521, rsa2048, rsa3072 or rsa4096.
    #[arg(long, value_name = "KIND")]
    key: Option<String>,
    /// Only one certificate, in that form; p12 holds the key and the CA too, and takes a password.
    #[arg(long, value_name = "FORM")]
    format: Option<Form>,
    /// The password of the p12 file: the first line of that file.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The password of the p12 file: the value of that environment variable.
    #[arg(long, value_name = "NAME", conflicts_with = "password_file")]
    password_env: Option<String>,
    /// Only one certificate, under that CA, which lies there, instead of a fresh one: its certificate, with the key beside it
    /// (NAME.key) or in the same file.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// The key of that CA, where it lies elsewhere.
    #[arg(long, value_name = "FILE", requires = "ca")]
    ca_key: Option<PathBuf>,
    /// Only one certificate, with the subject, names and roles of that QWAC: what a run makes bad certificates of.
    #[arg(long, value_name = "FILE", conflicts_with = "profile")]
    like: Option<PathBuf>,
    /// Replace a CA that lies in the folder: whatever it has issued is worthless from then on.
    #[arg(long)]
    force: bool,
    /// Issue nothing: show the names of recipes, defects, near misses and keys.
    #[arg(long)]
    list: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    Pem,
    Der,
    P12,
}

pub(super) fn issue(issue: &Issue) -> Outcome {
    match () {
        () if issue.list => list(),
        () if issue.is_about_one() => issue.one(),
        () => issue.everything(),
    }
}

impl Issue {
    fn is_about_one(&self) -> bool {
        let names = [&self.profile, &self.defect, &self.near_miss, &self.key, &self.password_env];
        let files = [&self.password_file, &self.ca, &self.like];
        names.iter().any(|name| name.is_some()) || files.iter().any(|file| file.is_some()) || self.format.is_some()
    }

    fn everything(&self) -> Outcome {
        self.spare_the_ca()?;
        let pki = TestPki::fresh().map_err(Stop::internal)?;
        pki.write(&self.out).and_then(|()| pki.write_deviations(&self.out)).map_err(Stop::usage)?;
        output::result(&format!("issued a fresh test PKI into {}", self.out.display()));
        Ok(exit::CONFORMANT)
    }

    fn one(&self) -> Outcome {
        let (base, mut recipe) = self.recipe()?;
        if let Some(kind) = &self.key {
            recipe = recipe.key(kind.parse::<KeyKind>().map_err(Stop::usage)?);
        }
        let defect = self.defect.as_deref().map(str::parse::<Defect>).transpose().map_err(Stop::usage)?;
        let near_miss = self.near_miss.as_deref().map(str::parse::<NearMiss>).transpose().map_err(Stop::usage)?;
        let format = self.form()?;
        let (issuing, fresh) = self.issuer()?;
        let (issued, peculiar) = match (defect, near_miss) {
            (Some(defect), _) => (issuing.issue_with_defect(&recipe, defect), Some(defect.name())),
            (None, Some(odd)) => (issuing.issue_near_miss(&recipe, odd), Some(odd.name())),
            (None, None) => (issuing.issue(&recipe), None),
        };
        let issued = issued.map_err(Stop::usage)?;
        pki::make_folder(&self.out).map_err(|error| Stop::usage(format!("{}: {error}", self.out.display())))?;
        // As a report calls it, and as it lies in a fresh test PKI.
        let whose = base.strip_suffix("-qwac").unwrap_or(&base);
        let name = peculiar.map_or_else(|| base.clone(), |peculiar| format!("{whose}-{peculiar}"));
        issued.write(&self.out, &name, &format).map_err(Stop::usage)?;
        let path = self.out.join(name);
        match fresh {
            Some(root) => {
                pki::write_authorities(&self.out, &root, &issuing).map_err(Stop::usage)?;
                output::result(&format!("issued {} and its CAs", path.display()));
            }
            None => output::result(&format!("issued {}", path.display())),
        }
        Ok(exit::CONFORMANT)
    }

    /// What to issue, and what its file is called.
    fn recipe(&self) -> Result<(String, Recipe), Stop> {
        let Some(like) = &self.like else {
            let profile = self.profile.as_deref().unwrap_or("qwac");
            return Ok((profile.to_owned(), Recipe::named(profile).map_err(Stop::usage)?));
        };
        let chain = Contents::read(like, None).and_then(|file| file.chain()).map_err(Stop::usage)?;
        let recipe = Recipe::like(chain.to_pem().as_bytes());
        let name = like.file_stem().map_or_else(|| "qwac".to_owned(), |stem| stem.to_string_lossy().into_owned());
        Ok((name, recipe.map_err(|error| Stop::usage(format!("{}: {error}", like.display())))?))
    }

    /// The CA that issues, and its root where both are fresh ones.
    fn issuer(&self) -> Result<(Authority, Option<Authority>), Stop> {
        let Some(ca) = &self.ca else {
            self.spare_the_ca()?;
            let fresh = TestPki::fresh().map_err(Stop::internal)?;
            return Ok((fresh.issuing, Some(fresh.root)));
        };
        let contents = Contents::read(ca, None).map_err(Stop::usage)?;
        let certificate = contents.chain().map_err(Stop::usage)?.to_pem();
        let beside = match &self.ca_key {
            Some(path) => Some(path.clone()),
            None if contents.holds(Kind::Key) => None,
            None => Some(ca.with_extension("key")),
        };
        let other = beside.map(|path| Contents::read(&path, None)).transpose().map_err(Stop::usage)?;
        let key = other.as_ref().unwrap_or(&contents).key().map_err(Stop::usage)?;
        let key = key.private_key_to_pem_pkcs8().ok().and_then(|pem| String::from_utf8(pem).ok());
        let key = key.ok_or_else(|| Stop::usage("the CA's key cannot be written as PKCS#8"))?;
        let authority = Authority::from_pem(&certificate, &key);
        Ok((authority.map_err(|error| Stop::usage(format!("{}: {error}", ca.display())))?, None))
    }

    /// A bank may trust the CA that lies there already: replacing it would lock all its certificates out.
    fn spare_the_ca(&self) -> Result<(), Stop> {
        let there = pki::AUTHORITY_FILES.iter().map(|name| self.out.join(name)).find(|path| path.exists());
        match there {
            Some(path) if !self.force => Err(Stop::usage(format!(
                "{} is there: a bank that trusts that CA would not trust a fresh one\n  mend: name another folder with --out, \
                 issue under the CA that is there with --ca {}, or replace it with --force",
                path.display(),
                self.out.join("ca-issuing.pem").display()
            ))),
            _ => Ok(()),
        }
    }

    fn form(&self) -> Result<Format, Stop> {
        let password = self.password()?;
        match (self.format.unwrap_or(Form::Pem), password) {
            (Form::P12, Some(password)) => Ok(Format::Pkcs12 { password }),
            (Form::P12, None) => Err(Stop::usage(
                "--format p12 takes a password: name a file with --password-file, or a variable with --password-env",
            )),
            (_, Some(_)) => {
                Err(Stop::usage("a password is for --format p12 only: the keys of the others are not encrypted"))
            }
            (Form::Pem, None) => Ok(Format::Pem),
            (Form::Der, None) => Ok(Format::Der),
        }
    }

    /// Never from the command line, where everybody on the machine can read it.
    fn password(&self) -> Result<Option<String>, Stop> {
        let password = match (&self.password_file, &self.password_env) {
            (Some(path), _) => first_line(path).map_err(|error| Stop::usage(format!("{}: {error}", path.display())))?,
            (None, Some(name)) => std::env::var(name).map_err(|_| {
                Stop::usage(format!("--password-env: there is no environment variable {name}, or it is no text"))
            })?,
            (None, None) => return Ok(None),
        };
        match password.is_empty() {
            true => Err(Stop::usage("the password is empty: most readers of PKCS#12 take that for none")),
            false => Ok(Some(password)),
        }
    }
}

fn first_line(path: &Path) -> std::io::Result<String> {
    use std::io::Read;
    let mut text = String::new();
    std::fs::File::open(path)?.take(LONGEST_PASSWORD).read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn list() -> Outcome {
    let rows = |title: &str, rows: Vec<(&str, String)>| {
        let lines: Vec<String> = rows.into_iter().map(|(name, says)| format!("  {name:<30} {says}")).collect();
        format!("{title}\n{}", lines.join("\n"))
    };
    let profiles = Recipe::list().map(|(name, says)| (name, says.to_owned())).collect();
    let defects = Defect::all().map(|it| (it.name(), format!("{} ({})", it.says(), it.clause()))).collect();
    let near_misses = NearMiss::all().map(|it| (it.name(), format!("{} ({})", it.says(), it.clause()))).collect();
    let keys = KeyKind::names().collect::<Vec<_>>().join(", ");
    output::result(&rows("Recipes (--profile)", profiles));
    output::result(&rows("\nDefects (--defect)", defects));
    output::result(&rows("\nNear misses, which are valid (--near-miss)", near_misses));
    output::result(&format!("\nKeys (--key)\n  {keys}"));
    Ok(exit::CONFORMANT)
}
