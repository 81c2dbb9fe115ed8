//! The licence errors' rows of the status table.

use super::{Coded, Status};
use vultus_licensing::error::LicenceError;

impl Coded for LicenceError {
    fn status(&self) -> Status {
        match self {
            Self::Missing { .. } => Status::LicenceMissing,
            Self::BadFormat(_) => Status::LicenceBadFormat,
            Self::UnknownKey(_) => Status::LicenceUnknownKey,
            Self::BadSignature => Status::LicenceBadSignature,
            Self::PolicyViolation(_) => Status::LicencePolicyViolation,
            Self::RequestMismatch => Status::RequestMismatch,
            Self::FingerprintMismatch(_) => Status::FingerprintMismatch,
            Self::FingerprintTooWeak(_) => Status::FingerprintTooWeak,
            Self::NotEntitled { .. } => Status::NotEntitled,
            Self::Expired { .. } => Status::LicenceExpired,
            Self::Forked(_) => Status::ForkedProcess,
            Self::Revoked(_) => Status::LicenceRevoked,
            Self::PlatformNotLicensed(_) => Status::PlatformNotLicensed,
            Self::SdkNotLicensed { .. } => Status::SdkNotLicensed,
            Self::ClockUnreadable => Status::ClockUnreadable,
            Self::ClockRolledBack { .. } => Status::ClockRolledBack,
            Self::StateForeign => Status::StateForeign,
            Self::StateUnsafe { .. } => Status::StateUnsafe,
            Self::StateNotWritable(_) => Status::StateNotWritable,
            Self::StateNotReadable { .. } => Status::StateNotReadable,
            Self::ListRollback { .. } => Status::RevocationListRollback,
            Self::InvalidArgument { .. } => Status::InvalidParameter,
        }
    }
}
