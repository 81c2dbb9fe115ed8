//! Modules use only what lies below them.

use crate::house::HOUSE;
use crate::members::Order;
use crate::scan::Target;
use std::collections::BTreeSet;

#[test]
fn modules_use_only_what_lies_below() {
    let mut wrong = BTreeSet::new();
    for room in HOUSE.iter() {
        for order in room.member.orders {
            wrong.extend(upwards(order, room.main_target()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Uses of what is not below, by the definition or by the module that hands it on.
fn upwards(order: &Order, target: &Target) -> BTreeSet<String> {
    let mut wrong = BTreeSet::new();
    for arrow in &target.arrows {
        let [from, to] = &arrow.modules;
        let Some(own) = child(order, from) else {
            continue;
        };
        let Some(row) = row_of(order, own) else {
            continue;
        };
        for used in [to, &arrow.door]
            .into_iter()
            .filter_map(|module| child(order, module))
        {
            if used != own && row_of(order, used).is_some_and(|used| used >= row) {
                wrong.insert(format!(
                    "{} uses {} of {used}, which is not below {own}",
                    arrow.from, arrow.name
                ));
            }
        }
    }
    wrong
}

/// The module directly inside, in which a module lies.
fn child<'a>(order: &Order, module: &'a str) -> Option<&'a str> {
    let rest = module.strip_prefix(order.inside)?;
    let rest = if order.inside.is_empty() {
        rest
    } else {
        rest.strip_prefix("::")?
    };
    rest.split("::").next()
}

fn row_of(order: &Order, module: &str) -> Option<usize> {
    order.rows.iter().position(|row| row.contains(&module))
}

#[test]
fn an_order_names_exactly_the_modules() {
    for room in HOUSE.iter() {
        for order in room.member.orders {
            let modules = room.main_target().modules.iter();
            let there: BTreeSet<&str> = modules.filter_map(|module| child(order, module)).collect();
            let ordered: BTreeSet<&str> = order.rows.iter().copied().flatten().copied().collect();
            assert_eq!(there, ordered, "inside \"{}\"", order.inside);
        }
    }
}
