//! What most commands need first: models, options, photographs.

use crate::args::{FaceArgs, PackArgs, Pick, SdkArgs};
use crate::failure::{CliResult, Failure, WithFile};
use crate::licence;
use crate::output::Output;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use vultus::Embedding;
use vultus::config::{MinFaceSize, QualityControl};
use vultus::frame::{Frame, Photo, PhotoLimits};
use vultus::quality::QualityReport;
use vultus::{Config, Sdk, Session};
use vultus::{DetectOptions, Face};

const DEFAULT_PACK: &str = "models/lite";

/// How far above the tool's own folder a `models` folder is looked for: `target/release` lies two
/// below the repository, an installed tool in `bin` one below its prefix.
const LEVELS_ABOVE_TOOL: usize = 3;

/// The pack to use: as asked, or `models/lite` near the working folder or the tool.
pub(crate) fn pack_folder(args: &PackArgs) -> CliResult<PathBuf> {
    if let Some(folder) = &args.models {
        return Ok(folder.clone());
    }
    let tool = std::env::current_exe().unwrap_or_default();
    let near_tool = tool
        .ancestors()
        .skip(1)
        .take(LEVELS_ABOVE_TOOL)
        .map(|dir| dir.join(DEFAULT_PACK));
    std::iter::once(PathBuf::from(DEFAULT_PACK))
        .chain(near_tool)
        .find(|folder| {
            folder
                .join(vultus::internals::model::MANIFEST_FILE)
                .is_file()
        })
        .ok_or_else(|| {
            Failure::text(format!(
                "no model pack at {DEFAULT_PACK}; name one with --models DIR or VULTUS_MODELS"
            ))
        })
}

pub(crate) fn open_sdk(args: &SdkArgs, output: &Output) -> CliResult<Sdk> {
    let folder = pack_folder(&args.pack)?;
    let grant = licence::grant(args, output)?;
    Sdk::open(&Config::new(&folder), grant).map_err(|error| Failure::from(error).about(&folder))
}

/// The session of one worker, opened when it is first needed.
pub(crate) fn session_in<'s>(
    slot: &'s mut Option<Session>,
    sdk: &Sdk,
) -> CliResult<&'s mut Session> {
    Ok(match slot {
        Some(session) => session,
        none => none.insert(sdk.session()?),
    })
}

/// Reads a file without ever reading more than its limit.
pub(crate) fn read_at_most(path: &Path, max: usize) -> CliResult<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(max as u64 + 1).read_to_end(&mut bytes))
        .with_file(path)?;
    if bytes.len() > max {
        return Err(Failure::text(format!("larger than {max} bytes")).about(path));
    }
    Ok(bytes)
}

/// How photographs are read and which of their faces count.
#[derive(Clone, Copy)]
pub(crate) struct FaceChoice {
    pub(crate) options: DetectOptions,
    pick: Pick,
    ignore_exif: bool,
    control: QualityControl,
}

impl FaceChoice {
    /// Checks the arguments.
    pub(crate) fn new(args: &FaceArgs, pick: Pick) -> CliResult<Self> {
        Ok(Self {
            options: DetectOptions {
                min_face: MinFaceSize::new(args.min_face)?,
                rotate: args.rotate,
            },
            pick,
            ignore_exif: args.ignore_exif,
            control: QualityControl::default(),
        })
    }

    /// Whether faces may be refused for their quality.
    pub(crate) fn minds_quality(&self) -> bool {
        self.control > QualityControl::default()
    }

    /// With a quality control that every embedded face has to pass.
    pub(crate) fn with_quality(self, level: u8) -> CliResult<Self> {
        let control = QualityControl::new(level)?;
        Ok(Self { control, ..self })
    }

    /// Reads and decodes a photograph without ever reading more than its size limit.
    pub(crate) fn read_photo(&self, path: &Path) -> CliResult<Photo> {
        let mut bytes = Vec::new();
        let limit = PhotoLimits::MAX_BYTES as u64 + 1;
        File::open(path)
            .and_then(|file| file.take(limit).read_to_end(&mut bytes))
            .with_file(path)?;
        let photo = if self.ignore_exif {
            Photo::decode_ignoring_exif(&bytes)
        } else {
            Photo::decode(&bytes)
        };
        photo.map_err(Failure::from).with_file(path)
    }

    /// The embedding of the face that counts.
    pub(crate) fn embed(&self, session: &mut Session, path: &Path) -> CliResult<Embedding> {
        let photo = self.read_photo(path)?;
        let frame = photo.frame();
        let embedded = self.pick(session, &frame).and_then(|face| {
            if self.minds_quality() {
                session.qualify(&frame, &face, self.control)?;
            }
            session.embed(&frame, &face)
        });
        embedded.map_err(Failure::from).with_file(path)
    }

    /// The embedding of the face that counts and how good it is.
    pub(crate) fn judge(
        &self,
        session: &mut Session,
        path: &Path,
    ) -> CliResult<(Embedding, QualityReport)> {
        let photo = self.read_photo(path)?;
        let frame = photo.frame();
        let judged = self.pick(session, &frame).and_then(|face| {
            let report = session.quality(&frame, &face)?;
            Ok((session.embed(&frame, &face)?, report))
        });
        judged.map_err(Failure::from).with_file(path)
    }

    fn pick(&self, session: &mut Session, frame: &Frame<'_>) -> vultus::error::Result<Face> {
        let found = session.detect(frame, &self.options)?;
        let min_face = self.options.min_face;
        Ok(match self.pick {
            Pick::Largest => found.largest(min_face)?,
            Pick::Prominent => found.prominent(frame, min_face)?,
        })
    }
}

/// Refuses an `--annotate` that would overwrite another picture or be named for another format.
pub(crate) fn check_annotate(annotate: Option<&PathBuf>, pictures: &[PathBuf]) -> CliResult<()> {
    let Some(file) = annotate else { return Ok(()) };
    let problem = if pictures.len() > 1 {
        "--annotate takes exactly one picture"
    } else if file
        .extension()
        .is_none_or(|ending| !ending.eq_ignore_ascii_case("png"))
    {
        "--annotate writes PNG; its name must end in .png"
    } else if pictures.contains(file) {
        "--annotate would overwrite the picture itself"
    } else {
        return Ok(());
    };
    Err(Failure::text(problem).about(file))
}
