//! The status table: the one place where names, numbers and texts of errors are written.
//!
//! Numbers are stable: never reused, never renumbered. Families leave gaps for what comes later.
//! `docs/errors.md` is compared with this table in a test.

/// What a status is about; each family owns a range of numbers.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Family {
    /// 1–99: the caller passed something unusable.
    Caller,
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
