//! One network of a pack: its files, compared with their hashes, and the plan made of them.

use super::error::PackError;
use super::input::PixelInput;
use super::manifest::NetworkSpec;
use super::read::{MAX_NETWORK_BYTES, find, read_verified};
use super::record::Recorder;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use vultus_nn::cpu::CpuPath;
use vultus_nn::{Network, NetworkError, Runner, Threads};

/// When the files of a pack's networks are read and compared with their hashes. Either way nothing
/// is used before.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Verification {
    /// All of them when the pack is opened: a damaged pack is refused at once.
    #[default]
    OnOpening,
    /// Each when it is first used: a device starts sooner and never reads what it does not use, and a
    /// damaged file is refused by the call that needs it.
    OnFirstUse,
}

/// One network of a pack. Cloning shares it.
#[derive(Clone)]
pub struct PackNetwork {
    shared: Arc<Shared>,
    recorder: Option<Recorder>,
    threads: Threads,
    cpu: Option<CpuPath>,
}

struct Shared {
    spec: NetworkSpec,
    input: PixelInput,
    state: Mutex<State>,
}

enum State {
    /// To be read and verified.
    OnDisk(PathBuf),
    /// Verified bytes.
    Read(Vec<u8>),
    Ready(Arc<dyn Network>),
}

/// The files of a network with their hashes: its plan, then its ONNX file, as far as it has them.
/// What comes first is what runs.
fn files(spec: &NetworkSpec) -> impl Iterator<Item = (&str, &str)> {
    let plan = spec.plan.as_ref();
    let plan = plan.map(|plan| (plan.file.as_str(), plan.sha256.as_str()));
    let onnx = spec.file.as_ref();
    let onnx = onnx.map(|file| (file.as_str(), spec.sha256.as_str()));
    plan.into_iter().chain(onnx)
}

fn read_network(folder: &Path, spec: &NetworkSpec) -> Result<Vec<u8>, PackError> {
    let (file, sha256) = files(spec)
        .next()
        .expect("a checked manifest names a plan or an ONNX file");
    read_verified(folder, file, sha256, MAX_NETWORK_BYTES)
}

impl PackNetwork {
    /// A network whose files lie in `folder`.
    pub(super) fn open(
        folder: &Path,
        spec: &NetworkSpec,
        verification: Verification,
    ) -> Result<Self, PackError> {
        for (file, _) in files(spec) {
            find(folder, file, MAX_NETWORK_BYTES)?;
        }
        let state = match verification {
            Verification::OnOpening => State::Read(read_network(folder, spec)?),
            Verification::OnFirstUse => State::OnDisk(folder.to_owned()),
        };
        Ok(Self {
            shared: Arc::new(Shared {
                input: PixelInput::new(&spec.input),
                spec: spec.clone(),
                state: Mutex::new(state),
            }),
            recorder: None,
            threads: Threads::default(),
            cpu: None,
        })
    }

    /// See [`Pack::check_files`](super::Pack::check_files).
    pub(super) fn check_files(&self, folder: &Path) -> Result<(), PackError> {
        files(self.spec()).try_for_each(|(file, sha256)| {
            read_verified(folder, file, sha256, MAX_NETWORK_BYTES).map(drop)
        })
    }

    /// Keeps in `recorder` what runners made from now on are run on.
    pub(super) fn record(&mut self, recorder: &Recorder) {
        self.recorder = Some(recorder.clone());
    }

    /// Runners made from now on share their work among these threads.
    pub(super) fn run_on(&mut self, threads: &Threads) {
        self.threads = threads.clone();
    }

    /// Plans that are loaded from now on run on these kernels.
    pub(super) fn run_with(&mut self, path: Option<CpuPath>) {
        self.cpu = path;
    }

    /// Its part of the manifest.
    #[must_use]
    pub fn spec(&self) -> &NetworkSpec {
        &self.shared.spec
    }

    /// How pixels become its input.
    #[must_use]
    pub fn input(&self) -> &PixelInput {
        &self.shared.input
    }

    /// Whether this is the same network of the same open pack, not only one of the same bytes.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// Working memory for one thread; reads and plans the network if no one has yet.
    ///
    /// # Errors
    /// [`PackError`] when the network cannot be read or the engine refuses it.
    pub fn runner(&self) -> Result<Box<dyn Runner>, PackError> {
        // The state is only ever replaced whole, so a poisoned lock holds a good one.
        let mut state = self
            .shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let network = match &*state {
            State::Ready(network) => Arc::clone(network),
            State::Read(bytes) => self.load(bytes)?,
            State::OnDisk(folder) => self.load(&read_network(folder, self.spec())?)?,
        };
        *state = State::Ready(Arc::clone(&network));
        drop(state);
        let runner = network.runner_on(&self.threads)?;
        Ok(match &self.recorder {
            Some(recorder) => recorder.watch(&self.spec().name, runner),
            None => runner,
        })
    }

    fn load(&self, bytes: &[u8]) -> Result<Arc<dyn Network>, NetworkError> {
        let spec = self.spec();
        let signature = spec.signature();
        if spec.plan.is_some() {
            vultus_nn::load_plan_for(&spec.name, bytes, &signature, self.cpu)
        } else {
            vultus_nn::load_onnx(&spec.name, bytes, &signature)
        }
    }
}

impl fmt::Debug for PackNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spec = self.spec();
        write!(f, "PackNetwork({}, {})", spec.role.table(), spec.name)
    }
}
