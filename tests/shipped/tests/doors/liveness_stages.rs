//! Asks for what judges liveness without a licence: the trait of the judges, and the networks behind them.

use vultus::liveness::Judge;
use vultus::liveness::depth::{Geometry, ReliefPicture};
use vultus::liveness::infrared::{FacePicture, measure};

fn main() {}
