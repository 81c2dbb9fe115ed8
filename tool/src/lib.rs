//! The desktop tool of Vultus: demonstrates, evaluates and diagnoses the SDK.
//!
//! The program `vultus` is [`run`] and nothing else. What other desktop programs can use too is public:
//!
//! | module | what it holds |
//! |---|---|
//! | [`drawing`] | pictures with what was found in them |
//! | [`datasets`] | people, labelled pairs of photographs, presentations to a sensor |
//! | [`evaluation`] | what is measured on data sets |
//! | [`reports`] | what was measured, as HTML pages with plots |
//! | [`statistics`] | rates, and how sure they are |
//! | [`inputs`] | photographs on disk, and the faces in them |
//! | [`observer`] | who is told what happens during long work |
//! | [`failure`] | why something could not be done |
//!
//! # One direction
//! A module uses those below it and never one above:
//! ```text
//! command_line     assembles the commands
//! commands         arguments, results as text and JSON
//! terminal         what all commands share
//!
//! packs    reports    drawing
//!             |          |
//!         evaluation     |
//!             |          |
//!          datasets      |
//!                \      /
//! statistics     inputs
//!                   |
//! failure        observer
//! ```
//! The first three print and are private, and so is `packs`, which writes model packs.

mod command_line;
mod commands;
pub mod datasets;
pub mod drawing;
pub mod evaluation;
pub mod failure;
pub mod inputs;
pub mod observer;
mod packs;
pub mod reports;
pub mod statistics;
mod terminal;

pub use command_line::run;
