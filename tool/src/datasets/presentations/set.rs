//! A folder of presentations: `set.json` and numbered sidecars.

use super::check::check_format;
use super::limits::{FORMAT, MAX_JSON_BYTES, MAX_PRESENTATIONS};
use super::record::Record;
use crate::failure::{Failure, Result, WithFile};
use crate::inputs::read_at_most;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// File that says what a folder holds.
pub const HEADER_FILE: &str = "set.json";

// The comments of the variants are the help of `--modality`.
/// By which frames a face is judged.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Modality {
    /// Frames of a depth sensor.
    Depth,
    /// Near-infrared frames.
    Ir,
}

impl Modality {
    /// As files and the command line write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Depth => "depth",
            Self::Ir => "ir",
        }
    }

    /// Its sensor in words.
    #[must_use]
    pub const fn sensor(self) -> &'static str {
        match self {
            Self::Depth => "depth sensor",
            Self::Ir => "infrared camera",
        }
    }
}

/// What `set.json` says.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    format: u32,
    /// The kind of sensor.
    pub modality: Modality,
    /// How many presentations there are, numbered from 0.
    pub presentations: u32,
    /// `null` for recordings of real presentations: it has to be said.
    #[serde(deserialize_with = "Option::deserialize")]
    pub simulated: Option<Simulation>,
}

/// Where simulated presentations come from.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    /// Name and version.
    pub simulator: String,
    /// SHA-256 of what it draws of fixed seeds: another one is another simulator, whatever its version.
    pub sha256: String,
    /// Decides whom and what it drew.
    pub seed: u64,
}

/// A set whose header is read; presentations are read one by one.
#[derive(Clone, Debug)]
pub struct Set {
    /// Where it is.
    pub folder: PathBuf,
    /// What it says of itself.
    pub header: Header,
}

impl Header {
    /// Of a simulated set.
    #[must_use]
    pub fn simulated(modality: Modality, presentations: u32, simulation: Simulation) -> Self {
        Self {
            format: FORMAT,
            modality,
            presentations,
            simulated: Some(simulation),
        }
    }

    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let header: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        check_format(header.format).map_err(|error| error.to_string())?;
        if !(1..=MAX_PRESENTATIONS).contains(&header.presentations) {
            return Err(format!(
                "presentations is {}, allowed is 1 to {MAX_PRESENTATIONS}",
                header.presentations
            ));
        }
        let text = header
            .simulated
            .iter()
            .flat_map(|s| [&s.simulator, &s.sha256]);
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_. ".contains(c);
        for text in text {
            if text.is_empty() || text.len() > 64 || !text.chars().all(plain) {
                return Err("simulated names its simulator in 1 to 64 of A-Z a-z 0-9 - _ .".into());
            }
        }
        Ok(header)
    }
}

impl Set {
    /// Reads what a folder says of itself.
    ///
    /// # Errors
    /// When its header cannot be read or is none of this format.
    pub fn open(folder: &Path) -> Result<Self> {
        let file = folder.join(HEADER_FILE);
        let bytes = read_at_most(&file, MAX_JSON_BYTES)?;
        let header = Header::parse(&bytes).map_err(|cause| Failure::text(cause).about(&file))?;
        Ok(Self {
            folder: folder.to_owned(),
            header,
        })
    }

    /// The sidecar of a presentation; it has to say what was presented.
    ///
    /// # Errors
    /// When it cannot be read or is none of this format.
    pub fn record(&self, number: u32) -> Result<Record> {
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
#[must_use]
pub fn sidecar_name(number: u32) -> String {
    format!("{number:06}.json")
}

/// Writes a JSON file of a set.
///
/// # Errors
/// When it cannot be written.
///
/// # Panics
/// On a value that JSON has no form for; those of this module all have one.
pub fn write_json(folder: &Path, name: &str, value: &impl Serialize) -> Result<()> {
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
        let header = Header::parse(REAL.as_bytes()).expect("read");
        assert!(header.simulated.is_none() && header.presentations == 3);
        let silent = r#"{"format":1,"modality":"depth","presentations":3}"#;
        let cause = Header::parse(silent.as_bytes()).expect_err("refused");
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
            let cause = Header::parse(REAL.replacen(from, to, 1).as_bytes()).expect_err(to);
            assert!(cause.contains(named), "{cause}");
        }
        for end in 0..REAL.len() {
            assert!(Header::parse(&REAL.as_bytes()[..end]).is_err(), "{end}");
        }
    }
}
