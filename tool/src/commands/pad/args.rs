//! The set that commands judge, and by what.

use crate::datasets::presentations::{Modality, Set};
use crate::evaluation::pad::{DepthJudge, InfraredJudge, Judge};
use crate::failure::{Failure, Result};
use crate::terminal::args::PackArgs;
use crate::terminal::opening::open_pack;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct SetArgs {
    /// Folder of the set.
    #[arg(long, value_name = "DIR")]
    set: PathBuf,
    /// Depth: judge by rules that let children in.
    #[arg(long)]
    children: bool,
    /// Depth: judge by geometry, without the network of the pack that looks for masks.
    #[arg(long)]
    geometry_alone: bool,
    /// Infrared: leave frames of the room's light out, as of a sensor that takes none.
    #[arg(long)]
    lit_alone: bool,
    /// Rules of one's own, as in models/liveness/depth.toml or infrared.toml.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    #[command(flatten)]
    pack: PackArgs,
}

impl SetArgs {
    /// Opens what the arguments name.
    pub(super) fn open(&self) -> Result<(Set, Box<dyn Judge>)> {
        let set = Set::open(&self.set)?;
        let judge: Box<dyn Judge> = match set.header.modality {
            Modality::Depth => Box::new(self.depth_judge()?),
            Modality::Ir => Box::new(self.infrared_judge()?),
        };
        Ok((set, judge))
    }

    fn depth_judge(&self) -> Result<DepthJudge> {
        if self.lit_alone {
            let cause = "--lit-alone is about infrared frames; this set is of a depth sensor";
            return Err(Failure::text(cause).about(&self.set));
        }
        let pack = match self.geometry_alone {
            true => None,
            false => Some(open_pack(&self.pack)?),
        };
        DepthJudge::new(pack.as_ref(), self.rules.as_deref(), self.children)
    }

    fn infrared_judge(&self) -> Result<InfraredJudge> {
        let refuse = |cause: &str| Err(Failure::text(cause).about(&self.set));
        if self.geometry_alone {
            return refuse(
                "--geometry-alone is about depth frames; this set is of an infrared camera",
            );
        }
        if self.children {
            return refuse(
                "--children is about a depth sensor's rules; those of infrared are the same for adults and children",
            );
        }
        let pack = open_pack(&self.pack)?;
        InfraredJudge::new(&pack, self.rules.as_deref(), self.lit_alone)
    }
}
