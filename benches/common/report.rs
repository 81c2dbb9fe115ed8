//! Reports in `benches/results/<target>.md`, each between markers of its own, and the machine's name.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where and with what a bench ran.
pub(crate) struct Machine {
    /// Target triple.
    pub(crate) target: String,
    pub(crate) compiler: String,
    /// Year, month and day, UTC.
    pub(crate) date: String,
    pub(crate) processor: String,
}

impl Machine {
    pub(crate) fn here() -> Self {
        let rustc = output("rustc", &["-vV"]);
        let line = |key: &str| {
            let found = rustc.lines().find_map(|line| line.strip_prefix(key));
            found.unwrap_or("unknown").trim().to_owned()
        };
        Self {
            target: line("host:"),
            compiler: line("release:"),
            date: output("date", &["-u", "+%F"]).trim().to_owned(),
            processor: processor(),
        }
    }
}

impl std::fmt::Display for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} on {}, rustc {}, {}",
            self.processor, self.target, self.compiler, self.date
        )
    }
}

/// Folder of the results, in the repository.
pub(crate) fn results() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/results")
}

/// Replaces what lies between the bench's markers in the target's results, or adds both at the end.
pub(crate) fn rewrite(machine: &Machine, bench: &str, text: &str) {
    let (begin, end) = (
        format!("<!-- {bench}: begin -->"),
        format!("<!-- {bench}: end -->"),
    );
    let file = results().join(format!("{}.md", machine.target));
    let old =
        fs::read_to_string(&file).unwrap_or_else(|_| format!("# Results on {}\n", machine.target));
    let (before, after) = match old.split_once(&begin) {
        Some((before, rest)) => {
            let (_, after) = rest.split_once(&end).expect("the file has both markers");
            (before.to_owned(), after.to_owned())
        }
        None => (format!("{old}\n"), "\n".to_owned()),
    };
    fs::write(file, format!("{before}{begin}\n{text}\n{end}{after}")).unwrap();
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |key: &str| {
        let line = text.lines().find(|line| line.starts_with(key))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let name = field("model name").unwrap_or_else(|| "unknown processor".to_owned());
    let cores = text
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count();
    let family = field("cpu family").unwrap_or_default();
    format!("{name} (family {family}, {cores} cores visible)")
}
