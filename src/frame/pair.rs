//! Frames of several cameras that show one moment.

use crate::config::MaxSkew;
use crate::error::{Coded, Status};
use std::collections::VecDeque;
use std::fmt;

/// Frames kept of each stream; older ones give way.
const KEPT: usize = 8;

/// Colour frames after which the oldest no longer waits for a stream that has fallen silent.
const PATIENCE: usize = 4;

/// Which camera a frame is of.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Stream {
    /// The colour camera.
    Colour,
    /// The depth sensor.
    Depth,
    /// The infrared camera.
    Infrared,
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Colour => "colour",
            Self::Depth => "depth",
            Self::Infrared => "infrared",
        })
    }
}

/// A colour frame without a frame of another stream from the same moment.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct FrameUnsynced {
    /// The stream that has none.
    pub stream: Stream,
    /// Capture time of the colour frame in microseconds.
    pub colour_us: u64,
    /// How far away the nearest frame of that stream is, in microseconds; `None` where there is none.
    pub skew_us: Option<u64>,
    /// What is allowed, in microseconds.
    pub most_us: u64,
}

impl FrameUnsynced {
    /// Whether two frames that a host hands over together show one moment.
    ///
    /// # Errors
    /// [`FrameUnsynced`] beyond the largest skew.
    pub fn check(
        colour_us: u64,
        stream: Stream,
        stream_us: u64,
        most: MaxSkew,
    ) -> Result<(), Self> {
        let skew_us = colour_us.abs_diff(stream_us);
        if skew_us <= most.micros() {
            return Ok(());
        }
        Err(Self {
            stream,
            colour_us,
            skew_us: Some(skew_us),
            most_us: most.micros(),
        })
    }
}

impl fmt::Display for FrameUnsynced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |us: u64| us as f64 / 1000.0;
        let (stream, most) = (self.stream, ms(self.most_us));
        match self.skew_us {
            Some(skew) => write!(
                f,
                "the nearest {stream} frame is {:.1} ms away, allowed is {most:.1}",
                ms(skew)
            ),
            None => write!(f, "there is no {stream} frame within {most:.1} ms"),
        }
    }
}

impl std::error::Error for FrameUnsynced {}

impl Coded for FrameUnsynced {
    fn status(&self) -> Status {
        Status::FrameUnsynced
    }
}

/// A frame that the pairer does not take.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PairError {
    /// It has no capture time.
    TimestampMissing {
        /// Its stream.
        stream: Stream,
    },
    /// It is not later than the one before it.
    TimestampNotRising {
        /// Its stream.
        stream: Stream,
        /// The one before, in microseconds.
        previous_us: u64,
        /// Its own, in microseconds.
        value_us: u64,
    },
    /// The pairer was not made for this stream.
    NotExpected {
        /// The stream.
        stream: Stream,
    },
}

impl fmt::Display for PairError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimestampMissing { stream } => {
                write!(f, "a {stream} frame has no capture time")
            }
            Self::TimestampNotRising {
                stream,
                previous_us,
                value_us,
            } => write!(
                f,
                "a {stream} frame is of {value_us} us, the one before it of {previous_us} us"
            ),
            Self::NotExpected { stream } => {
                write!(f, "this pairer was made without a {stream} stream")
            }
        }
    }
}

impl std::error::Error for PairError {}

impl Coded for PairError {
    fn status(&self) -> Status {
        match self {
            Self::NotExpected { .. } => Status::InvalidParameter,
            _ => Status::SensorFrameInvalid,
        }
    }
}

/// Frames of one moment, as the host handed them over.
#[derive(Clone, Debug, PartialEq)]
pub struct Paired<T> {
    /// The colour frame.
    pub colour: T,
    /// The depth frame, where the pairer expects one.
    pub depth: Option<T>,
    /// The infrared frame, where the pairer expects one.
    pub infrared: Option<T>,
    /// The larger distance in time to the colour frame, in microseconds.
    pub skew_us: u64,
}

/// Matches colour frames with depth and infrared frames by their capture times, which are of one
/// clock and rise in each stream.
///
/// `T` is what the host calls a frame: an index, a shared buffer. A frame of a slow stream may
/// belong to two colour frames, so it is cloned. Nothing waits longer than four colour frames, and at most
/// eight frames a stream are kept.
#[derive(Clone, Debug)]
pub struct FramePairer<T> {
    most: MaxSkew,
    colour: Queue<T>,
    depth: Option<Queue<T>>,
    infrared: Option<Queue<T>>,
}

impl<T: Clone> FramePairer<T> {
    /// Colour and depth.
    #[must_use]
    pub fn with_depth(most: MaxSkew) -> Self {
        Self::new(most, true, false)
    }

    /// Colour and infrared.
    #[must_use]
    pub fn with_infrared(most: MaxSkew) -> Self {
        Self::new(most, false, true)
    }

    /// All three.
    #[must_use]
    pub fn with_both(most: MaxSkew) -> Self {
        Self::new(most, true, true)
    }

    fn new(most: MaxSkew, depth: bool, infrared: bool) -> Self {
        Self {
            most,
            colour: Queue::default(),
            depth: depth.then(Queue::default),
            infrared: infrared.then(Queue::default),
        }
    }

    /// Takes a frame in.
    ///
    /// # Errors
    /// [`PairError`]; the frame is not taken.
    pub fn push(&mut self, stream: Stream, timestamp_us: u64, frame: T) -> Result<(), PairError> {
        let queue = match stream {
            Stream::Colour => Some(&mut self.colour),
            Stream::Depth => self.depth.as_mut(),
            Stream::Infrared => self.infrared.as_mut(),
        };
        let queue = queue.ok_or(PairError::NotExpected { stream })?;
        if timestamp_us == 0 {
            return Err(PairError::TimestampMissing { stream });
        }
        if timestamp_us <= queue.newest_us {
            return Err(PairError::TimestampNotRising {
                stream,
                previous_us: queue.newest_us,
                value_us: timestamp_us,
            });
        }
        queue.push(timestamp_us, frame);
        Ok(())
    }

    /// What became of the oldest colour frame; `None` while a nearer frame may still come.
    pub fn next_pair(&mut self) -> Option<Result<Paired<T>, FrameUnsynced>> {
        let &(colour_us, _) = self.colour.frames.front()?;
        let impatient = self.colour.frames.len() > PATIENCE;
        let streams = [
            (Stream::Depth, &self.depth),
            (Stream::Infrared, &self.infrared),
        ];
        let expected = streams
            .iter()
            .filter_map(|(stream, queue)| Some((*stream, queue.as_ref()?)));
        if !impatient
            && !expected
                .clone()
                .all(|(_, queue)| queue.newest_us >= colour_us)
        {
            return None;
        }
        let mut paired = [None, None];
        let mut skew_us = 0;
        let mut unsynced = None;
        for (stream, queue) in expected {
            let nearest = queue.nearest(colour_us);
            let skew = nearest.map(|(us, _)| us.abs_diff(colour_us));
            if skew.is_none_or(|skew| skew > self.most.micros()) {
                unsynced = unsynced.or(Some(FrameUnsynced {
                    stream,
                    colour_us,
                    skew_us: skew,
                    most_us: self.most.micros(),
                }));
            }
            skew_us = skew_us.max(skew.unwrap_or(0));
            paired[usize::from(stream == Stream::Infrared)] =
                nearest.map(|(_, frame)| frame.clone());
        }
        let (_, colour) = self.colour.frames.pop_front()?;
        let [depth, infrared] = paired;
        Some(match unsynced {
            Some(unsynced) => Err(unsynced),
            None => Ok(Paired {
                colour,
                depth,
                infrared,
                skew_us,
            }),
        })
    }
}

/// The last frames of a stream, oldest first.
#[derive(Clone, Debug)]
struct Queue<T> {
    frames: VecDeque<(u64, T)>,
    /// Time of the newest frame that ever came; 0 before the first.
    newest_us: u64,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            frames: VecDeque::with_capacity(KEPT),
            newest_us: 0,
        }
    }
}

impl<T> Queue<T> {
    fn push(&mut self, timestamp_us: u64, frame: T) {
        if self.frames.len() == KEPT {
            self.frames.pop_front();
        }
        self.frames.push_back((timestamp_us, frame));
        self.newest_us = timestamp_us;
    }

    /// The earlier of two that are equally near.
    fn nearest(&self, us: u64) -> Option<&(u64, T)> {
        self.frames.iter().min_by_key(|(t, _)| t.abs_diff(us))
    }
}

#[cfg(test)]
mod tests;
