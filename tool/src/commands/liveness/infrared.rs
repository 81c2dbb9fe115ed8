//! `vultus liveness ir`

use super::answers;
use crate::evaluation::pad::InfraredJudge;
use crate::failure::Result;
use crate::terminal::args::PackArgs;
use crate::terminal::opening::open_pack;
use crate::terminal::{Outcome, Output};
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct IrArgs {
    /// Descriptions of frames.
    #[arg(required = true, value_name = "FILE.json")]
    files: Vec<PathBuf>,
    /// Leave frames of the room's light out, as of a sensor that takes none.
    #[arg(long)]
    lit_alone: bool,
    /// Rules of one's own, as in models/liveness/infrared.toml.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    #[command(flatten)]
    pack: PackArgs,
}

pub(super) fn run(args: &IrArgs, output: &Output) -> Result<Outcome> {
    let pack = open_pack(&args.pack)?;
    let judge = InfraredJudge::new(&pack, args.rules.as_deref(), args.lit_alone)?;
    Ok(answers::of_sidecars(&judge, &args.files, output))
}
