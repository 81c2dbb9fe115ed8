//! Entries to bytes and back.

use super::{
    Entry, Grant, Issue, IssueRequest, KeyChange, List, Order, REASON_MAX, Revocation, Scope,
};
use crate::customer::{CODE_MAX, Customer};
use crate::error::{Fault, IssuerError};
use crate::reader::{Malformed, Reader};
use crate::signer::{KeyTerms, PublicKeys};
use vultus_licensing::envelope::{HEADER_BYTES, SIGNATURE_BYTES};
use vultus_licensing::fingerprint::COMPONENTS_MAX;
use vultus_licensing::fingerprint::{Component, LicensedFingerprint};
use vultus_licensing::licence::{LicenceId, LivenessKinds, OrderId, Tier};
use vultus_licensing::platform::Platforms;
use vultus_licensing::request::Request;
use vultus_licensing::signed_licence::PAYLOAD_MAX;
use vultus_licensing::time::UnixSeconds;

const REQUEST_MAX: usize = 1024;
const LICENCE_MAX: usize = HEADER_BYTES + PAYLOAD_MAX + SIGNATURE_BYTES;
const WITHOUT_RTC: u8 = 1;

impl Entry {
    /// The entry's bytes.
    ///
    /// # Errors
    /// [`IssuerError::Request`] for a request with too many components.
    pub fn encode(&self) -> Result<Vec<u8>, IssuerError> {
        let mut out = Vec::new();
        match self {
            Self::Key(key) => push_key(&mut out, key),
            Self::Order(order) => {
                out.extend(order.id.0);
                push_bytes(&mut out, order.customer.code().as_bytes());
                out.push(order.tier.code());
                out.extend(order.quantity.to_le_bytes());
                out.extend(order.total_fen.to_le_bytes());
                push_scope(&mut out, &order.scope);
            }
            Self::Trial(grant) => {
                out.extend(grant.id.0);
                push_bytes(&mut out, grant.customer.code().as_bytes());
                out.push(grant.tier.code());
                out.extend(grant.expires_at.0.to_le_bytes());
                push_scope(&mut out, &grant.scope);
            }
            Self::Issue(issue) => {
                let request = &issue.request;
                let device = request.device.to_bytes().map_err(IssuerError::Request)?;
                out.extend(issue.licence_id.0);
                out.extend(request.source.0);
                out.push(request.liveness.bits());
                out.push(if request.without_rtc { WITHOUT_RTC } else { 0 });
                push_bytes(&mut out, &device);
                push_fingerprint(&mut out, &issue.fingerprint);
                push_bytes(&mut out, &issue.licence);
            }
            Self::Revoke(revocation) => {
                out.extend(revocation.licence.0);
                push_bytes(&mut out, revocation.reason.as_bytes());
            }
            Self::List(list) => {
                out.extend(list.number.to_le_bytes());
                out.extend(list.signature);
            }
        }
        Ok(out)
    }

    /// Reads an entry. Only its own bytes decode to it: nothing has two spellings.
    ///
    /// # Errors
    /// [`Fault::Content`].
    pub fn decode(kind: u8, body: &[u8]) -> Result<Self, Fault> {
        let mut reader = Reader::new(body);
        let entry = read(kind, &mut reader).map_err(|Malformed(field)| Fault::Content(field))?;
        reader
            .finish()
            .map_err(|Malformed(field)| Fault::Content(field))?;
        match entry.encode() {
            Ok(bytes) if bytes == body => Ok(entry),
            _ => Err(Fault::Content("another spelling")),
        }
    }
}

/// Appends bytes with their length in front. Callers have bounded the length well below 64 KiB.
fn push_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    debug_assert!(bytes.len() <= usize::from(u16::MAX));
    out.extend((bytes.len() as u16).to_le_bytes());
    out.extend(bytes);
}

fn push_key(out: &mut Vec<u8>, key: &KeyChange) {
    out.extend(key.ledger);
    out.extend(key.keys.issuing);
    out.extend(key.keys.ledger);
    out.extend(key.keys.terms.from.0.to_le_bytes());
    out.extend(key.keys.terms.until.0.to_le_bytes());
    out.push(key.keys.terms.role_bits());
}

fn push_scope(out: &mut Vec<u8>, scope: &Scope) {
    out.extend(scope.platforms.0.to_le_bytes());
    out.extend(scope.sdk_major_max.to_le_bytes());
    out.extend(scope.gallery_max.unwrap_or(0).to_le_bytes());
}

fn push_fingerprint(out: &mut Vec<u8>, fingerprint: &LicensedFingerprint) {
    let components: Vec<u8> = fingerprint
        .components
        .iter()
        .flat_map(Component::to_bytes)
        .collect();
    push_bytes(out, &components);
    out.extend(fingerprint.threshold.to_le_bytes());
}

fn read(kind: u8, reader: &mut Reader<'_>) -> Result<Entry, Malformed> {
    Ok(match kind {
        1 => Entry::Key(read_key(reader)?),
        2 => Entry::Order(Order {
            id: OrderId(reader.array("order id")?),
            customer: read_customer(reader)?,
            tier: read_tier(reader)?,
            quantity: reader.u32("quantity")?,
            total_fen: reader.u64("total")?,
            scope: read_scope(reader)?,
        }),
        3 => Entry::Trial(Grant {
            id: OrderId(reader.array("grant id")?),
            customer: read_customer(reader)?,
            tier: read_tier(reader)?,
            expires_at: UnixSeconds(reader.u64("expiry")?),
            scope: read_scope(reader)?,
        }),
        4 => Entry::Issue(read_issue(reader)?),
        5 => Entry::Revoke(Revocation {
            licence: LicenceId(reader.array("licence id")?),
            reason: reader.text("reason", REASON_MAX)?,
        }),
        6 => Entry::List(List {
            number: reader.u64("list number")?,
            signature: reader.array("list signature")?,
        }),
        _ => return Err(Malformed("kind")),
    })
}

fn read_key(reader: &mut Reader<'_>) -> Result<KeyChange, Malformed> {
    let ledger = reader.array("ledger id")?;
    let issuing = reader.array("issuing key")?;
    let ledger_key = reader.array("ledger key")?;
    let from = UnixSeconds(reader.u64("key from")?);
    let until = UnixSeconds(reader.u64("key until")?);
    let roles = reader.u8("key roles")?;
    let terms = KeyTerms::from_parts(from, until, roles)
        .filter(|terms| terms.check().is_ok())
        .ok_or(Malformed("key terms"))?;
    Ok(KeyChange {
        ledger,
        keys: PublicKeys {
            issuing,
            ledger: ledger_key,
            terms,
        },
    })
}

fn read_customer(reader: &mut Reader<'_>) -> Result<Customer, Malformed> {
    let code = reader.text("customer", CODE_MAX)?;
    Customer::new(&code).map_err(|_| Malformed("customer"))
}

fn read_tier(reader: &mut Reader<'_>) -> Result<Tier, Malformed> {
    Tier::from_code(reader.u8("SKU")?).ok_or(Malformed("SKU"))
}

fn read_scope(reader: &mut Reader<'_>) -> Result<Scope, Malformed> {
    Ok(Scope {
        platforms: Platforms(reader.u32("platforms")?),
        sdk_major_max: reader.u16("SDK version")?,
        gallery_max: match reader.u32("gallery limit")? {
            0 => None,
            max => Some(max),
        },
    })
}

fn read_issue(reader: &mut Reader<'_>) -> Result<Issue, Malformed> {
    let licence_id = LicenceId(reader.array("licence id")?);
    let source = OrderId(reader.array("order id")?);
    let liveness = LivenessKinds::from_bits(reader.u8("liveness")?).ok_or(Malformed("liveness"))?;
    let without_rtc = match reader.u8("flags")? {
        0 => false,
        WITHOUT_RTC => true,
        _ => return Err(Malformed("flags")),
    };
    let device = reader.bytes("request", REQUEST_MAX)?;
    let device = Request::parse(device).map_err(|_| Malformed("request"))?;
    let fingerprint = read_fingerprint(reader)?;
    let licence = reader.bytes("licence", LICENCE_MAX)?.to_vec();
    Ok(Issue {
        licence_id,
        request: IssueRequest {
            source,
            liveness,
            without_rtc,
            device,
        },
        fingerprint,
        licence,
    })
}

fn read_fingerprint(reader: &mut Reader<'_>) -> Result<LicensedFingerprint, Malformed> {
    let malformed = Malformed("fingerprint");
    let bytes = reader.bytes("fingerprint", COMPONENTS_MAX * Component::BYTES)?;
    let (chunks, rest) = bytes.as_chunks();
    if !rest.is_empty() {
        return Err(malformed);
    }
    let components = chunks
        .iter()
        .map(|chunk| Component::from_bytes(chunk).ok_or(malformed))
        .collect::<Result<_, _>>()?;
    Ok(LicensedFingerprint {
        components,
        threshold: reader.u16("threshold")?,
    })
}
