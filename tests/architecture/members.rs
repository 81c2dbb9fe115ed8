//! The crates of the workspace, and what each may do.

/// A crate of the workspace.
pub(crate) struct Member {
    /// From the root of the repository.
    pub(crate) folder: &'static str,
    /// Which of our own crates it may name, dependencies of its tests apart.
    pub(crate) may_name: &'static [&'static str],
    pub(crate) orders: &'static [Order],
    /// So many pairs of its files have an arrow at least; fewer mean that the scan is broken.
    pub(crate) arrows: usize,
}

/// The order of the modules inside one module.
pub(crate) struct Order {
    /// As `a::b`; empty for the root of the crate.
    pub(crate) inside: &'static str,
    /// From the bottom up: a module may use those in rows before its own. Modules of one row never use each other.
    pub(crate) rows: &'static [&'static [&'static str]],
}

pub(crate) const MEMBERS: &[Member] = &[
    Member {
        folder: "",
        may_name: &["vultus-licensing", "vultus-nn"],
        orders: &[
            Order {
                inside: "",
                rows: &[
                    &["error"],
                    &["geom"],
                    &["config"],
                    &["frame"],
                    &["model"],
                    &["stages"],
                    &["matching", "track"],
                    &["gallery"],
                    &["engine"],
                    &["sdk"],
                ],
            },
            Order {
                inside: "stages",
                rows: &[&[
                    "detect",
                    "mesh",
                    "align",
                    "embed",
                    "pose",
                    "quality",
                    "attribute",
                    "liveness",
                ]],
            },
        ],
        arrows: 400,
    },
    Member {
        folder: "ffi",
        may_name: &["vultus"],
        orders: &[Order {
            inside: "",
            rows: &[
                &["misuse", "process"],
                &["numbers", "pointer"],
                &["output"],
                &["handle", "pod", "strings"],
                &["last_error", "logging"],
                &["fence"],
                &["abi", "c_string", "codes", "error", "log", "status"],
                &["licence", "options"],
                &["sdk"],
                &["session"],
                &["frame"],
                &["detect"],
                &["embedding"],
                &["compare", "enrol", "liveness", "quality"],
                &["gallery"],
            ],
        }],
        arrows: 100,
    },
    Member {
        folder: "licensing",
        may_name: &[],
        orders: &[Order {
            inside: "",
            rows: &[
                &[
                    "time",
                    "platform",
                    "process",
                    "capability",
                    "keyfile",
                    "format",
                ],
                &["keys", "fingerprint"],
                &["licence"],
                &["policy"],
                &["error"],
                &["clock", "storage", "envelope"],
                &["signed_licence", "request", "revocation"],
                &["file"],
                &["state"],
                &["device"],
                &["trial"],
                &["grant"],
                &["installation", "activation"],
                &["testkit"],
            ],
        }],
        arrows: 60,
    },
    Member {
        folder: "licensing/issuer",
        may_name: &["vultus-licensing"],
        orders: &[Order {
            inside: "",
            rows: &[
                &["hex", "reader", "refusal"],
                &["hash", "customer", "price"],
                &["error"],
                &["signer", "environment"],
                &["keyfile", "entry"],
                &["record"],
                &["book", "storage"],
                &["chain"],
                &["ledger"],
                &["issuer"],
                &["report"],
            ],
        }],
        arrows: 60,
    },
    Member {
        folder: "nn",
        may_name: &[],
        orders: &[Order {
            inside: "",
            rows: &[
                &["cpu", "error", "half", "math"],
                &["ir", "threads"],
                &["network", "kernels"],
                &["plan", "tract"],
                &["load"],
                &["compile", "quantise"],
            ],
        }],
        arrows: 200,
    },
    Member {
        folder: "tests/basics",
        may_name: &[],
        orders: &[],
        arrows: 0,
    },
    Member {
        folder: "tests/shipped",
        may_name: &["vultus"],
        orders: &[],
        arrows: 0,
    },
    Member {
        folder: "tests/simulator",
        may_name: &[],
        orders: &[],
        arrows: 30,
    },
    Member {
        folder: "tests/testkit",
        may_name: &["vultus", "vultus-simulator", "vultus-test-basics"],
        orders: &[],
        arrows: 5,
    },
    Member {
        folder: "tool",
        may_name: &["vultus", "vultus-licensing", "vultus-simulator"],
        orders: &[Order {
            inside: "",
            rows: &[
                &["shown"],
                &["failure", "observer", "statistics"],
                &["inputs", "secrets"],
                &["datasets", "drawing", "packs", "terminal"],
                &["evaluation"],
                &["reports"],
                &["commands"],
                &["command_line"],
            ],
        }],
        arrows: 150,
    },
];
