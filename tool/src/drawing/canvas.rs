//! A copy of a picture to draw on.

use super::colour::Colour;
use crate::inputs::to_image;
use crate::shown::shown;
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
use vultus::Face;
use vultus::frame::RgbImage;
use vultus::geom::{Point as FacePoint, Rect};
use vultus::licensing::grant::Grant;
use vultus::quality::QualityReport;

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

/// A copy of a picture to draw on, shrunk where it is very large.
pub(super) struct Canvas {
    pixels: image::RgbImage,
    /// Canvas pixels per picture pixel.
    scale: f32,
}

impl Canvas {
    pub(super) fn new(picture: &RgbImage) -> Self {
        let pixels = to_image(picture);
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

    /// The picture. One made without a licence says so.
    pub(super) fn finish(mut self, grant: &Grant) -> image::RgbImage {
        if grant.is_demo() {
            self.watermark(WATERMARK);
        }
        self.pixels
    }

    /// The frame and the landmarks of a face, with a label.
    pub(super) fn face(&mut self, face: &Face, colour: Colour, label: &str) {
        let (thick, colour) = (self.thick(), ink(colour));
        let border = PrimitiveStyleBuilder::new()
            .stroke_color(colour)
            .stroke_width(thick)
            .stroke_alignment(StrokeAlignment::Outside)
            .build();
        let frame = self.rectangle(&face.rect);
        drawn(frame.into_styled(border).draw(self));
        for point in face.landmarks.to_array() {
            let dot = Circle::with_center(self.point(point), thick * 2 + 1);
            drawn(
                dot.into_styled(PrimitiveStyle::with_fill(colour))
                    .draw(self),
            );
        }
        self.label(&shown(label), frame, colour);
    }

    /// A closed line through points.
    pub(super) fn outline(&mut self, corners: &[FacePoint], colour: Colour) {
        let style = PrimitiveStyle::with_stroke(ink(colour), self.thick());
        for (i, &corner) in corners.iter().enumerate() {
            let next = corners[(i + 1) % corners.len()];
            let line = Line::new(self.point(corner), self.point(next));
            drawn(line.into_styled(style).draw(self));
        }
    }

    /// The axes of the head, one and a half eye distances long: red to the right, green up, blue forward.
    pub(super) fn axes(&mut self, at: FacePoint, report: &QualityReport) {
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
            drawn(line.into_styled(style).draw(self));
        }
    }

    /// Width of lines in pixels of the canvas.
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
        drawn(background.draw(self));
        let style = MonoTextStyle::new(font, Rgb888::new(10, 10, 10));
        let inside = corner + PADDING / 2;
        drawn(
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

const fn ink(colour: Colour) -> Rgb888 {
    Rgb888::new(colour.red, colour.green, colour.blue)
}

fn plate_size(text: &str, font: &MonoFont<'_>) -> Size {
    let style = MonoTextStyle::new(font, Rgb888::new(0, 0, 0));
    let text = Text::with_baseline(text, Point::zero(), style, Baseline::Top);
    text.bounding_box().size + PADDING
}

/// Drawing into memory never fails.
fn drawn(result: Result<(), Infallible>) {
    match result {
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
