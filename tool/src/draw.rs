//! Draws findings into a picture.

use crate::failure::{CliResult, Failure};
use embedded_graphics::mono_font::{MonoFont, MonoTextStyle};
use embedded_graphics::pixelcolor::Rgb888;
use embedded_graphics::prelude::*;
use embedded_graphics::primitives::{
    Circle, Line, PrimitiveStyle, PrimitiveStyleBuilder, Rectangle, StrokeAlignment,
};
use embedded_graphics::text::{Baseline, Text};
use image::imageops::{self, FilterType};
use profont::{PROFONT_7_POINT, PROFONT_12_POINT, PROFONT_18_POINT, PROFONT_24_POINT};
use std::convert::Infallible;
use std::path::Path;
use vultus::Face;
use vultus::Session;
use vultus::frame::{Photo, RgbImage};
use vultus::geom::{Point as FacePoint, Rect};
use vultus::licensing::grant::Grant;
use vultus::quality;
use vultus::quality::QualityReport;

/// A face without a verdict.
pub(crate) const FACE: Rgb888 = Rgb888::new(80, 200, 255);
/// A person with a name.
pub(crate) const ACCEPTED: Rgb888 = Rgb888::new(70, 220, 90);
/// A person without one.
pub(crate) const UNKNOWN: Rgb888 = Rgb888::new(255, 170, 60);

const WATERMARK: &str = "VULTUS DEMONSTRATION - NOT LICENSED";
const WATERMARK_PLATE: Rgb888 = Rgb888::new(235, 235, 235);

/// Larger pictures are shrunk to this, so that the lettering stays legible.
const MAX_SIDE: u32 = 1600;

/// From the largest letters to the smallest.
const FONTS: [&MonoFont<'static>; 4] = [
    &PROFONT_24_POINT,
    &PROFONT_18_POINT,
    &PROFONT_12_POINT,
    &PROFONT_7_POINT,
];

/// Room around letters, both sides together.
const PADDING: Size = Size::new(8, 4);

/// A face with its colour and label.
pub(crate) struct Mark<'a> {
    face: &'a Face,
    colour: Rgb888,
    label: String,
}

impl<'a> Mark<'a> {
    pub(crate) fn new(face: &'a Face, colour: Rgb888, label: String) -> Self {
        Self {
            face,
            colour,
            label,
        }
    }
}

/// Writes the picture with all marks as PNG.
pub(crate) fn save(
    picture: &RgbImage,
    marks: &[Mark<'_>],
    grant: &Grant,
    file: &Path,
) -> CliResult<()> {
    let mut canvas = Canvas::new(picture);
    for mark in marks {
        canvas.mark(mark);
    }
    canvas.save(grant, file)
}

/// Writes the picture with the parts of each face coloured by how well they can be seen (red, yellow,
/// green), the axes of its head (red to the right, green up, blue forward) and its total.
pub(crate) fn save_quality(
    photo: &Photo,
    faces: &[(&Face, &QualityReport)],
    session: &mut Session,
    grant: &Grant,
    file: &Path,
) -> CliResult<()> {
    let mut canvas = Canvas::new(photo.image());
    for (face, report) in faces {
        let mesh = session.mesh(&photo.frame(), face)?;
        for (component, outline) in quality::outlines(&mesh.points) {
            let value = component.value(report).unwrap_or(0.0);
            canvas.outline(&outline, traffic_light(value));
        }
        canvas.axes(face.landmarks.nose, report);
        let label = format!("{:.0}", report.total);
        canvas.mark(&Mark::new(face, traffic_light(report.total), label));
    }
    canvas.save(grant, file)
}

/// Red at 40 and below, yellow at 70, green at 100.
fn traffic_light(points: f32) -> Rgb888 {
    let share = ((points - 40.0) / 60.0).clamp(0.0, 1.0);
    let channel = |value: f32| (value.clamp(0.0, 1.0) * 220.0) as u8;
    Rgb888::new(channel(2.0 - 2.0 * share), channel(2.0 * share), 40)
}

/// A copy for the functions of the crate `image`.
pub(crate) fn pixels(picture: &RgbImage) -> image::RgbImage {
    let (width, height) = picture.size();
    image::RgbImage::from_raw(width, height, picture.pixels().to_vec())
        .expect("the picture holds exactly its pixels")
}

struct Canvas {
    pixels: image::RgbImage,
    /// Canvas pixels per picture pixel.
    scale: f32,
}

impl Canvas {
    fn new(picture: &RgbImage) -> Self {
        let pixels = pixels(picture);
        let (width, height) = pixels.dimensions();
        let longest = width.max(height);
        if longest <= MAX_SIDE {
            return Self { pixels, scale: 1.0 };
        }
        let scale = MAX_SIDE as f32 / longest as f32;
        let side = |side: u32| ((side as f32 * scale) as u32).max(1);
        let pixels = imageops::resize(&pixels, side(width), side(height), FilterType::Triangle);
        Self { pixels, scale }
    }

    /// Writes the picture as PNG. One made without a licence says so.
    fn save(mut self, grant: &Grant, file: &Path) -> CliResult<()> {
        if grant.is_demo() {
            self.watermark(WATERMARK);
        }
        self.pixels
            .save_with_format(file, image::ImageFormat::Png)
            .map_err(|error| Failure::text(error.to_string()).about(file))
    }

    fn mark(&mut self, mark: &Mark<'_>) {
        let thick = self.thick();
        let border = PrimitiveStyleBuilder::new()
            .stroke_color(mark.colour)
            .stroke_width(thick)
            .stroke_alignment(StrokeAlignment::Outside)
            .build();
        let frame = self.rectangle(&mark.face.rect);
        never_fails(frame.into_styled(border).draw(self));
        for point in mark.face.landmarks.to_array() {
            let dot = Circle::with_center(self.point(point), thick * 2 + 1);
            never_fails(
                dot.into_styled(PrimitiveStyle::with_fill(mark.colour))
                    .draw(self),
            );
        }
        self.label(&mark.label, frame, mark.colour);
    }

    fn outline(&mut self, corners: &[FacePoint], colour: Rgb888) {
        let style = PrimitiveStyle::with_stroke(colour, self.thick());
        for (i, &corner) in corners.iter().enumerate() {
            let next = corners[(i + 1) % corners.len()];
            let line = Line::new(self.point(corner), self.point(next));
            never_fails(line.into_styled(style).draw(self));
        }
    }

    /// The axes of the head, one and a half eye distances long.
    fn axes(&mut self, at: FacePoint, report: &QualityReport) {
        let length = report.eye_distance_px * 1.5;
        let matrix = report.pose.matrix();
        let colours = [(230, 60, 60), (60, 200, 60), (70, 110, 255)];
        for (axis, (r, g, b)) in colours.into_iter().enumerate() {
            let tip = FacePoint::new(
                at.x + matrix[0][axis] as f32 * length,
                at.y - matrix[1][axis] as f32 * length,
            );
            let style = PrimitiveStyle::with_stroke(Rgb888::new(r, g, b), self.thick() + 1);
            let line = Line::new(self.point(at), self.point(tip));
            never_fails(line.into_styled(style).draw(self));
        }
    }

    fn thick(&self) -> u32 {
        1 + self.pixels.width().max(self.pixels.height()) / 400
    }

    /// Above the frame, or inside its top where there is no room.
    fn label(&mut self, label: &str, frame: Rectangle, colour: Rgb888) {
        let font = self.font();
        let plate = plate_size(label, font);
        let right_edge = self.pixels.width() as i32 - plate.width as i32;
        let above = frame.top_left.y - plate.height as i32;
        let corner = Point::new(
            frame.top_left.x.min(right_edge).max(0),
            if above >= 0 {
                above
            } else {
                frame.top_left.y.max(0)
            },
        );
        self.plate(label, font, corner, colour);
    }

    /// In the lower left corner, over whatever is there.
    fn watermark(&mut self, text: &str) {
        // In letters small enough that nothing of it is cut off.
        let width = self.pixels.width();
        let fits = |font: &&MonoFont<'_>| plate_size(text, font).width <= width;
        let font = FONTS
            .into_iter()
            .find(fits)
            .unwrap_or(FONTS[FONTS.len() - 1]);
        let top = self.pixels.height() as i32 - plate_size(text, font).height as i32;
        self.plate(text, font, Point::new(0, top), WATERMARK_PLATE);
    }

    /// Dark letters on a plate of a colour.
    fn plate(&mut self, text: &str, font: &MonoFont<'_>, corner: Point, colour: Rgb888) {
        let background = Rectangle::new(corner, plate_size(text, font))
            .into_styled(PrimitiveStyle::with_fill(colour));
        never_fails(background.draw(self));
        let style = MonoTextStyle::new(font, Rgb888::new(10, 10, 10));
        let inside = corner + PADDING / 2;
        never_fails(
            Text::with_baseline(text, inside, style, Baseline::Top)
                .draw(self)
                .map(|_| ()),
        );
    }

    fn font(&self) -> &'static MonoFont<'static> {
        match self.pixels.width().max(self.pixels.height()) {
            0..400 => &PROFONT_12_POINT,
            400..900 => &PROFONT_18_POINT,
            _ => &PROFONT_24_POINT,
        }
    }

    fn point(&self, p: FacePoint) -> Point {
        Point::new((p.x * self.scale) as i32, (p.y * self.scale) as i32)
    }

    fn rectangle(&self, rect: &Rect) -> Rectangle {
        Rectangle::with_corners(self.point(rect.top_left()), self.point(rect.bottom_right()))
    }
}

fn plate_size(text: &str, font: &MonoFont<'_>) -> Size {
    let style = MonoTextStyle::new(font, Rgb888::new(0, 0, 0));
    let text = Text::with_baseline(text, Point::zero(), style, Baseline::Top);
    text.bounding_box().size + PADDING
}

fn never_fails(drawn: Result<(), Infallible>) {
    match drawn {
        Ok(()) => {}
        Err(never) => match never {},
    }
}

impl OriginDimensions for Canvas {
    fn size(&self) -> Size {
        Size::new(self.pixels.width(), self.pixels.height())
    }
}

impl DrawTarget for Canvas {
    type Color = Rgb888;
    type Error = Infallible;

    fn draw_iter<I>(&mut self, pixels: I) -> Result<(), Infallible>
    where
        I: IntoIterator<Item = Pixel<Rgb888>>,
    {
        for Pixel(at, colour) in pixels {
            // Negative coordinates become huge ones and fall outside too.
            if let Some(pixel) = self.pixels.get_pixel_mut_checked(at.x as u32, at.y as u32) {
                *pixel = image::Rgb([colour.r(), colour.g(), colour.b()]);
            }
        }
        Ok(())
    }
}
