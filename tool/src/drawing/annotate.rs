//! Pictures with what was found in them.

use super::canvas::Canvas;
use super::colour::Colour;
use crate::failure::{Failure, Result};
use image::ImageFormat;
use std::path::Path;
use vultus::frame::{Photo, RgbImage};
use vultus::licensing::grant::Grant;
use vultus::quality::{self, QualityReport};
use vultus::{Face, Session};

/// A face with its colour and label.
#[derive(Clone, Debug)]
pub struct Mark<'a> {
    /// Where it is.
    pub face: &'a Face,
    /// Of its frame and landmarks.
    pub colour: Colour,
    /// What is written above it.
    pub label: String,
}

/// The picture with all marks.
#[must_use]
pub fn annotated(picture: &RgbImage, marks: &[Mark<'_>], grant: &Grant) -> image::RgbImage {
    let mut canvas = Canvas::new(picture);
    for mark in marks {
        canvas.face(mark.face, mark.colour, &mark.label);
    }
    canvas.finish(grant)
}

/// The picture with the parts of each face coloured by how well they can be seen (red, yellow,
/// green), the axes of its head (red to the right, green up, blue forward) and its total.
///
/// # Errors
/// When the SDK finds no mesh of a face.
pub fn annotated_quality(
    photo: &Photo,
    faces: &[(&Face, &QualityReport)],
    session: &mut Session,
    grant: &Grant,
) -> Result<image::RgbImage> {
    let mut canvas = Canvas::new(photo.image());
    for (face, report) in faces {
        let mesh = session.mesh(&photo.frame(), face)?;
        for (component, outline) in quality::outlines(&mesh.points) {
            let value = component.value(report).unwrap_or(0.0);
            canvas.outline(&outline, Colour::of_quality(value));
        }
        canvas.axes(face.landmarks.nose, report);
        let label = format!("{:.0}", report.total);
        canvas.face(face, Colour::of_quality(report.total), &label);
    }
    Ok(canvas.finish(grant))
}

/// Writes a picture as PNG, whatever the file is called.
///
/// # Errors
/// When it cannot be written.
pub fn save_png(picture: &image::RgbImage, file: &Path) -> Result<()> {
    picture
        .save_with_format(file, ImageFormat::Png)
        .map_err(|error| Failure::text(error.to_string()).about(file))
}
