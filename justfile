# What CI runs first.
test:
    cargo test --release && cargo test --release -p vultus-licensing -p vultus-issuer
    cargo test --release -p vultus-ffi
    cargo fmt --check
    cargo clippy --workspace --all-targets -- -D warnings

# Everything CI runs.
ci:
    .ci/run

# What takes longer than CI may: emulated ARM, Miri, sanitizers, fuzzing, accuracy of every engine. Hours.
nightly:
    .ci/run nightly

# Times of stages and of galleries on this disk, written to benches/results.
bench:
    cargo bench -p vultus --bench stages -- --write
    cargo bench -p vultus --bench gallery -- --write
    cargo bench -p vultus --bench liveness -- --write

# Search beside faiss, written there too.
bench-search:
    benches/search.sh --write

# The engine beside its peers, and what a device pays, written to benches/results.
bench-engine:
    benches/engine.sh
    benches/instructions.sh
    scripts/measure-device.sh --write

# The rules of liveness and the tables and pictures of docs/liveness.md, after a change of simulator, measures or networks.
liveness:
    cargo run --release -p vultus-simulator --example depth -- fit models/liveness/depth.toml
    cargo run --release -p vultus-simulator --example depth -- fit-look models/lite models/liveness/depth.toml
    cargo run --release -p vultus-simulator --example depth -- evaluate models/lite models/liveness/depth.toml
    cargo run --release -p vultus-simulator --example depth -- motion
    cargo run --release -p vultus-simulator --example infrared -- fit models/lite models/liveness/infrared.toml
    cargo run --release -p vultus-simulator --example infrared -- evaluate models/lite models/liveness/infrared.toml
    cargo run --release -p vultus-simulator --example contact_sheets -- docs/images

# The page of errors and the C header, after a change of the status table or of the C ABI.
docs:
    VULTUS_WRITE_DOCS=1 cargo test --release -p vultus --test core documents
    VULTUS_WRITE_DOCS=1 cargo test --release -p vultus-ffi --test header constants
    VULTUS_WRITE_DOCS=1 cargo test --release -p vultus-ffi --test header cbindgen

# The C interface under a prefix, as a program's build finds it.
install prefix:
    cargo build --release -p vultus-ffi
    ffi/packaging/install.sh --libraries target/release --pack models/lite {{prefix}}

# Hostile input through the C interface, each target for so long; needs a nightly compiler.
fuzz seconds="60":
    fuzz/run.sh {{seconds}}

# Which changes of the code no test would notice: module, tried, caught, survivors. Hours; `just mutants --sample 20 quality` is less.
mutants *arguments:
    scripts/mutants.py {{arguments}}

# What firmware gets, its sizes written to docs/size.md, and its answers compared with this machine's.
device:
    scripts/build-device.sh --write
    scripts/run-device.sh
    scripts/firmware-walkthrough.sh
