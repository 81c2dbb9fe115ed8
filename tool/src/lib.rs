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
//! | [`shown`] | names of files and people as they are shown |
//! | [`observer`] | who is told what happens during long work |
//! | [`failure`] | why something could not be done |
//!
//! ```no_run
//! use std::path::Path;
//! use vultus::{Config, DetectOptions, Sdk};
//! use vultus_tool::drawing::{Colour, Mark, annotated, save_png};
//! use vultus_tool::inputs::{FaceChoice, Pick};
//!
//! # fn main() -> vultus_tool::failure::Result<()> {
//! # let grant = vultus_licensing::grant::Grant::demo();
//! let sdk = Sdk::open(&Config::new("models/lite"), grant)?;
//! let choice = FaceChoice::new(DetectOptions::default(), Pick::Largest);
//! let photo = choice.read_photo(Path::new("door.jpg"))?;
//! let found = sdk.session()?.detect(&photo.frame(), &choice.options)?;
//! let mark = |face| Mark { face, colour: Colour::FACE, label: String::new() };
//! let marks: Vec<Mark> = found.faces.iter().map(mark).collect();
//! save_png(&annotated(photo.image(), &marks, sdk.grant()), Path::new("faces.png"))?;
//! # Ok(())
//! # }
//! ```
//!
//! # One direction
//! A module uses those in rows below its own, and never one beside it or above:
//! ```text
//! command_line
//! commands
//! reports
//! evaluation
//! datasets  drawing  packs  terminal
//! inputs  secrets
//! failure  observer  statistics
//! shown
//! ```
//! `command_line` assembles `commands`, which read arguments and print; `terminal` is what they share, and `packs` writes
//! model packs. These four and `secrets` are the program's own.

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
mod secrets;
pub mod shown;
pub mod statistics;
mod terminal;

pub use command_line::run;
