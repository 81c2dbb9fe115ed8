//! `vultus liveness depth`

use super::answers;
use crate::evaluation::pad::DepthJudge;
use crate::failure::Result;
use crate::terminal::args::PackArgs;
use crate::terminal::opening::open_pack;
use crate::terminal::{Outcome, Output};
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct DepthArgs {
    /// Descriptions of frames.
    #[arg(required = true, value_name = "FILE.json")]
    files: Vec<PathBuf>,
    /// Judge by rules that let children in.
    #[arg(long)]
    children: bool,
    /// Judge by geometry, without the network of the pack that looks for masks.
    #[arg(long)]
    geometry_alone: bool,
    /// Rules of one's own, as in models/liveness/depth.toml.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    #[command(flatten)]
    pack: PackArgs,
}

pub(super) fn run(args: &DepthArgs, output: &Output) -> Result<Outcome> {
    let pack = match args.geometry_alone {
        true => None,
        false => Some(open_pack(&args.pack)?),
    };
    let judge = DepthJudge::new(pack.as_ref(), args.rules.as_deref(), args.children)?;
    Ok(answers::of_sidecars(&judge, &args.files, output))
}
