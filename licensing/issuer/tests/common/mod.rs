//! A vendor's desk for tests: a clock that is set by hand, numbers that repeat, devices to order.
#![allow(dead_code, unreachable_pub, missing_docs)]

pub mod desk_files;
pub mod story;

use std::cell::Cell;
use vultus_issuer::customer::Customer;
use vultus_issuer::entry::{Grant, IssueRequest, Order, Scope};
use vultus_issuer::environment::{Clock, Entropy};
use vultus_issuer::error::IssuerError;
use vultus_issuer::issuer::{IssuedLicence, Issuer, Purchase};
use vultus_issuer::ledger::Ledger;
use vultus_issuer::refusal::Refusal;
use vultus_issuer::signer::{KeyTerms, Signer};
use vultus_issuer::storage::{MemoryStorage, Storage};
use vultus_licensing::fingerprint::{Component, ComponentKind};
use vultus_licensing::licence::{LivenessKinds, Nonce, OrderId, Tier};
use vultus_licensing::platform::{Platform, Platforms};
use vultus_licensing::request::Request;
use vultus_licensing::testkit::{FROM, OLD_SEED, SEED, UNTIL};
use vultus_licensing::time::UnixSeconds;

/// 2026-06-01.
pub const START: UnixSeconds = UnixSeconds(1_780_272_000);
pub const DAY: u64 = 86_400;

pub const INFRARED: LivenessKinds = LivenessKinds {
    infrared: true,
    structured_light: false,
    monocular: false,
};
pub const MONOCULAR: LivenessKinds = LivenessKinds {
    infrared: false,
    structured_light: false,
    monocular: true,
};
pub const ALL_KINDS: LivenessKinds = LivenessKinds {
    infrared: true,
    structured_light: true,
    monocular: true,
};

pub fn terms() -> KeyTerms {
    KeyTerms {
        from: FROM,
        until: UNTIL,
        licences: true,
        revocations: true,
    }
}

/// The key that `KeyTable::with_test_keys` accepts.
pub fn signer() -> Signer {
    Signer::from_seed(&SEED, terms()).unwrap()
}

pub fn other_signer() -> Signer {
    Signer::from_seed(&OLD_SEED, terms()).unwrap()
}

pub fn scope() -> Scope {
    Scope {
        platforms: Platforms::only(Platform::Android).with(Platform::LinuxArmv7),
        sdk_major_max: 3,
        gallery_max: None,
    }
}

pub struct HandClock(pub Cell<UnixSeconds>);

impl HandClock {
    pub fn at(time: UnixSeconds) -> Self {
        Self(Cell::new(time))
    }

    pub fn set(&self, time: UnixSeconds) {
        self.0.set(time);
    }

    pub fn forward(&self, seconds: u64) {
        self.set(self.0.get().plus(seconds));
    }
}

impl Clock for HandClock {
    fn now(&self) -> Result<UnixSeconds, IssuerError> {
        Ok(self.0.get())
    }
}

/// SplitMix64: different numbers, the same in every run.
pub struct Numbers(pub Cell<u64>);

impl Entropy for Numbers {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), IssuerError> {
        for byte in bytes {
            let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
            self.0.set(state);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *byte = (mixed >> 40) as u8;
        }
        Ok(())
    }
}

/// Seven components of device `n`, four of them burned into hardware.
pub fn components(n: u32) -> Vec<Component> {
    let text = |kind, text: String| Component::from_text(kind, text.as_bytes()).unwrap();
    let serial = |salt: &str| format!("{salt}{:08x}{:08x}", n.wrapping_mul(0x9e37_79b9), n + 7);
    vec![
        Component::from_bytes_value(
            ComponentKind::OemSecret,
            serial("secret-of-maker").as_bytes(),
        )
        .unwrap(),
        text(ComponentKind::DieId, serial("d1e")),
        text(ComponentKind::EmmcCid, serial("c1d")),
        text(ComponentKind::AndroidSerial, serial("5e1")),
        text(
            ComponentKind::Mac,
            format!(
                "00:1b:44:{:02x}:{:02x}:{:02x}",
                n >> 16 & 255,
                n >> 8 & 255,
                n & 255
            ),
        ),
        text(ComponentKind::AndroidId, serial("a1d")),
        text(
            ComponentKind::MachineId,
            format!("{}{n:013x}", serial("3ac")),
        ),
    ]
}

pub fn request(n: u32) -> Request {
    let mut nonce = [0x5a; 16];
    nonce[..4].copy_from_slice(&n.to_le_bytes());
    Request {
        sdk_major: 1,
        platform: Platform::Android,
        created_at: START,
        nonce: Nonce(nonce),
        components: components(n),
    }
}

/// The request of device `n` made anew, after a reflash for instance.
pub fn later_request(n: u32) -> Request {
    let mut request = request(n);
    request.nonce.0[15] ^= 0xff;
    request
}

pub struct Desk {
    pub storage: MemoryStorage,
    pub signer: Signer,
    pub clock: HandClock,
    pub entropy: Numbers,
}

impl Desk {
    /// A desk with an empty ledger.
    pub fn new() -> Self {
        let desk = Self {
            storage: MemoryStorage::default(),
            signer: signer(),
            clock: HandClock::at(START),
            entropy: Numbers(Cell::new(1)),
        };
        let storage = Box::new(desk.storage.clone());
        Ledger::create(storage, &desk.signer, &desk.clock, &desk.entropy).unwrap();
        desk
    }

    pub fn issuer(&self) -> Issuer<'_> {
        self.issuer_on(Box::new(self.storage.clone()))
    }

    pub fn issuer_on(&self, storage: Box<dyn Storage>) -> Issuer<'_> {
        let ledger = Ledger::open(storage, self.signer.public()).unwrap();
        Issuer::new(ledger, &self.signer, &self.clock, &self.entropy)
    }

    pub fn order(&self, customer: &str, tier: Tier, quantity: u32) -> Order {
        order(&mut self.issuer(), customer, tier, quantity).unwrap()
    }

    pub fn trial(&self, customer: &str, tier: Tier) -> Result<Grant, IssuerError> {
        let customer = Customer::new(customer).unwrap();
        self.issuer().trial(&customer, tier, scope())
    }

    pub fn issue(
        &self,
        source: OrderId,
        liveness: LivenessKinds,
        request: Request,
    ) -> Result<IssuedLicence, IssuerError> {
        self.issuer().issue(&ask(source, liveness, request))
    }

    pub fn used(&self, order: OrderId) -> u32 {
        let issuer = self.issuer();
        let accounts = issuer.ledger().book().orders();
        accounts.iter().find(|a| a.order.id == order).unwrap().used
    }
}

pub fn order(
    issuer: &mut Issuer<'_>,
    customer: &str,
    tier: Tier,
    quantity: u32,
) -> Result<Order, IssuerError> {
    issuer.order(&Purchase {
        customer: Customer::new(customer).unwrap(),
        tier,
        quantity,
        agreed_fen: None,
        scope: scope(),
    })
}

pub fn ask(source: OrderId, liveness: LivenessKinds, device: Request) -> IssueRequest {
    IssueRequest {
        source,
        liveness,
        without_rtc: false,
        device,
    }
}

/// The refusal that was expected instead of a result.
#[track_caller]
pub fn refusal<T>(result: Result<T, IssuerError>) -> Refusal {
    match result {
        Err(IssuerError::Refused(refusal)) => refusal,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("not refused"),
    }
}

/// The name of the error that was expected instead of a result.
#[track_caller]
pub fn name<T>(result: Result<T, IssuerError>) -> &'static str {
    match result {
        Err(error) => error.name(),
        Ok(_) => panic!("not refused"),
    }
}
