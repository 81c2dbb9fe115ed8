//! The engine's errors' rows of the status table.

use super::{Coded, Status};
use vultus_nn::cpu::CpuPathRefused;
use vultus_nn::plan::PlanError;
use vultus_nn::{NetworkError, ThreadsRefused};

impl Coded for NetworkError {
    fn status(&self) -> Status {
        Status::ModelNetworkInvalid
    }
}

impl Coded for PlanError {
    fn status(&self) -> Status {
        match self {
            Self::Version { .. } => Status::ModelVersionMismatch,
            _ => Status::ModelNetworkInvalid,
        }
    }
}

#[cfg(feature = "onnx")]
impl Coded for vultus_nn::compile::CompileError {
    fn status(&self) -> Status {
        Status::ModelNetworkInvalid
    }
}

impl Coded for CpuPathRefused {
    fn status(&self) -> Status {
        Status::InvalidParameter
    }
}

impl Coded for ThreadsRefused {
    fn status(&self) -> Status {
        match self {
            Self::Count(_) => Status::InvalidParameter,
            Self::NotBuilt => Status::FeatureNotAvailable,
            Self::System(_) => Status::InternalError,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vultus_nn::Threads;
    use vultus_nn::cpu::CpuPath;

    #[test]
    fn refusals_of_the_engine_have_their_rows() {
        let path = CpuPath::from_name("sse9").expect_err("refused");
        assert_eq!(path.status(), Status::InvalidParameter);
        let count = Threads::new(0).expect_err("refused");
        assert_eq!(count.status(), Status::InvalidParameter);
        if !cfg!(feature = "threads") {
            let threads = Threads::new(2).expect_err("refused");
            assert_eq!(threads.status(), Status::FeatureNotAvailable);
        }
    }
}
