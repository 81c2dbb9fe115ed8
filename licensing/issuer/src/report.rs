//! What a ledger says, for people and programs.

use crate::book::{Book, GrantAccount, Issued, OrderAccount, TRIAL_DEVICES};
use crate::ledger::Ledger;
use crate::price;
use serde_json::{Value, json};
use std::fmt::Write as _;
use vultus_licensing::licence::LivenessKinds;

/// The names of kinds of liveness, as on the command line.
#[must_use]
pub fn liveness_names(kinds: LivenessKinds) -> Vec<&'static str> {
    [
        (kinds.infrared, "infrared"),
        (kinds.structured_light, "structured-light"),
        (kinds.monocular, "monocular"),
    ]
    .into_iter()
    .filter_map(|(has, name)| has.then_some(name))
    .collect()
}

/// The report as JSON.
#[must_use]
pub fn json(ledger: &Ledger) -> Value {
    let book = ledger.book();
    json!({
        "records": ledger.length(),
        "head": ledger.head().to_string(),
        "as_of": book.now().to_string(),
        "key_id": book.keys().map(|keys| keys.id().to_string()),
        "orders": book.orders().iter().map(order_json).collect::<Vec<_>>(),
        "trials": book.grants().iter().map(grant_json).collect::<Vec<_>>(),
        "licences": book.issued().iter().map(issued_json).collect::<Vec<_>>(),
        "revoked": book.revoked().iter().map(|revoked| json!({
            "licence_id": revoked.licence.to_string(),
            "at": revoked.at.to_string(),
            "reason": revoked.reason,
        })).collect::<Vec<_>>(),
        "revocation_list": book.list_number(),
        "totals": totals_json(book),
    })
}

fn order_json(account: &OrderAccount) -> Value {
    let order = &account.order;
    json!({
        "order": order.id.to_string(),
        "customer": order.customer.code(),
        "sku": order.tier.name(),
        "at": account.at.to_string(),
        "quantity": order.quantity,
        "used": account.used,
        "left": account.left(),
        "total_fen": order.total_fen,
        "total_yuan": price::yuan(order.total_fen),
    })
}

fn grant_json(account: &GrantAccount) -> Value {
    let grant = &account.grant;
    json!({
        "order": grant.id.to_string(),
        "customer": grant.customer.code(),
        "sku": grant.tier.name(),
        "at": account.at.to_string(),
        "expires_at": grant.expires_at.to_string(),
        "devices": account.devices,
        "left": TRIAL_DEVICES.saturating_sub(account.devices),
    })
}

fn issued_json(issued: &Issued) -> Value {
    json!({
        "licence_id": issued.licence_id.to_string(),
        "from": issued.source.to_string(),
        "customer": issued.customer.code(),
        "sku": issued.tier.name(),
        "liveness": liveness_names(issued.liveness),
        "term": if issued.expires_at.is_some() { "trial" } else { "permanent" },
        "at": issued.at.to_string(),
        "platform": issued.platform.name(),
        "revoked": issued.revoked,
    })
}

fn totals_json(book: &Book) -> Value {
    let fen = total_fen(book);
    json!({
        "orders": book.orders().len(),
        "seats": seats(book, |account| account.order.quantity),
        "used": seats(book, |account| account.used),
        "left": seats(book, OrderAccount::left),
        "trial_devices": book.grants().iter().map(|g| u64::from(g.devices)).sum::<u64>(),
        "total_fen": fen,
        "total_yuan": price::yuan(fen),
    })
}

fn seats(book: &Book, of: impl Fn(&OrderAccount) -> u32) -> u64 {
    book.orders()
        .iter()
        .map(|account| u64::from(of(account)))
        .sum()
}

fn total_fen(book: &Book) -> u64 {
    book.orders()
        .iter()
        .map(|account| account.order.total_fen)
        .sum()
}

/// The report as text.
#[must_use]
pub fn text(ledger: &Ledger) -> String {
    let book = ledger.book();
    let mut text = String::new();
    let mut line = |words: String| {
        let _ = writeln!(text, "{words}");
    };
    line(format!(
        "{} records until {}, head {}",
        ledger.length(),
        book.now(),
        ledger.head()
    ));
    line("orders:".to_owned());
    for account in book.orders() {
        line(order_line(account));
    }
    line("trials:".to_owned());
    for account in book.grants() {
        line(grant_line(account));
    }
    line("licences:".to_owned());
    for issued in book.issued() {
        line(issued_line(issued));
    }
    line("revoked:".to_owned());
    for revoked in book.revoked() {
        line(format!(
            "  {} {} {}",
            revoked.licence, revoked.at, revoked.reason
        ));
    }
    let _ = write!(
        text,
        "total: {} seats, {} used, {} left, {} yuan",
        seats(book, |account| account.order.quantity),
        seats(book, |account| account.used),
        seats(book, OrderAccount::left),
        price::yuan(total_fen(book))
    );
    text
}

fn order_line(account: &OrderAccount) -> String {
    let order = &account.order;
    format!(
        "  {} {} {} {}: {} seats, {} used, {} left, {} yuan",
        order.id,
        account.at,
        order.customer,
        order.tier,
        order.quantity,
        account.used,
        account.left(),
        price::yuan(order.total_fen)
    )
}

fn grant_line(account: &GrantAccount) -> String {
    let grant = &account.grant;
    format!(
        "  {} {} {} {}: {} of {TRIAL_DEVICES} devices, until {}",
        grant.id, account.at, grant.customer, grant.tier, account.devices, grant.expires_at
    )
}

fn issued_line(issued: &Issued) -> String {
    let term = match issued.expires_at {
        Some(_) => "trial",
        None => "permanent",
    };
    let revoked = if issued.revoked { ", revoked" } else { "" };
    format!(
        "  {} {} {} {} {term} {} from {}{revoked}",
        issued.licence_id,
        issued.at,
        issued.customer,
        issued.tier,
        liveness_names(issued.liveness).join("+"),
        issued.source
    )
}
