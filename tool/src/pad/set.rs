//! A folder of presentations: `set.json` and numbered sidecars.

use super::record::{FORMAT, MAX_JSON_BYTES, Record, check_format};
use crate::context::read_at_most;
use crate::failure::{CliResult, Failure, WithFile};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// File that says what a folder holds.
pub(crate) const HEAD_FILE: &str = "set.json";

/// Most presentations of a set.
pub(crate) const MAX_PRESENTATIONS: u32 = 100_000;

/// By which frames a face is judged.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Modality {
    /// Frames of a depth sensor.
    Depth,
    /// Near-infrared frames.
    Ir,
}

impl Modality {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Depth => "depth",
            Self::Ir => "ir",
        }
    }

    /// Its sensor in words.
    pub(crate) const fn sensor(self) -> &'static str {
        match self {
            Self::Depth => "depth sensor",
            Self::Ir => "infrared camera",
        }
    }
}

/// What `set.json` says.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Head {
    format: u32,
    pub(crate) modality: Modality,
    pub(crate) presentations: u32,
    /// `null` for recordings of real presentations: it has to be said.
    #[serde(deserialize_with = "Option::deserialize")]
    pub(crate) simulated: Option<Simulation>,
}

/// Where simulated presentations come from.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Simulation {
    /// Name and version.
    pub(crate) simulator: String,
    /// SHA-256 of what it draws of fixed seeds: another one is another simulator, whatever its version.
    pub(crate) sha256: String,
    pub(crate) seed: u64,
}

/// A set whose head is read; presentations are read one by one.
pub(crate) struct Set {
    pub(crate) folder: PathBuf,
    pub(crate) head: Head,
}

impl Head {
    pub(crate) fn new(modality: Modality, presentations: u32, simulated: Simulation) -> Self {
        Self {
            format: FORMAT,
            modality,
            presentations,
            simulated: Some(simulated),
        }
    }

    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let head: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        check_format(head.format).map_err(|error| error.to_string())?;
        if !(1..=MAX_PRESENTATIONS).contains(&head.presentations) {
            return Err(format!(
                "presentations is {}, allowed is 1 to {MAX_PRESENTATIONS}",
                head.presentations
            ));
        }
        let text = head
            .simulated
            .iter()
            .flat_map(|s| [&s.simulator, &s.sha256]);
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_. ".contains(c);
        for text in text {
            if text.is_empty() || text.len() > 64 || !text.chars().all(plain) {
                return Err("simulated names its simulator in 1 to 64 of A-Z a-z 0-9 - _ .".into());
            }
        }
        Ok(head)
    }
}

impl Set {
    /// Reads what a folder says of itself.
    pub(crate) fn open(folder: &Path) -> CliResult<Self> {
        let file = folder.join(HEAD_FILE);
        let bytes = read_at_most(&file, MAX_JSON_BYTES)?;
        let head = Head::parse(&bytes).map_err(|cause| Failure::text(cause).about(&file))?;
        Ok(Self {
            folder: folder.to_owned(),
            head,
        })
    }

    /// The sidecar of a presentation; it has to say what was presented.
    pub(crate) fn record(&self, number: u32) -> CliResult<Record> {
        let file = self.folder.join(sidecar_name(number));
        let record = Record::read(&file)?;
        if record.label.is_none() {
            let cause = "it has no label: a set says of every presentation what it is";
            return Err(Failure::text(cause).about(&file));
        }
        Ok(record)
    }
}

/// Name of a presentation's sidecar.
pub(crate) fn sidecar_name(number: u32) -> String {
    format!("{number:06}.json")
}

/// Writes a JSON file of a set.
pub(crate) fn write_json(folder: &Path, name: &str, value: &impl Serialize) -> CliResult<()> {
    let file = folder.join(name);
    let mut text = serde_json::to_string_pretty(value).expect("these types have names for keys");
    text.push('\n');
    fs::write(&file, text).with_file(&file)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REAL: &str = r#"{"format":1,"modality":"depth","presentations":3,"simulated":null}"#;

    #[test]
    fn a_set_says_whether_it_is_simulated() {
        let head = Head::parse(REAL.as_bytes()).expect("read");
        assert!(head.simulated.is_none() && head.presentations == 3);
        let silent = r#"{"format":1,"modality":"depth","presentations":3}"#;
        let cause = Head::parse(silent.as_bytes()).expect_err("refused");
        assert!(cause.contains("simulated"), "{cause}");
    }

    #[test]
    fn a_wrong_head_is_refused_by_name() {
        for (from, to, named) in [
            ("\"format\":1", "\"format\":2", "format is 2"),
            ("\"depth\"", "\"sonar\"", "sonar"),
            (":3,", ":0,", "presentations is 0"),
            (":3,", ":100001,", "presentations is 100001"),
            (":3,", ":-1,", "-1"),
            (
                "null",
                r#"{"simulator":"\u001b[2J","sha256":"0","seed":1}"#,
                "simulator",
            ),
            (
                "null",
                r#"{"simulator":"s","sha256":"0","seed":1,"x":1}"#,
                "x",
            ),
        ] {
            let cause = Head::parse(REAL.replacen(from, to, 1).as_bytes()).expect_err(to);
            assert!(cause.contains(named), "{cause}");
        }
        for end in 0..REAL.len() {
            assert!(Head::parse(&REAL.as_bytes()[..end]).is_err(), "{end}");
        }
    }
}
