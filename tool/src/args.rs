//! The command line.
//! Long because the help of every command is written here, in one voice.

use crate::gallery::args::GalleryArgs;
use crate::licence::args::LicenceArgs;
use crate::liveness::args::LivenessArgs;
use crate::pad::args::PadArgs;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Offline face detection, comparison and identification.
#[derive(Parser)]
#[command(
    name = "vultus",
    version,
    after_help = "Exit codes: 0 yes or done, 1 no match or no face, 2 bad usage or input.\n\
                  Of several pictures: 2 if any is bad; else detect answers 1 if any has no face, \
                  identify 0 if any face is named.\n\
                  Nothing ever leaves this machine."
)]
pub(crate) struct Cli {
    /// Print one JSON object a line instead of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Find the faces in photographs.
    #[command(after_help = "Examples:\n  \
        vultus detect group.jpg --annotate boxes.png\n  \
        vultus detect --rotate --json *.jpg")]
    Detect(DetectArgs),
    /// Print the embedding of the largest face of a photograph.
    #[command(after_help = "Example:\n  vultus embed alice.jpg --json > alice.json")]
    Embed(EmbedArgs),
    /// Compare the largest faces of two photographs.
    #[command(after_help = "Examples:\n  \
        vultus compare passport.jpg selfie.jpg\n  \
        vultus compare alice.json selfie.jpg --fmr 1e-4   (alice.json from `vultus embed --json`)")]
    Compare(CompareArgs),
    /// Name the people in photographs, from a folder of known people.
    #[command(after_help = "Example:\n  \
        vultus identify --people staff/ door.jpg --annotate out.png\n  \
        vultus identify --gallery staff.gallery --group staff door.jpg --annotate out.png\n\n\
        staff/ holds one folder a person, named after them, with one or more photographs each; \
        staff.gallery is made by `vultus gallery`.")]
    Identify(IdentifyArgs),
    /// Say how good the face of a photograph is for recognition, and what is wrong with it.
    #[command(after_help = "Examples:\n  \
        vultus quality passport.jpg --annotate parts.png\n  \
        vultus quality --control 3 new-staff/*.jpg          exit code 1 when one is not good enough\n  \
        vultus quality --json --all group.jpg | jq '.faces[].quality.total'")]
    Quality(QualityArgs),
    /// Measure accuracy on labelled photographs.
    Eval(EvalArgs),
    /// Measure the curve from cosine to score on photographs of different people.
    #[command(after_help = "Examples:\n  \
        vultus calibrate --models my-pack --images people/ --set \"our people\" --install\n  \
        vultus calibrate --pairs pairs.csv --root images/ --set LFW --out curve.toml")]
    Calibrate(CalibrateArgs),
    /// List, verify, import and quantise model packs.
    Models(ModelsArgs),
    /// Keep people in an encrypted file: groups, enrolment, search, upgrades, export.
    Gallery(GalleryArgs),
    /// Say whether a face is a living person's, or an artefact's.
    Liveness(LivenessArgs),
    /// Simulate, judge and report presentation attacks.
    Pad(PadArgs),
    /// Ask for this device's licence, install it and see what it allows.
    Licence(LicenceArgs),
}

/// Which models to use.
#[derive(Args)]
pub(crate) struct PackArgs {
    /// Folder of the model pack [default: models/lite, found near the working folder or the tool].
    #[arg(long, value_name = "DIR", env = "VULTUS_MODELS")]
    pub(crate) models: Option<PathBuf>,
}

/// What the SDK is opened with.
#[derive(Args)]
pub(crate) struct SdkArgs {
    #[command(flatten)]
    pub(crate) pack: PackArgs,
    /// Run under the licence in this folder instead of a demonstration's.
    #[arg(long, value_name = "DIR", env = "VULTUS_LICENCE")]
    pub(crate) licence: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) maker: MakerArgs,
}

/// What the maker of a device adds to its fingerprint.
#[derive(Args)]
pub(crate) struct MakerArgs {
    /// File with the maker's secret of this device, 16 to 512 bytes, one part of its fingerprint.
    #[arg(long, value_name = "FILE")]
    pub(crate) secret: Option<PathBuf>,
}

/// What counts as a face.
#[derive(Args)]
pub(crate) struct FaceArgs {
    /// Smallest face in pixels, 20 to 4000.
    #[arg(long, value_name = "PX", default_value_t = 34)]
    pub(crate) min_face: u32,
    /// Also look at the picture turned by 90, 180 and 270 degrees (four times the work).
    #[arg(long)]
    pub(crate) rotate: bool,
    /// Take pixels as stored, whatever the EXIF orientation says.
    #[arg(long)]
    pub(crate) ignore_exif: bool,
}

/// Which face of a photograph counts where only one can.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Pick {
    /// The one with the largest area.
    Largest,
    /// Large and near the middle, as in sets that centre the person they name.
    Prominent,
}

#[derive(Args)]
pub(crate) struct DetectArgs {
    /// Photographs: JPEG, PNG or BMP.
    #[arg(required = true, value_name = "IMG")]
    pub(crate) images: Vec<PathBuf>,
    /// Write the picture with boxes, points and scores drawn (one photograph only).
    #[arg(long, value_name = "OUT.png")]
    pub(crate) annotate: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) face: FaceArgs,
    #[command(flatten)]
    pub(crate) sdk: SdkArgs,
}

#[derive(Args)]
pub(crate) struct EmbedArgs {
    /// A photograph.
    #[arg(value_name = "IMG")]
    pub(crate) image: PathBuf,
    /// Which face of a photograph counts.
    #[arg(long, value_enum, value_name = "RULE", default_value = "largest")]
    pub(crate) pick: Pick,
    /// Quality control of the photographs: 0 takes every face, 4 only the best.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) quality: u8,
    #[command(flatten)]
    pub(crate) face: FaceArgs,
    #[command(flatten)]
    pub(crate) sdk: SdkArgs,
}

#[derive(Args)]
pub(crate) struct CompareArgs {
    /// A photograph, or a .json file from `vultus embed --json`.
    #[arg(value_name = "A")]
    pub(crate) a: PathBuf,
    /// The other one.
    #[arg(value_name = "B")]
    pub(crate) b: PathBuf,
    /// False match rate at which to decide.
    #[arg(long, value_name = "RATE", default_value_t = 1e-5)]
    pub(crate) fmr: f64,
    /// Which face of a photograph counts.
    #[arg(long, value_enum, value_name = "RULE", default_value = "largest")]
    pub(crate) pick: Pick,
    /// Quality control of the photographs: 0 takes every face, 4 only the best.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) quality: u8,
    #[command(flatten)]
    pub(crate) face: FaceArgs,
    #[command(flatten)]
    pub(crate) sdk: SdkArgs,
}

#[derive(Args)]
pub(crate) struct IdentifyArgs {
    /// Folder with one folder a person.
    #[arg(long, value_name = "DIR", required_unless_present = "gallery")]
    pub(crate) people: Option<PathBuf>,
    /// A gallery's file, instead of a folder.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "people",
        requires = "group"
    )]
    pub(crate) gallery: Option<PathBuf>,
    /// File with the gallery's secret [default: the gallery's file with .key behind it].
    #[arg(long, value_name = "FILE", requires = "gallery")]
    pub(crate) key_file: Option<PathBuf>,
    /// Groups of the gallery to look in, with commas between them.
    #[arg(long, value_name = "ID", value_delimiter = ',', requires = "gallery")]
    pub(crate) group: Vec<String>,
    /// Photographs of the people to name.
    #[arg(required = true, value_name = "PROBE")]
    pub(crate) probes: Vec<PathBuf>,
    /// Share of strangers that may be given a name (FPIR).
    #[arg(long, value_name = "RATE", default_value_t = 1e-3)]
    pub(crate) fpir: f64,
    /// Candidates to print for each face, 1 to 100.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(crate) top: u8,
    /// Write the picture with names and scores drawn (one probe only).
    #[arg(long, value_name = "OUT.png")]
    pub(crate) annotate: Option<PathBuf>,
    /// Quality control of enrolment photographs; one that fails is left out: 0 takes every face, 4 only the best.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) quality: u8,
    #[command(flatten)]
    pub(crate) face: FaceArgs,
    #[command(flatten)]
    pub(crate) sdk: SdkArgs,
}

#[derive(Args)]
pub(crate) struct QualityArgs {
    /// Photographs: JPEG, PNG or BMP.
    #[arg(required = true, value_name = "IMG")]
    pub(crate) images: Vec<PathBuf>,
    /// Strictness to judge by: 0 takes every face, 4 only the best.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) control: u8,
    /// Judge every face, not only the largest.
    #[arg(long)]
    pub(crate) all: bool,
    /// Write the picture with the parts of the face coloured by how well they can be seen, and the
    /// axes of the head (one photograph only).
    #[arg(long, value_name = "OUT.png")]
    pub(crate) annotate: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) face: FaceArgs,
    #[command(flatten)]
    pub(crate) sdk: SdkArgs,
}

#[derive(Args)]
pub(crate) struct EvalArgs {
    #[command(subcommand)]
    pub(crate) what: EvalCommand,
}

#[derive(Subcommand)]
pub(crate) enum EvalCommand {
    /// 1:1 accuracy on labelled pairs.
    #[command(after_help = "Example:\n  \
        vultus eval verification --pairs pairs.csv --root images/ --report report.html\n\n\
        pairs.csv has the columns fold,image_a,image_b,same (same is 1 or 0).")]
    Verification(VerificationArgs),
    /// Whether scores mean what they say: calibrate on half of the people, test on the others.
    #[command(after_help = "Example:\n  vultus eval calibration --images people/ --splits 10")]
    Calibration(HalvesArgs),
    /// Whether a search names as few strangers as it promises: half of the people enrolled, the
    /// others strangers.
    #[command(after_help = "Example:\n  vultus eval identification --images people/ --splits 10")]
    Identification(HalvesArgs),
    /// Whether leaving out the faces of worst quality lowers the error, for each component.
    #[command(after_help = "Example:\n  \
        vultus eval quality --pairs pairs.csv --root images/ --report quality.html\n\n\
        pairs.csv has the columns fold,image_a,image_b,same; the first folder of an image names its person.")]
    Quality(QualityEvalArgs),
}

#[derive(Args)]
pub(crate) struct VerificationArgs {
    /// Labelled pairs.
    #[arg(long, value_name = "CSV")]
    pub(crate) pairs: PathBuf,
    /// Folder that the images of the pairs are in.
    #[arg(long, value_name = "DIR")]
    pub(crate) root: PathBuf,
    /// Write a page with tables and plots.
    #[arg(long, value_name = "OUT.html")]
    pub(crate) report: Option<PathBuf>,
    /// Which face of a photograph counts.
    #[arg(long, value_enum, value_name = "RULE", default_value = "prominent")]
    pub(crate) pick: Pick,
    #[command(flatten)]
    pub(crate) face: FaceArgs,
    #[command(flatten)]
    pub(crate) sdk: SdkArgs,
}

/// Which people count.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Half {
    /// Everybody.
    All,
    /// Every second name, from the first on: to choose settings on.
    First,
    /// The others: to report them on.
    Second,
}

#[derive(Args)]
pub(crate) struct QualityEvalArgs {
    /// Labelled pairs.
    #[arg(long, value_name = "CSV")]
    pub(crate) pairs: PathBuf,
    /// Folder that the images of the pairs are in.
    #[arg(long, value_name = "DIR")]
    pub(crate) root: PathBuf,
    /// Write a page with the curves.
    #[arg(long, value_name = "OUT.html")]
    pub(crate) report: Option<PathBuf>,
    /// Which people count.
    #[arg(long, value_enum, value_name = "WHICH", default_value = "all")]
    pub(crate) half: Half,
    /// Which face of a photograph counts.
    #[arg(long, value_enum, value_name = "RULE", default_value = "prominent")]
    pub(crate) pick: Pick,
    #[command(flatten)]
    pub(crate) face: FaceArgs,
    #[command(flatten)]
    pub(crate) sdk: SdkArgs,
}

/// What is done with one half of the people and shown on the other.
#[derive(Args)]
pub(crate) struct HalvesArgs {
    /// Folder with one folder a person.
    #[arg(long, value_name = "DIR")]
    pub(crate) images: PathBuf,
    /// Folders that show one person under two names: a CSV file with the columns person,also.
    #[arg(long, value_name = "CSV")]
    pub(crate) same: Option<PathBuf>,
    /// Random splits to try beside the alternating one, each used both ways.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u64).range(0..=1000))]
    pub(crate) splits: u64,
    /// Decides which people are in which half of the first random split.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Which face of a photograph counts.
    #[arg(long, value_enum, value_name = "RULE", default_value = "prominent")]
    pub(crate) pick: Pick,
    #[command(flatten)]
    pub(crate) face: FaceArgs,
    #[command(flatten)]
    pub(crate) sdk: SdkArgs,
}

#[derive(Args)]
pub(crate) struct CalibrateArgs {
    /// Folder with one folder a person: every pair of different people counts.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["pairs", "root"], required_unless_present = "pairs")]
    pub(crate) images: Option<PathBuf>,
    /// Folders that show one person under two names: a CSV file with the columns person,also.
    #[arg(long, value_name = "CSV", requires = "images")]
    pub(crate) same: Option<PathBuf>,
    /// Labelled pairs: those of different people count.
    #[arg(long, value_name = "CSV", requires = "root")]
    pub(crate) pairs: Option<PathBuf>,
    /// Folder that the images of the pairs are in.
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    /// Name of the image set, recorded in the curve.
    #[arg(long, value_name = "NAME")]
    pub(crate) set: String,
    /// Write the curve to a file.
    #[arg(long, value_name = "FILE", required_unless_present = "install")]
    pub(crate) out: Option<PathBuf>,
    /// Write the curve into the pack and record its hash in the manifest.
    #[arg(long)]
    pub(crate) install: bool,
    /// Which face of a photograph counts.
    #[arg(long, value_enum, value_name = "RULE", default_value = "prominent")]
    pub(crate) pick: Pick,
    #[command(flatten)]
    pub(crate) face: FaceArgs,
    #[command(flatten)]
    pub(crate) sdk: SdkArgs,
}

#[derive(Args)]
pub(crate) struct ModelsArgs {
    #[command(subcommand)]
    pub(crate) what: ModelsCommand,
}

#[derive(Subcommand)]
pub(crate) enum ModelsCommand {
    /// Show what a pack contains, with sources and licences.
    List(PackArgs),
    /// Check hashes and run the golden vectors on this machine.
    Verify(PackArgs),
    /// Make the `standard` pack from published weights; every SHA-256 is checked.
    #[command(
        after_help = "Example:\n  vultus models import --from downloads/ --to models/my-standard\n\n\
        scripts/fetch-models.sh downloads the files first."
    )]
    Import(ImportArgs),
    /// Compile the networks of a pack to plans, which run faster and are all that a device needs.
    #[command(
        after_help = "Example:\n  vultus models compile models/my-pack --out models/device-pack\n\n\
        Each plan is compared with its ONNX file on several pictures before anything is written.\n\
        Without --out the plans go into the pack itself, beside its ONNX files."
    )]
    Compile(CompileArgs),
    /// Make a pack whose networks run on bytes (int8): about half the size, and faster where a processor multiplies bytes.
    #[command(
        after_help = "Example:\n  vultus models quantize models/my-pack --images photographs/ --out models/my-pack-int8\n  \
        vultus calibrate --models models/my-pack-int8 --images people/ --set \"our people\" --install\n\n\
        The pack's own pipeline runs on 64 photographs with a face, chosen by their names alone; take \
        photographs like those of real use. Detectors see them many to a frame, too. Layers that would lose too much stay f32.\n\
        Embeddings of bytes are another model: the new pack has its own id and no curve."
    )]
    Quantize(QuantizeArgs),
}

#[derive(Args)]
pub(crate) struct QuantizeArgs {
    /// Folder of a pack with plans of f32.
    #[arg(value_name = "PACK")]
    pub(crate) pack: PathBuf,
    /// Folder of photographs with faces; folders inside it count too.
    #[arg(long, value_name = "DIR")]
    pub(crate) images: PathBuf,
    /// Folder of the new pack, which must not be there yet [default: PACK-int8].
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Quantise these networks alone, by their names in the pack; the others stay f32.
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub(crate) networks: Option<Vec<String>>,
    /// Id of the new pack [default: that of the pack with -int8].
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// Version of the new pack [default: that of the pack].
    #[arg(long)]
    pub(crate) version: Option<String>,
    /// Least signal-to-noise ratio of a network's worst output: layers stay f32 until it is reached
    /// [default: 32 for detectors, 20 for others].
    #[arg(long, value_name = "DB")]
    pub(crate) min_snr: Option<f64>,
}

#[derive(Args)]
pub(crate) struct CompileArgs {
    /// Folder of a pack with ONNX files.
    #[arg(value_name = "PACK")]
    pub(crate) pack: PathBuf,
    /// Write a new pack to this folder, which must not be there yet; it has plans alone.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// The new pack keeps the ONNX files too.
    #[arg(long, requires = "out")]
    pub(crate) keep_onnx: bool,
}

#[derive(Args)]
pub(crate) struct ImportArgs {
    /// Folder with the published files.
    #[arg(long, value_name = "DIR")]
    pub(crate) from: PathBuf,
    /// Folder of the new pack; created if missing; files of the same name are replaced.
    #[arg(long, value_name = "PACKDIR")]
    pub(crate) to: PathBuf,
}
