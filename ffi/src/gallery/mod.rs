//! Galleries: groups, persons and faces.

pub mod details;
pub mod faces;
mod group_ids;
pub mod groups;
pub mod library;
pub mod lists;
pub mod matcher;
pub mod options;
pub mod persons;
pub mod search;
pub mod transfer;
pub mod upgrade;
pub mod verify;
