use super::Point;

/// An axis-parallel rectangle in pixels; it may reach outside the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width, not negative.
    pub width: f32,
    /// Height, not negative.
    pub height: f32,
}

impl Rect {
    /// The smallest rectangle around points; `None` without any, or with one that is not finite.
    #[must_use]
    pub fn around(points: &[Point]) -> Option<Self> {
        let first = *points.first()?;
        let mut corners = (first, first);
        for p in points {
            if !p.is_finite() {
                return None;
            }
            corners.0 = Point::new(corners.0.x.min(p.x), corners.0.y.min(p.y));
            corners.1 = Point::new(corners.1.x.max(p.x), corners.1.y.max(p.y));
        }
        Some(Self::from_corners(corners.0, corners.1))
    }

    /// The smallest rectangle that holds both corners.
    #[must_use]
    pub fn from_corners(a: Point, b: Point) -> Self {
        Self {
            x: a.x.min(b.x),
            y: a.y.min(b.y),
            width: (a.x - b.x).abs(),
            height: (a.y - b.y).abs(),
        }
    }

    /// The rectangle around a centre.
    #[must_use]
    pub fn centred(centre: Point, width: f32, height: f32) -> Self {
        Self {
            x: centre.x - width * 0.5,
            y: centre.y - height * 0.5,
            width,
            height,
        }
    }

    /// Top left corner.
    #[must_use]
    pub fn top_left(&self) -> Point {
        Point::new(self.x, self.y)
    }

    /// Bottom right corner.
    #[must_use]
    pub fn bottom_right(&self) -> Point {
        Point::new(self.x + self.width, self.y + self.height)
    }

    /// Centre.
    #[must_use]
    pub fn centre(&self) -> Point {
        self.top_left().midpoint(self.bottom_right())
    }

    /// Area in square pixels.
    #[must_use]
    pub fn area(&self) -> f32 {
        self.width * self.height
    }

    /// The longer side.
    #[must_use]
    pub fn long_side(&self) -> f32 {
        self.width.max(self.height)
    }

    /// The shorter side.
    #[must_use]
    pub fn short_side(&self) -> f32 {
        self.width.min(self.height)
    }

    /// Intersection over union, `0..=1`; 0 for two empty rectangles.
    #[must_use]
    pub fn iou(&self, other: &Self) -> f32 {
        let (a, b) = (self.bottom_right(), other.bottom_right());
        let width = (a.x.min(b.x) - self.x.max(other.x)).max(0.0);
        let height = (a.y.min(b.y) - self.y.max(other.y)).max(0.0);
        let intersection = width * height;
        let union = self.area() + other.area() - intersection;
        if union > 0.0 {
            intersection / union
        } else {
            0.0
        }
    }

    /// Whether all four numbers are finite and the sides positive.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.top_left().is_finite()
            && self.bottom_right().is_finite()
            && self.width > 0.0
            && self.height > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iou_of_known_overlaps() {
        let a = Rect::centred(Point::new(5.0, 5.0), 10.0, 10.0);
        let b = Rect { x: 5.0, ..a };
        assert_eq!(a.iou(&a), 1.0);
        assert!((a.iou(&b) - 1.0 / 3.0).abs() < 1e-6);
        assert_eq!(a.iou(&Rect { x: 20.0, ..a }), 0.0);
        let empty = Rect {
            width: 0.0,
            height: 0.0,
            ..a
        };
        assert_eq!(empty.iou(&empty), 0.0);
    }
}
