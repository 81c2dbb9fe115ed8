//! From pixels of the colour frame to pixels of a depth or infrared frame.

use super::depth::{lent_depth, vultus_depth_frame};
use super::landmarks::{points_of, vultus_landmarks};
use super::orientation::orientation;
use crate::fence::fence;
use crate::handle::{OutHandle, free, object, shared};
use crate::misuse::Misuse;
use crate::output::OutValue;
use crate::pod::{self, OutStruct, pod};
use vultus::error::Result;
use vultus::frame::{Registration, View};
use vultus::geom::{Affine2, Intrinsics, Point, RigidMotion};

/// Size and orientation of a camera's frames, as of `vultus_frame`, and its intrinsics where a call
/// asks for them.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_view {
    /// `sizeof(vultus_view)`.
    pub struct_size: u32,
    /// Stored width in pixels.
    pub width: u32,
    /// Stored height in pixels.
    pub height: u32,
    /// 0, 90, 180 or 270 degrees clockwise.
    pub rotation: u32,
    /// 0 or 1.
    pub mirror: u32,
    /// Focal length along the rows in stored pixels; for `vultus_registration_cameras` alone.
    pub fx: f32,
    /// Focal length along the columns.
    pub fy: f32,
    /// Where the optical axis meets the picture, from its left edge.
    pub cx: f32,
    /// The same from its top edge.
    pub cy: f32,
}
pod!(vultus_view {
    width: 0,
    height: 0,
    rotation: 0,
    mirror: 0,
    fx: 0.0,
    fy: 0.0,
    cx: 0.0,
    cy: 0.0,
});

/// A rotation and then a shift: p' = R p + t, in millimetres, along the axes of upright pictures (x to the
/// right, y down, z away).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_motion {
    /// `sizeof(vultus_motion)`.
    pub struct_size: u32,
    /// The rotation matrix R, row by row.
    pub rotation: [[f32; 3]; 3],
    /// The shift t in millimetres.
    pub shift_mm: [f32; 3],
}
pod!(vultus_motion {
    rotation: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    shift_mm: [0.0; 3],
});

/// A map of the plane: x' = a x + b y + c, y' = d x + e y + f.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_affine {
    /// `sizeof(vultus_affine)`.
    pub struct_size: u32,
    /// a, b, c and then d, e, f.
    pub rows: [[f32; 3]; 2],
}
pod!(vultus_affine {
    rows: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
});

/// From stored pixels of the colour frame to stored pixels of another sensor's frame. Made once for
/// frames of one size and orientation, with which every pair is compared. All threads share it.
#[derive(Debug)]
pub struct vultus_registration {
    _private: (),
}

object!(vultus_registration, Registered, b"vultREGI", Shared, Owned);

/// A map, and the size and orientation of the colour frames that it maps from.
pub(crate) struct Registered {
    map: Registration,
    colour: View,
}

/// Frames that share their pixels: a sensor whose driver has aligned it to the colour camera.
///
/// ```c
/// vultus_view view = {0};
/// view.struct_size = sizeof view;
/// view.width = 640;
/// view.height = 480;
/// code = vultus_registration_same(&view, &registration);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_registration_same(
    view: *const vultus_view,
    out: *mut *mut vultus_registration,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of inputs and outputs.
        let (view, out) = unsafe { (pod::read(view, "view")?, OutHandle::at(out, "out")?) };
        let colour = view.view()?;
        out.give(Registered {
            map: Registration::same(colour),
            colour,
        });
        Ok(())
    })
}

/// One map for all distances, measured at the working distance: for cameras close together.
///
/// Errors: VULTUS_ERROR_REGISTRATION_INVALID where the map is implausible for these views.
///
/// ```c
/// vultus_affine map = { sizeof map, {{0.5f, 0, 4}, {0, 0.5f, -3}} };
/// code = vultus_registration_affine(&map, &colour_view, &sensor_view, &registration);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_registration_affine(
    map: *const vultus_affine,
    colour: *const vultus_view,
    sensor: *const vultus_view,
    out: *mut *mut vultus_registration,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of inputs and outputs.
        let (map, colour, sensor, out) = unsafe {
            (
                pod::read(map, "map")?,
                pod::read(colour, "colour")?,
                pod::read(sensor, "sensor")?,
                OutHandle::at(out, "out")?,
            )
        };
        let [x, y] = map.rows;
        let (map, colour) = (Affine2::from_rows(x, y), colour.view()?);
        out.give(Registered {
            map: Registration::affine(map, colour, sensor.view()?)?,
            colour,
        });
        Ok(())
    })
}

/// Two calibrated cameras: `motion` brings points of the colour camera to the sensor's.
///
/// Errors: VULTUS_ERROR_REGISTRATION_INVALID with what is implausible: intrinsics that such a picture
/// cannot have, a matrix that is no rotation, cameras further apart than 500 mm or turned by more than
/// 20 degrees.
///
/// ```c
/// vultus_motion motion = { sizeof motion, {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, {-25.0f, 0, 0} };
/// code = vultus_registration_cameras(&colour_view, &sensor_view, &motion, &registration);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_registration_cameras(
    colour: *const vultus_view,
    sensor: *const vultus_view,
    motion: *const vultus_motion,
    out: *mut *mut vultus_registration,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of inputs and outputs.
        let (colour, sensor, motion, out) = unsafe {
            (
                pod::read(colour, "colour")?,
                pod::read(sensor, "sensor")?,
                pod::read(motion, "motion")?,
                OutHandle::at(out, "out")?,
            )
        };
        let motion = RigidMotion {
            rotation: motion.rotation,
            shift_mm: motion.shift_mm,
        };
        let map = Registration::cameras(
            (colour.view()?, colour.camera()),
            (sensor.view()?, sensor.camera()),
            motion,
        )?;
        out.give(Registered {
            map,
            colour: colour.view()?,
        });
        Ok(())
    })
}

/// Frees a registration; NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_registration_free(registration: *mut vultus_registration) {
    // SAFETY: as the header's first page asks of handles.
    fence::<()>(|| unsafe { free(registration, "registration") });
}

/// Where landmarks of the colour frame lie in another sensor's stored pixels, `distance_mm` away along
/// the colour camera's axis; frames that share their pixels and affine maps do not depend on it.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for a distance that is no number above 0;
/// VULTUS_ERROR_REGISTRATION_INVALID where a point lies behind the sensor.
///
/// ```c
/// vultus_landmarks in_colour = {0}, in_sensor = {0};
/// in_colour.struct_size = in_sensor.struct_size = sizeof in_colour;
/// memcpy(in_colour.points, face.landmarks, sizeof in_colour.points);
/// code = vultus_registration_locate(registration, &in_colour, 500, &in_sensor);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_registration_locate(
    registration: *const vultus_registration,
    in_colour: *const vultus_landmarks,
    distance_mm: f32,
    in_sensor: *mut vultus_landmarks,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (registration, landmarks, out) = unsafe {
            (
                shared(registration, "registration")?,
                pod::read(in_colour, "in_colour")?,
                OutStruct::at(in_sensor, "in_sensor")?,
            )
        };
        if !(distance_mm > 0.0 && distance_mm.is_finite()) {
            return Err(vultus::config::OutOfRange {
                name: "distance_mm",
                value: distance_mm.into(),
                range: "above 0",
            }
            .into());
        }
        let mut points = [[0.0; 2]; 5];
        for (point, [x, y]) in points.iter_mut().zip(landmarks.points) {
            let there = registration.map.locate(Point::new(x, y), distance_mm);
            let there = there.ok_or(Misuse::BehindSensor)?;
            *point = [there.x, there.y];
        }
        out.set(vultus_landmarks {
            points,
            ..vultus_landmarks::default()
        });
        Ok(())
    })
}

/// Where landmarks of the colour frame lie in a depth frame of the same moment, by the distances that are
/// measured there. `found` is 0, and the landmarks untouched, where nothing is measured at one of them: the
/// face cannot be judged by this frame then.
///
/// Errors: VULTUS_ERROR_REGISTRATION_INVALID for a frame of another size or orientation;
/// VULTUS_ERROR_SENSOR_FRAME_INVALID.
///
/// ```c
/// uint32_t found = 0;
/// code = vultus_registration_locate_in_depth(registration, &in_colour, &depth, &landmarks, &found);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_registration_locate_in_depth(
    registration: *const vultus_registration,
    in_colour: *const vultus_landmarks,
    frame: *const vultus_depth_frame,
    in_depth: *mut vultus_landmarks,
    found: *mut u32,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (registration, landmarks, frame, out, found) = unsafe {
            (
                shared(registration, "registration")?,
                pod::read(in_colour, "in_colour")?,
                lent_depth(frame, "frame")?,
                OutStruct::at(in_depth, "in_depth")?,
                OutValue::at(found, "found")?,
            )
        };
        let there = registration.map.landmarks_in_depth(
            &landmarks.landmarks(),
            registration.colour,
            &frame,
        )?;
        if let Some(there) = there {
            out.set(vultus_landmarks {
                points: points_of(there),
                ..vultus_landmarks::default()
            });
        }
        found.set(u32::from(there.is_some()));
        Ok(())
    })
}

impl vultus_view {
    fn view(&self) -> Result<View> {
        Ok(View {
            size: (self.width, self.height),
            orientation: orientation(self.rotation, self.mirror)?,
        })
    }

    fn camera(&self) -> Intrinsics {
        Intrinsics {
            fx: self.fx,
            fy: self.fy,
            cx: self.cx,
            cy: self.cy,
        }
    }
}
