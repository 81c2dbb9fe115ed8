//! The status table: the one place where names, numbers and texts of errors are written.
//!
//! Numbers are stable: never reused, never renumbered. Families leave gaps for what comes later.
//! `docs/errors.md` is compared with this table in a test. Long because it is one table.

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
    /// 400–499: a gallery: its file, its groups, persons and faces.
    Gallery,
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
            Self::Gallery => (400, 499),
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
    HandleInvalid = 4, Caller, None,
        "The handle was freed, or is of another type; the message names the parameter.",
        "句柄已释放或类型不符，错误信息中给出参数名。";
    HandleBusy = 5, Caller, None,
        "Another call is using the handle; give each thread a session of its own, and do not use it from its own callback.",
        "句柄正被其他调用使用，请为每个线程创建各自的会话，且不要在其回调中再次使用。";
    StructSizeUnknown = 6, Caller, None,
        "The struct_size is of no version that this build knows; set it to the size of the struct, and use header and library of one version.",
        "struct_size 不是当前版本已知的大小，请将其设为结构体的大小，并使用同一版本的头文件和库。";
    BufferTooSmall = 7, Caller, None,
        "The buffer is too small; the message and the output `needed` say how much it must hold.",
        "缓冲区过小，错误信息和输出参数 needed 中给出所需大小。";
    AbiMismatch = 8, Caller, None,
        "The library's binary interface is not the one that the caller was built for; build again with this version's header.",
        "库的二进制接口版本与调用方编译时不一致，请使用当前版本的头文件重新编译。";
    ForkedProcess = 9, Caller, None,
        "Another process opened it, and this one was forked from that; open it anew here, or leave it to that process.",
        "该对象由父进程打开，fork 出的子进程不能使用；请在本进程中重新打开，或交由父进程使用。";
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
    PackUnsigned = 205, Model, None,
        "Nobody has signed the model pack; take a signed one, or sign it with `vultus models sign`.",
        "模型包未签名，请使用已签名的模型包，或用 vultus models sign 签名。";
    PackSignatureInvalid = 206, Model, None,
        "The model pack was changed after it was signed, or its key is not trusted here; the message names the key.",
        "模型包在签名后被修改，或其签名密钥不受信任，错误信息中给出密钥。";
    AcrossVersions = 210, Model, Some("AcrossVersionsError"),
        "The embeddings come from different models and cannot be compared; embed both with one pack.",
        "特征来自不同的模型版本，不能比对，请用同一模型包重新提取。";
    CalibrationMissing = 211, Model, None,
        "The pack has no calibration curve, so it gives no score; run `vultus calibrate`.",
        "模型包没有校准曲线，无法给出分数，请运行 vultus calibrate。";
    CalibrationInsufficient = 212, Model, None,
        "The target error rate is lower than the calibration set can support; choose a higher one.",
        "目标误识率低于校准集所能支持的下限，请选择更高的目标值。";
    LivenessRulesInvalid = 220, Model, None,
        "A file of liveness rules is malformed or outside what can be meant; the message names the field.",
        "活体检测规则文件格式错误或参数不合理，错误信息中给出字段。";
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
    SensorFrameInvalid = 310, Image, None,
        "A depth or infrared frame lacks something or says something implausible; the message names it and its range.",
        "深度帧或红外帧缺少信息或参数不合理，错误信息中给出具体项及其范围。";
    RegistrationInvalid = 311, Image, None,
        "The map from the colour camera to the other sensor is implausible or is of other frames; the message says how.",
        "彩色相机到深度或红外传感器的配准参数不合理，或与当前帧不符，错误信息中给出原因。";
    FrameUnsynced = 312, Image, None,
        "The frames are of different moments; synchronise the cameras. The message has the skew and the largest allowed.",
        "多路图像帧不同步，请同步各路相机；错误信息中给出时间差及上限。";
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
    FaceTransparent = 324, Image, None,
        "The photograph is transparent where the face is, so that it looks otherwise in front of another background; hand over a picture without transparency.",
        "照片的人脸区域含有透明像素，换一种背景显示的内容就会不同，请提供不含透明度的图片。";
    GalleryMissing = 400, Gallery, None,
        "There is no gallery at this path, or it may not be read; check the path and permissions.",
        "该路径下没有人脸库，或无权读取，请检查路径和权限。";
    GalleryExists = 401, Gallery, None,
        "A gallery is there already; open it, or choose another path.",
        "该路径下已有人脸库，请直接打开，或换用其他路径。";
    GalleryCorrupt = 402, Gallery, None,
        "The gallery is damaged or was tampered with; the message counts the records. `vultus gallery check --repair` saves what is intact.",
        "人脸库已损坏或被篡改，错误信息中给出记录数；vultus gallery check --repair 可保存完好的记录。";
    GalleryVersionMismatch = 403, Gallery, None,
        "The gallery's format is newer than this SDK reads; update the SDK.",
        "人脸库格式版本高于本 SDK 支持的版本，请升级 SDK。";
    GallerySecretWrong = 404, Gallery, None,
        "The gallery was sealed with another secret or bound to another licence; hand over the right one.",
        "人脸库由其他密钥加密或绑定了其他授权，请提供正确的密钥。";
    GalleryRolledBack = 405, Gallery, None,
        "The gallery's file is older than the state the host has seen; put the latest file back.",
        "人脸库文件早于主机已见过的状态，请恢复最新的文件。";
    GalleryReadOnly = 406, Gallery, None,
        "The gallery was opened for reading or its disk is read-only; open it for writing.",
        "人脸库以只读方式打开，或所在磁盘只读，请以可写方式打开。";
    GalleryInUse = 407, Gallery, None,
        "Another process has the gallery open, or it is being read; wait or close it there.",
        "人脸库正被其他进程打开或读取，请等待或先关闭。";
    StorageFull = 408, Gallery, None,
        "No space is left on the disk; nothing was changed. Free some and try again.",
        "磁盘空间不足，数据未被修改，请释放空间后重试。";
    StorageFailed = 409, Gallery, None,
        "The disk failed; the message holds the system's answer. Open the gallery again, and check the disk.",
        "磁盘读写失败，错误信息中给出系统原因；请重新打开人脸库并检查磁盘。";
    GalleryKeyWornOut = 410, Gallery, None,
        "The gallery's key has sealed as many records as is safe; rotate the secret.",
        "人脸库密钥的加密次数已达安全上限，请轮换密钥。";
    ExportCorrupt = 420, Gallery, None,
        "The export is cut short, changed, or another kind of file; copy it again.",
        "导出文件不完整、被修改或类型不符，请重新拷贝。";
    ExportKeyWrong = 421, Gallery, None,
        "The export was sealed with another key.",
        "导出文件由其他密钥加密。";
    ExportVersionMismatch = 422, Gallery, None,
        "The export's format is newer than this SDK reads; update the SDK.",
        "导出文件格式版本高于本 SDK 支持的版本，请升级 SDK。";
    ImportConflict = 423, Gallery, None,
        "The gallery already has some of the export's records; nothing was imported. Import into an empty gallery or remove them first.",
        "人脸库中已有导出文件中的部分记录，未导入任何数据；请导入到空库，或先删除这些记录。";
    GroupIdIllegal = 430, Gallery, Some("GroupIdIllegal"),
        "A group's id has a character that ids do not have; use A-Z a-z 0-9 - % @ # & _.",
        "人员库 ID 包含非法字符，只支持英文、数字和 -%@#&_。";
    GroupIdTooLong = 431, Gallery, Some("GroupIdTooLong"),
        "A group's id is longer than 64 bytes.",
        "人员库 ID 超过 64 字节。";
    GroupIdAlreadyExist = 432, Gallery, Some("GroupIdAlreadyExist"),
        "A group with this id exists; ids are unique in a gallery.",
        "人员库 ID 已存在，不可重复。";
    GroupIdNotExist = 433, Gallery, Some("GroupIdNotExist"),
        "No group has this id.",
        "人员库 ID 不存在。";
    GroupNameIllegal = 434, Gallery, Some("GroupNameIllegal"),
        "A group's name has a character that names do not have; use Chinese, English, digits, - and _.",
        "人员库名称包含非法字符，只支持中英文、-、_、数字。";
    GroupNameTooLong = 435, Gallery, Some("GroupNameTooLong"),
        "A group's name is longer than 60 characters.",
        "人员库名称超过 60 个字符。";
    GroupNameAlreadyExist = 436, Gallery, Some("GroupNameAlreadyExist"),
        "Another group has this name; names of groups are unique in a gallery.",
        "人员库名称已存在，不可重复。";
    GroupTagIllegal = 437, Gallery, Some("GroupTagIllegal"),
        "A group's tag has a character that tags do not have; use Chinese, English, digits, - and _.",
        "人员库备注包含非法字符，只支持中英文、-、_、数字。";
    GroupTagTooLong = 438, Gallery, Some("GroupTagTooLong"),
        "A group's tag is longer than 40 characters.",
        "人员库备注超过 40 个字符。";
    GroupExDescriptionsExceed = 439, Gallery, Some("GroupExDescriptionsExceed"),
        "A group has more than 5 custom fields.",
        "人员库自定义描述字段超过 5 个。";
    GroupExDescriptionsNameIdentical = 440, Gallery, Some("GroupExDescriptionsNameIdentical"),
        "Two custom fields of a group have one name.",
        "同一人员库中自定义描述字段名称不可重复。";
    GroupExDescriptionsNameIllegal = 441, Gallery, Some("GroupExDescriptionsNameIllegal"),
        "A custom field's name has a character that names do not have, or the group has no such field.",
        "自定义描述字段名称包含非法字符，或人员库中没有该字段。";
    GroupExDescriptionsNameTooLong = 442, Gallery, Some("GroupExDescriptionsNameTooLong"),
        "A custom field's name is longer than 30 characters.",
        "自定义描述字段名称超过 30 个字符。";
    GroupNumExceed = 443, Gallery, Some("GroupNumExceed"),
        "The gallery has as many groups as it may have.",
        "人员库数量已达上限。";
    GroupFaceNumExceed = 444, Gallery, Some("GroupFaceNumExceed"),
        "The group has as many faces as it may have.",
        "人员库中的人脸数量已达上限。";
    GroupNumPerPersonExceed = 445, Gallery, Some("GroupNumPerPersonExceed"),
        "A person is in 100 groups at most.",
        "单个人员最多可加入 100 个人员库。";
    GroupIdsExceed = 446, Gallery, Some("GroupIdsExceed"),
        "A search takes at most 100 groups, 60 where results are returned by group.",
        "一次搜索最多 100 个人员库；按人员库返回结果时最多 60 个。";
    GroupCannotUpgrade = 447, Gallery, Some("GroupCannotUpgrade"),
        "The group cannot be upgraded as asked: no upgrade is running, another one is, or it has that model already.",
        "人员库无法执行该升级操作：没有进行中的升级、已有升级在进行，或已是该模型版本。";
    UpgradeCannotRollback = 448, Gallery, Some("JobCannnotRollback"),
        "The group has no earlier version to return to; an upgrade is rolled back once at most.",
        "人员库没有可回滚的旧版本；一次升级最多回滚一次。";
    PersonIdIllegal = 450, Gallery, Some("PersonIdIllegal"),
        "A person's id has a character that ids do not have; use A-Z a-z 0-9 - % @ # & _.",
        "人员 ID 包含非法字符，只支持英文、数字和 -%@#&_。";
    PersonIdTooLong = 451, Gallery, Some("PersonIdTooLong"),
        "A person's id is longer than 64 bytes.",
        "人员 ID 超过 64 字节。";
    PersonIdAlreadyExist = 452, Gallery, Some("PersonIdAlreadyExist"),
        "A person with this id exists; to add them to another group, copy them.",
        "人员 ID 已存在；如需加入其他人员库，请使用复制。";
    PersonIdNotExist = 453, Gallery, Some("PersonIdNotExist"),
        "No person has this id.",
        "人员 ID 不存在。";
    PersonNameIllegal = 454, Gallery, Some("PersonNameIllegal"),
        "A person's name has a character that names do not have; use Chinese, English, digits, - and _.",
        "人员名称包含非法字符，只支持中英文、-、_、数字。";
    PersonNameTooLong = 455, Gallery, Some("PersonNameTooLong"),
        "A person's name is longer than 60 characters.",
        "人员名称超过 60 个字符。";
    PersonGenderIllegal = 456, Gallery, Some("PersonGenderIllegal"),
        "The gender does not exist; use 0 (not given), 1 (male) or 2 (female).",
        "人员性别不合法：0 代表未填写，1 代表男性，2 代表女性。";
    PersonExDescriptionInfosExceed = 457, Gallery, Some("PersonExDescriptionInfosExceed"),
        "More than 5 values of custom fields were given.",
        "人员自定义描述字段超过 5 个。";
    PersonExDescriptionsNameIdentical = 458, Gallery, Some("PersonExDescriptionsNameIdentical"),
        "One custom field was given twice.",
        "人员自定义描述字段重复。";
    PersonExDescriptionsNameIllegal = 459, Gallery, Some("PersonExDescriptionsNameIllegal"),
        "The group has no custom field of this name, or the value holds a control character.",
        "人员库中没有该自定义描述字段，或内容包含控制字符。";
    PersonExDescriptionsNameTooLong = 460, Gallery, Some("PersonExDescriptionsNameTooLong"),
        "The value of a custom field is longer than 60 characters.",
        "人员自定义描述字段内容超过 60 个字符。";
    PersonExistInGroup = 461, Gallery, Some("PersonExistInGroup"),
        "The person is in this group already.",
        "人员库中已包含该人员。";
    GroupPersonMapNotExist = 462, Gallery, Some("GroupPersonMapNotExist"),
        "The person is not in this group.",
        "人员库中不包含该人员。";
    PersonFaceNumExceed = 463, Gallery, Some("PersonFaceNumExceed"),
        "A person has 5 faces at most.",
        "单个人员最多包含 5 张人脸。";
    DeleteFaceNumExceed = 464, Gallery, Some("DeleteFaceNumExceed"),
        "A person keeps at least one face; to remove the last one, delete the person.",
        "每个人员至少保留一张人脸；如需删除最后一张，请删除人员。";
    UploadFaceNumExceed = 465, Gallery, Some("UploadFaceNumExceed"),
        "At most 4 faces are added in one call.",
        "一次最多上传 4 张人脸。";
    AccountFaceNumExceed = 466, Gallery, Some("AccountFaceNumExceed"),
        "The gallery has as many faces as its limit or the licence allows.",
        "人脸总数已达人脸库上限或授权上限。";
    FaceIdNotExist = 467, Gallery, None,
        "The person has no face of this id.",
        "该人员没有此人脸 ID。";
    NoFaceInGroups = 468, Gallery, Some("NoFaceInGroups"),
        "The groups have no face to search.",
        "指定的人员库中没有人脸。";
    SearchPersonsExceed = 469, Gallery, Some("SearchPersonsExceed"),
        "A search returns 1 to 100 persons, 1 to 10 for each group where results are returned by group.",
        "一次搜索返回 1 到 100 个人员；按人员库返回结果时每库 1 到 10 个。";
    SearchFacesExceed = 470, Gallery, Some("SearchFacesExceed"),
        "1 to 10 faces of a photograph are searched.",
        "一张照片最多搜索 10 张人脸。";
    LimitExceed = 471, Gallery, Some("LimitExceed"),
        "A page has 1 to 1000 entries.",
        "每页返回数量为 1 到 1000。";
    OffsetExceed = 472, Gallery, Some("OffsetExceed"),
        "The page begins beyond the end of the list.",
        "起始序号超过列表长度。";
    UniquePersonControlIllegal = 473, Gallery, Some("UniquePersonControlIllegal"),
        "The level of the check for the same person does not exist; use 0 to 4.",
        "同一人判断级别不合法，取值范围为 0 到 4。";
    FaceMatchThresholdIllegal = 474, Gallery, Some("FaceMatchThresholdIllegal"),
        "The score that new faces must reach is outside 0 to 100.",
        "FaceMatchThreshold 不合法，取值范围为 0 到 100。";
    FaceModelVersionIllegal = 475, Gallery, Some("FaceModelVersionIllegal"),
        "The model id is not one; it reads id@version, as a pack names itself.",
        "算法模型版本不合法，格式为 id@version。";
    ErrorParameterEmpty = 476, Gallery, Some("ErrorParameterEmpty"),
        "A parameter that is needed is empty; the message names it.",
        "必选参数为空，错误信息中给出参数名。";
    InternalError = 900, Internal, Some("InternalError"),
        "A defect of the SDK; please report it with the message.",
        "SDK 内部错误，请附上错误信息反馈。";
    HandlePoisoned = 901, Internal, None,
        "An earlier call on this session or other handle ended in a defect of the SDK; free it and make a new one.",
        "该会话或句柄此前的调用因 SDK 内部错误而中断，请释放并重新创建。";
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
