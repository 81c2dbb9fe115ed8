//! Presentation attack detection, judged and counted after ISO/IEC 30107-3.

mod answer;
mod counts;
mod depth;
mod infrared;
mod judge;
mod judged;
mod network;
mod report;
mod rules;
mod tally;
mod trade_off;

#[cfg(test)]
mod tests;

pub use answer::{Answer, Measure};
pub use counts::Counts;
pub use depth::DepthJudge;
pub use infrared::InfraredJudge;
pub use judge::{FrameAnswer, Judge, Provenance};
pub use judged::{JudgedConditions, JudgedPresentation, JudgedSet, judge_set};
pub use report::PadReport;
pub use tally::Tally;
pub use trade_off::TradeOff;
