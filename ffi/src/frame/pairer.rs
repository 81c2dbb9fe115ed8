//! Finding the frames of several cameras that show one moment.

use crate::fence::fence;
use crate::handle::{OutHandle, exclusive, free, object};
use crate::misuse::Misuse;
use crate::pod::{OutStruct, pod};
use vultus::config::MaxSkew;
use vultus::frame::{FramePairer, Stream};

/// The colour camera.
pub const VULTUS_STREAM_COLOUR: u32 = 1;
/// The depth sensor.
pub const VULTUS_STREAM_DEPTH: u32 = 2;
/// The infrared camera.
pub const VULTUS_STREAM_INFRARED: u32 = 4;

/// A frame that is closer in time may still come: push more frames.
pub const VULTUS_PAIR_WAITING: u32 = 1;
/// A colour frame and the frames of its moment.
pub const VULTUS_PAIR_FOUND: u32 = 2;
/// A colour frame without a frame of another stream from the same moment; it is given up.
pub const VULTUS_PAIR_UNSYNCED: u32 = 3;

/// The result for the oldest colour frame. Frames are given by the numbers that the host pushed.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_pair {
    /// `sizeof(vultus_pair)`, set by the caller.
    pub struct_size: u32,
    /// VULTUS_PAIR_WAITING, VULTUS_PAIR_FOUND or VULTUS_PAIR_UNSYNCED. The other fields are filled for
    /// VULTUS_PAIR_FOUND alone, except `skew_us`.
    pub state: u32,
    /// The colour frame.
    pub colour: u64,
    /// The depth frame, where the pairer expects one; else 0.
    pub depth: u64,
    /// The infrared frame, where the pairer expects one; else 0.
    pub infrared: u64,
    /// The larger distance in time to the colour frame, in microseconds; of UNSYNCED that of the nearest
    /// frame, or 0 where there is none.
    pub skew_us: u64,
}
pod!(vultus_pair {
    state: VULTUS_PAIR_WAITING,
    colour: 0,
    depth: 0,
    infrared: 0,
    skew_us: 0,
});

/// Matches colour frames with depth and infrared frames by their capture times, which are of one clock and
/// rise in each stream. It keeps numbers, not pictures, and at most eight a stream.
#[derive(Debug)]
pub struct vultus_pairer {
    _private: (),
}

object!(
    vultus_pairer,
    FramePairer<u64>,
    b"vultPAIR",
    Exclusive,
    Owned
);

/// A pairer of the colour stream and those in `streams`: VULTUS_STREAM_DEPTH, VULTUS_STREAM_INFRARED or
/// both added up. Frames of one moment are at most `max_skew_ms` apart, 1 to 200; 50 is usual.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER.
///
/// ```c
/// vultus_pairer *pairer = NULL;
/// code = vultus_pairer_new(VULTUS_STREAM_DEPTH, 50, &pairer);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_pairer_new(
    streams: u32,
    max_skew_ms: u32,
    out: *mut *mut vultus_pairer,
) -> i32 {
    const BOTH: u32 = VULTUS_STREAM_DEPTH | VULTUS_STREAM_INFRARED;
    fence(|| {
        // SAFETY: as the header's first page asks of outputs.
        let out = unsafe { OutHandle::at(out, "out")? };
        let most = MaxSkew::new(max_skew_ms)?;
        out.give(match streams {
            VULTUS_STREAM_DEPTH => FramePairer::with_depth(most),
            VULTUS_STREAM_INFRARED => FramePairer::with_infrared(most),
            BOTH => FramePairer::with_both(most),
            other => return Err(Misuse::choice("streams", other, "2, 4 and 6").into()),
        });
        Ok(())
    })
}

/// Frees a pairer; NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_pairer_free(pairer: *mut vultus_pairer) {
    // SAFETY: as the header's first page asks of handles.
    fence::<()>(|| unsafe { free(pairer, "pairer") });
}

/// Adds a frame of a stream (VULTUS_STREAM_*): its capture time, and a number by which the host identifies
/// it.
///
/// Errors: VULTUS_ERROR_SENSOR_FRAME_INVALID for a frame without a capture time, or whose capture time is
/// not later than that of the one before; VULTUS_ERROR_INVALID_PARAMETER for a stream that the pairer was
/// made without. The frame is not added then.
///
/// ```c
/// code = vultus_pairer_push(pairer, VULTUS_STREAM_COLOUR, frame.timestamp_us, buffer_number);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_pairer_push(
    pairer: *mut vultus_pairer,
    stream: u32,
    timestamp_us: u64,
    frame: u64,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles.
        let mut pairer = unsafe { exclusive(pairer, "pairer")? };
        let stream = match stream {
            VULTUS_STREAM_COLOUR => Stream::Colour,
            VULTUS_STREAM_DEPTH => Stream::Depth,
            VULTUS_STREAM_INFRARED => Stream::Infrared,
            other => return Err(Misuse::choice("stream", other, "1, 2 and 4").into()),
        };
        pairer.push(stream, timestamp_us, frame)?;
        Ok(())
    })
}

/// The result for the oldest colour frame. Call it after each push, until it answers VULTUS_PAIR_WAITING.
///
/// ```c
/// vultus_pair pair = {0};
/// pair.struct_size = sizeof pair;
/// while (vultus_pairer_next(pairer, &pair) == VULTUS_OK && pair.state != VULTUS_PAIR_WAITING)
///     if (pair.state == VULTUS_PAIR_FOUND)
///         judge_buffers(pair.colour, pair.depth);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_pairer_next(
    pairer: *mut vultus_pairer,
    pair: *mut vultus_pair,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (mut pairer, out) =
            unsafe { (exclusive(pairer, "pairer")?, OutStruct::at(pair, "pair")?) };
        out.set(match pairer.next_pair() {
            None => vultus_pair::default(),
            Some(Ok(paired)) => vultus_pair {
                state: VULTUS_PAIR_FOUND,
                colour: paired.colour,
                depth: paired.depth.unwrap_or(0),
                infrared: paired.infrared.unwrap_or(0),
                skew_us: paired.skew_us,
                ..vultus_pair::default()
            },
            Some(Err(unsynced)) => vultus_pair {
                state: VULTUS_PAIR_UNSYNCED,
                skew_us: unsynced.skew_us.unwrap_or(0),
                ..vultus_pair::default()
            },
        });
        Ok(())
    })
}
