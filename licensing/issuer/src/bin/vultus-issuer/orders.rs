//! `order` and `trial`.

use crate::args::{OrderArgs, TrialArgs};
use crate::failure::CliResult;
use crate::keys;
use crate::ledger::with_issuer;
use crate::outcome::Outcome;
use crate::output::Output;
use serde_json::json;
use vultus_issuer::customer::Customer;
use vultus_issuer::issuer::Purchase;
use vultus_issuer::price;

pub(crate) fn order(args: &OrderArgs, output: &Output) -> CliResult<Outcome> {
    let purchase = Purchase {
        customer: Customer::new(&args.customer)?,
        tier: args.sku,
        quantity: args.quantity,
        agreed_fen: args.total_fen,
        scope: args.scope.scope(),
    };
    // What the price list refuses needs no passphrase.
    price::total(purchase.tier, purchase.quantity, purchase.agreed_fen)?;
    let signer = keys::signer(&args.write.key)?;
    with_issuer(&args.write, &signer, |issuer| {
        let order = issuer.order(&purchase)?;
        let json = json!({
            "order": order.id.to_string(),
            "customer": order.customer.code(),
            "sku": order.tier.name(),
            "quantity": order.quantity,
            "total_fen": order.total_fen,
            "total_yuan": price::yuan(order.total_fen),
            "head": issuer.ledger().head().to_string(),
        });
        output.result(&json, || {
            format!(
                "order {}: {} seats of {} for {}, {} yuan\nhead {}",
                order.id,
                order.quantity,
                order.tier,
                order.customer,
                price::yuan(order.total_fen),
                issuer.ledger().head()
            )
        });
        Ok(Outcome::Done)
    })
}

pub(crate) fn trial(args: &TrialArgs, output: &Output) -> CliResult<Outcome> {
    let customer = Customer::new(&args.customer)?;
    let signer = keys::signer(&args.write.key)?;
    with_issuer(&args.write, &signer, |issuer| {
        let grant = issuer.trial(&customer, args.sku, args.scope.scope())?;
        let json = json!({
            "order": grant.id.to_string(),
            "customer": grant.customer.code(),
            "sku": grant.tier.name(),
            "expires_at": grant.expires_at.to_string(),
            "head": issuer.ledger().head().to_string(),
        });
        output.result(&json, || {
            format!(
                "trial {}: {} for {}, three devices until {}\nhead {}",
                grant.id,
                grant.tier,
                grant.customer,
                grant.expires_at,
                issuer.ledger().head()
            )
        });
        Ok(Outcome::Done)
    })
}
