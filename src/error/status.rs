//! The status table: the one place where names, numbers and texts of errors are written.
//!
//! Numbers are stable: never reused, never renumbered. Families leave gaps for what comes later.
//! `docs/errors.md` is compared with this table in a test.

/// What a status is about; each family owns a range of numbers.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Family {
    /// 1–99: the caller passed something unusable.
    Caller,
    /// 100–199: the licence, the device it names, or a trial's clock and state.
    Licence,
    /// 200–299: a model pack or network.
    Model,
    /// 300–399: a picture, a frame, or what was found in it.
    Image,
    /// 900–999: a defect of the SDK itself.
    Internal,
}

impl Family {
    /// First and last number of the family.
    #[must_use]
    pub const fn range(self) -> (u16, u16) {
        match self {
            Self::Caller => (1, 99),
            Self::Licence => (100, 199),
            Self::Model => (200, 299),
            Self::Image => (300, 399),
            Self::Internal => (900, 999),
        }
    }
}

macro_rules! status_table {
    ($($name:ident = $code:literal, $family:ident, $documents:expr, $en:literal, $zh:literal;)+) => {
        /// A row of the status table. The variant's name is the stable English name; the Java
        /// class is that name followed by `Exception`.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        #[repr(u16)]
        pub enum Status {
            $(#[doc = $en] $name = $code,)+
        }

        impl Status {
            /// Every row, in the order of the numbers.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }

            /// The family that the number belongs to.
            #[must_use]
            pub const fn family(self) -> Family {
                match self { $(Self::$name => Family::$family,)+ }
            }

            /// The error's name in the product documents, where they have one.
            #[must_use]
            pub const fn documents_name(self) -> Option<&'static str> {
                match self { $(Self::$name => $documents,)+ }
            }

            /// One line in English: what is wrong and what to do.
            #[must_use]
            pub const fn text_en(self) -> &'static str {
                match self { $(Self::$name => $en,)+ }
            }

            /// The same line in Chinese.
            #[must_use]
            pub const fn text_zh(self) -> &'static str {
                match self { $(Self::$name => $zh,)+ }
            }
        }
    };
}

status_table! {
    InvalidParameter = 1, Caller, Some("InvalidParameter"),
        "A parameter is outside its range; the message names it and the range.",
        "参数超出允许范围，错误信息中给出参数名和范围。";
    FeatureNotAvailable = 2, Caller, None,
        "This build or model pack does not have the capability; choose a pack that has it.",
        "当前版本或模型包不具备该能力，请换用具备该能力的模型包。";
    QualityControlIllegal = 3, Caller, Some("QualityControlIllegal"),
        "The level of quality control does not exist; use 0 to 4.",
        "质量控制级别不合法，取值范围为 0 到 4。";
    LicenceMissing = 100, Licence, None,
        "No licence is installed; make a request with `vultus licence request` and install the answer.",
        "尚未安装授权文件，请用 vultus licence request 生成申请文件，并安装厂商返回的授权文件。";
    LicenceBadFormat = 101, Licence, None,
        "The licence, request or list is damaged or is another kind of file; copy it again.",
        "授权文件、申请文件或吊销列表已损坏或类型不符，请重新拷贝。";
    LicenceUnknownKey = 102, Licence, None,
        "The licence is signed with a key that this build does not accept; update the SDK or ask the vendor.",
        "授权文件的签名密钥不被当前版本接受，请升级 SDK 或联系厂商。";
    LicenceBadSignature = 103, Licence, None,
        "The licence was changed after it was signed; install the vendor's original file.",
        "授权文件在签名后被修改，请安装厂商的原始文件。";
    LicencePolicyViolation = 104, Licence, None,
        "The licence breaks a rule that holds for every licence; ask the vendor for a correct one.",
        "授权文件违反授权规则，请联系厂商重新签发。";
    RequestMismatch = 105, Licence, None,
        "The licence answers another request than this device made; send the vendor this device's request, or remove the file `request`.",
        "授权文件对应的是另一份申请，请将本设备的申请文件发给厂商，或删除 request 文件。";
    FingerprintMismatch = 110, Licence, None,
        "The licence is another device's, or parts were replaced; a replaced device needs a licence of its own.",
        "授权文件属于其他设备，或本设备的部件已更换；更换设备需重新购买授权。";
    FingerprintTooWeak = 111, Licence, None,
        "The device has no part that identifies it; hand over a secret of the maker or run with the rights to read its serials.",
        "设备缺少可唯一标识的硬件部件，请提供厂商密钥，或以可读取序列号的权限运行。";
    NotEntitled = 120, Licence, None,
        "The licence does not carry this capability; order the tier or liveness kind that does.",
        "授权不包含该能力，请购买包含该能力的授权。";
    LicenceExpired = 121, Licence, None,
        "The trial is over; order a formal licence. Stored data can still be exported and deleted.",
        "试用已到期，请购买正式授权；已有数据仍可导出和删除。";
    LicenceRevoked = 122, Licence, None,
        "The vendor has revoked this licence; ask the vendor why.",
        "该授权已被厂商吊销，请联系厂商。";
    PlatformNotLicensed = 123, Licence, None,
        "The licence is for other platforms; order one for this platform.",
        "授权不包含当前平台，请购买对应平台的授权。";
    SdkNotLicensed = 124, Licence, None,
        "The licence ends at an earlier major version of the SDK; use that version or order an upgrade.",
        "授权仅适用于较早的 SDK 主版本，请使用该版本或购买升级。";
    ClockUnreadable = 130, Licence, None,
        "A trial needs a clock and none can be read; repair the clock. Formal licences need none.",
        "试用授权需要可读的时钟，请修复时钟；正式授权不依赖时钟。";
    ClockRolledBack = 131, Licence, None,
        "The clock was set back; set it right, or ask for a trial for devices without a battery clock.",
        "系统时钟被回拨，请校正时钟；无后备电池时钟的设备请申请相应的试用授权。";
    StateForeign = 140, Licence, None,
        "The trial's state belongs to another device or was edited; restore it, or remove it and lose the gallery.",
        "试用状态文件属于其他设备或已被篡改，请恢复；若删除，人脸库将无法读取。";
    StateUnsafe = 141, Licence, None,
        "A link, pipe, folder or huge file stands where a licence file belongs; remove it.",
        "授权目录中存在链接、管道、目录或超大文件，请将其移除。";
    StateNotWritable = 142, Licence, None,
        "The licence folder cannot be written; check permissions, free space and that it is not mounted read-only.",
        "授权目录不可写，请检查权限、剩余空间以及是否只读挂载。";
    StateNotReadable = 143, Licence, None,
        "The licence folder cannot be read; check the path and permissions.",
        "授权目录不可读，请检查路径和权限。";
    RevocationListRollback = 150, Licence, None,
        "The revocation list is older than one that the device has seen; install the newest.",
        "吊销列表比设备已有的版本旧，请安装最新的列表。";
    ModelPackMissing = 200, Model, None,
        "The model pack or one of its files cannot be read; check the path and permissions.",
        "无法读取模型包或其中的文件，请检查路径和权限。";
    ModelPackCorrupt = 201, Model, None,
        "A file of the model pack differs from its recorded hash; copy the pack again.",
        "模型包中的文件与记录的哈希不一致，请重新拷贝模型包。";
    ModelManifestInvalid = 202, Model, None,
        "The manifest pack.toml is malformed or contradicts itself; the message names the field.",
        "模型包清单 pack.toml 格式错误或自相矛盾，错误信息中给出字段。";
    ModelVersionMismatch = 203, Model, None,
        "The pack's format is newer than this SDK reads; update the SDK or use an older pack.",
        "模型包格式版本高于本 SDK 支持的版本，请升级 SDK 或使用旧版模型包。";
    ModelNetworkInvalid = 204, Model, None,
        "A network cannot be loaded or run; the message names the network and the cause.",
        "网络无法加载或运行，错误信息中给出网络名称和原因。";
    AcrossVersions = 210, Model, Some("AcrossVersionsError"),
        "The embeddings come from different models and cannot be compared; embed both with one pack.",
        "特征来自不同的模型版本，不能比对，请用同一模型包重新提取。";
    CalibrationMissing = 211, Model, None,
        "The pack has no calibration curve, so it gives no score; run `vultus calibrate`.",
        "模型包没有校准曲线，无法给出分数，请运行 vultus calibrate。";
    CalibrationInsufficient = 212, Model, None,
        "The target error rate is lower than the calibration set can support; choose a higher one.",
        "目标误识率低于校准集所能支持的下限，请选择更高的目标值。";
    FrameLayoutInvalid = 300, Image, None,
        "The frame's bytes do not fit its format, size or stride; the message names the value.",
        "图像帧数据与格式、尺寸或行跨度不符，错误信息中给出具体数值。";
    ImageEmpty = 301, Image, Some("ImageEmpty"),
        "The picture has no bytes.",
        "图片内容为空。";
    ImageDecodeFailed = 302, Image, Some("ImageDecodeFailed"),
        "The picture is damaged, truncated or not a picture at all.",
        "图片解码失败：文件损坏、被截断或不是图片。";
    ImageFormatUnsupported = 303, Image, None,
        "The picture's format is not supported; use JPEG, PNG or BMP.",
        "不支持该图片格式，请使用 JPEG、PNG 或 BMP。";
    ImageSizeExceed = 304, Image, Some("ImageSizeExceed"),
        "The file is larger than 5 MB as base64 (3,932,160 bytes).",
        "图片文件过大：base64 编码后不得超过 5 MB（3,932,160 字节）。";
    ImageResolutionExceed = 305, Image, Some("ImageResolutionExceed"),
        "The picture's long side exceeds 4000 px (JPEG) or 2000 px (PNG, BMP).",
        "图片长边超过上限：JPEG 为 4000 像素，PNG、BMP 为 2000 像素。";
    ImageResolutionTooSmall = 306, Image, Some("ImageResolutionTooSmall"),
        "The picture's short side is below 64 px.",
        "图片短边小于 64 像素。";
    NoFaceInPhoto = 320, Image, Some("NoFaceInPhoto"),
        "No face was found in the photograph; if it may be rotated, ask for rotation.",
        "照片中未检测到人脸；若照片可能被旋转，请开启旋转检测。";
    FaceSizeTooSmall = 321, Image, Some("FaceSizeTooSmall"),
        "The largest face is smaller than the minimum face size.",
        "最大的人脸小于最小人脸尺寸。";
    FaceGeometryInvalid = 322, Image, None,
        "The face's landmarks do not form a face that can be aligned.",
        "人脸关键点无法构成可对齐的人脸。";
    FaceQualityNotQualified = 323, Image, Some("FaceQualityNotQualified"),
        "The face is not good enough for the quality control asked for; the message names what is wrong and by how much.",
        "人脸质量未达到所要求的质量控制级别，错误信息中给出具体问题及差距。";
    InternalError = 900, Internal, Some("InternalError"),
        "A defect of the SDK; please report it with the message.",
        "SDK 内部错误，请附上错误信息反馈。";
}

impl Status {
    /// The stable number.
    #[must_use]
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// Name of the Java exception class.
    #[must_use]
    pub fn java_class(self) -> String {
        format!("{}Exception", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_rise_and_stay_inside_their_family() {
        let mut previous = 0;
        for &status in Status::ALL {
            let code = status.code();
            let (first, last) = status.family().range();
            assert!(code > previous, "{} does not rise", status.name());
            assert!(
                (first..=last).contains(&code),
                "{} is outside its family",
                status.name()
            );
            previous = code;
        }
    }

    #[test]
    fn every_row_speaks_both_languages() {
        for &status in Status::ALL {
            assert!(status.text_en().ends_with('.'), "{}", status.name());
            assert!(status.text_zh().ends_with('。'), "{}", status.name());
        }
    }
}
