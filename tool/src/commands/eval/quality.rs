//! `vultus eval quality`

use crate::evaluation::error_versus_reject::{
    ErrorVersusReject, FMR, Half, REJECTED, RejectCurve, SHOWN,
};
use crate::failure::{Result, WithFile};
use crate::inputs::Pick;
use crate::reports::error_versus_reject_page;
use crate::statistics::Rate;
use crate::terminal::args::{FaceArgs, SdkArgs};
use crate::terminal::opening::open_sdk;
use crate::terminal::{Outcome, Output};
use clap::Args;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct QualityArgs {
    /// Labelled pairs.
    #[arg(long, value_name = "CSV")]
    pairs: PathBuf,
    /// Folder that the images of the pairs are in.
    #[arg(long, value_name = "DIR")]
    root: PathBuf,
    /// Write a page with the curves.
    #[arg(long, value_name = "OUT.html")]
    report: Option<PathBuf>,
    /// Which people count.
    #[arg(long, value_enum, value_name = "WHICH", default_value = "all")]
    half: Half,
    /// Which face of a photograph counts.
    #[arg(long, value_enum, value_name = "RULE", default_value = "prominent")]
    pick: Pick,
    #[command(flatten)]
    face: FaceArgs,
    #[command(flatten)]
    sdk: SdkArgs,
}

pub(super) fn run(args: &QualityArgs, output: &Output) -> Result<Outcome> {
    let sdk = open_sdk(&args.sdk, output)?;
    let choice = args.face.choice(args.pick)?;
    let (pairs, root) = (&args.pairs, &args.root);
    let result = ErrorVersusReject::measure(&sdk, pairs, root, args.half, &choice, output)?;
    output.result(&to_json(&result), || to_text(&result));
    if let Some(file) = &args.report {
        let page = error_versus_reject_page(&result).with_file(file)?;
        fs::write(file, page).with_file(file)?;
    }
    Ok(Outcome::Yes)
}

fn to_json(result: &ErrorVersusReject) -> Value {
    let triple = |rate: &Rate| json!([rate.value, rate.low, rate.high]);
    let curve = |c: &RejectCurve| {
        json!({
            "component": c.name,
            "fnmr": c.fnmr.iter().map(triple).collect::<Vec<_>>(),
            "change": c.change.iter().map(triple).collect::<Vec<_>>(),
        })
    };
    json!({
        "model_id": result.model_id,
        "mated": result.mated,
        "impostors": result.impostors,
        "fmr": FMR,
        "rejected": REJECTED,
        "curves": result.curves.iter().map(curve).collect::<Vec<_>>(),
    })
}

fn to_text(result: &ErrorVersusReject) -> String {
    let mated = result.mated;
    let mut text = format!("FNMR at FMR {FMR:.0e} of {mated} mated comparisons");
    if let Some(first) = result.curves.first() {
        text += &format!(": {}", first.fnmr[0].percent());
    }
    text += "\n  without the worst 5 % and 10 % by";
    for curve in &result.curves {
        let [five, ten] = SHOWN.map(|at| curve.fnmr[at].percent());
        text += &format!("\n    {:<14} {five}   {ten}", curve.name);
    }
    text
}
