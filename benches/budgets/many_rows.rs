//! Thousands of rows of one scenario, each an initiation and the question for its status, against a bank in a process of
//! its own: what they cost, and how hurl does the same.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use bankproof::targets::{self, Target};

use super::{end, median, run_to_end, start_bank};

const FEW: usize = 1_000;
const MANY: usize = 10_000;

pub(super) struct Growth {
    few: f64,
    many: f64,
    pub(super) megabytes: f64,
}

impl Growth {
    pub(super) fn ratio(&self) -> String {
        format!("{:.1} times", self.many / self.few)
    }

    pub(super) fn seconds(&self) -> String {
        format!("{:.2} s to {:.2} s", self.many, self.few)
    }
}

/// A few rows and many of them; each on a fresh bank, so that it does not matter what that one keeps.
pub(super) fn growth(scratch: &Path) -> Growth {
    fs::create_dir(scratch).unwrap();
    let few: Vec<(f64, f64)> = (0..5).map(|_| run(&scratch.join("few"), FEW, true)).collect();
    let many: Vec<(f64, f64)> = (0..3).map(|_| run(&scratch.join("many"), MANY, true)).collect();
    let seconds = |runs: &[(f64, f64)]| median(runs.iter().map(|(seconds, _)| *seconds).collect());
    let megabytes = many.iter().map(|(_, megabytes)| *megabytes).fold(0.0, f64::max);
    Growth { few: seconds(&few), many: seconds(&many), megabytes }
}

/// Seconds for as many requests as [`FEW`] rows send, without signatures, which hurl cannot make: ours, and hurl's.
pub(super) fn beside_hurl(scratch: &Path) -> (f64, Option<f64>) {
    fs::create_dir(scratch).unwrap();
    let ours = median((0..5).map(|_| run(&scratch.join("ours"), FEW, false).0).collect());
    let hurl: Option<Vec<f64>> = (0..5).map(|_| hurl(&scratch.join("hurl"))).collect();
    (ours, hurl.map(median))
}

/// Seconds and megabytes of a run of so many rows.
fn run(scratch: &Path, rows: usize, signs: bool) -> (f64, f64) {
    let _ = fs::remove_dir_all(scratch);
    fs::create_dir_all(scratch.join("features")).unwrap();
    fs::write(scratch.join("features/many.feature"), feature(rows)).unwrap();
    let (file, bank) = start_bank(scratch);
    if !signs {
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.split("[signing]").next().unwrap()).unwrap();
    }
    let path = |name: &str| scratch.join(name).to_str().unwrap().to_owned();
    let (features, out) = (path("features"), path("reports"));
    let ended = run_to_end(&["run", file.to_str().unwrap(), "MANY", "--features", &features, "--out", &out]);
    end(bank);
    ended
}

fn feature(rows: usize) -> String {
    let rows = (1..=rows).fold(String::new(), |text, row| text + &format!("      | {row} |\n"));
    format!(
        "Feature: Many\n\n  @MANY-001 @must @needs:payments @covers:PSD2-64.1\n  Scenario Outline: The status of a fresh payment is told: <row>\n    Whoever asks often is answered often.\n\n    \
         Given the TPP has initiated a payment\n    When the TPP asks for the status of the payment\n    \
         Then the payment is not executed\n\n    Examples:\n      | row |\n{rows}"
    )
}

/// Seconds that hurl takes for the same over one connection, which is the fastest that it has; `None` where it is not
/// installed.
fn hurl(scratch: &Path) -> Option<f64> {
    let _ = fs::remove_dir_all(scratch);
    fs::create_dir_all(scratch).unwrap();
    let (file, bank) = start_bank(scratch);
    let target = targets::load(&file).unwrap();
    let path = |name: &str| scratch.join(name);
    fs::write(path("ca.pem"), target.trust_anchors.concat()).unwrap();
    fs::write(path("tpp.pem"), &target.tpp().qwac.certificate_pem).unwrap();
    fs::write(path("tpp.key"), &target.tpp().qwac.key_pem).unwrap();
    fs::write(path("flow.hurl"), flow(&target)).unwrap();
    let began = Instant::now();
    let mut hurl = Command::new("hurl");
    hurl.args(["--no-output", "--cacert", "ca.pem", "--cert", "tpp.pem", "--key", "tpp.key", "flow.hurl"]);
    let status = hurl.current_dir(scratch).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let seconds = began.elapsed().as_secs_f64();
    end(bank);
    status.ok()?.success().then_some(seconds)
}

/// The same requests and the same judgement, in hurl's words.
fn flow(target: &Target) -> String {
    let (payment, tpp) = (target.payment.as_ref().unwrap(), target.tpp());
    let api = format!(
        "{}/v1/payments/{}",
        target.api.as_ref().unwrap(),
        payment.product.as_deref().unwrap_or("sepa-credit-transfers")
    );
    let mut flow = String::new();
    for row in 0..FEW {
        let (first, second) = (uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
        write!(
            flow,
            "POST {api}\nContent-Type: application/json\nAccept: application/json\nX-Request-ID: {first}\n\
             PSU-IP-Address: 192.0.2.10\nTPP-Redirect-Preferred: true\nTPP-Redirect-URI: {}\n\
             {{\"debtorAccount\":{{\"iban\":\"{}\"}},\"instructedAmount\":{{\"currency\":\"{}\",\"amount\":\"{}\"}},\
             \"creditorAccount\":{{\"iban\":\"{}\"}},\"creditorName\":\"{}\",\"endToEndIdentification\":\"BP-{row}\"}}\n\
             HTTP 201\n[Captures]\npayment: jsonpath \"$._links.self.href\"\n\n\
             GET {{{{payment}}}}/status\nAccept: application/json\nX-Request-ID: {second}\nPSU-IP-Address: 192.0.2.10\n\
             HTTP 200\n[Asserts]\njsonpath \"$.transactionStatus\" == \"RCVD\"\n\n",
            tpp.redirect_uri(),
            payment.debtor().unwrap().value(),
            payment.currency,
            payment.amount,
            payment.creditor().unwrap().value(),
            payment.creditor_name,
        )
        .unwrap();
    }
    flow
}
