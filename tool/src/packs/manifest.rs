//! Parts of a manifest that this tool writes.

use toml_edit::{Array, ArrayOfTables, InlineTable, Item, Table, Value, value};
use vultus::internals::model::{NetworkSpec, sha256_hex};

/// A plan's file with its hash.
pub(crate) fn plan(file: &str, bytes: &[u8]) -> Item {
    let mut plan = InlineTable::new();
    plan.insert("file", file.into());
    plan.insert("sha256", sha256_hex(bytes).into());
    value(plan)
}

/// A value in the place of another, with the comments around it.
pub(crate) fn replaced(old: &Item, new: impl Into<Value>) -> Item {
    let mut new = value(new);
    if let (Some(old), Some(new)) = (old.as_value(), new.as_value_mut()) {
        *new.decor_mut() = old.decor().clone();
    }
    new
}

/// Golden values of a seed's picture that hold within `tolerance` times the largest of them, where that is
/// above 1.
pub(crate) fn golden(
    spec: &NetworkSpec,
    (seed, outputs): &(u64, Vec<Vec<f32>>),
    tolerance: f32,
) -> Item {
    let values = outputs.iter().flatten();
    let most = values.fold(1.0_f32, |most, v| most.max(v.abs()));
    let mut tables = ArrayOfTables::new();
    for (output, values) in spec.outputs.iter().zip(outputs) {
        let mut table = Table::new();
        table["name"] = value(&output.name);
        table["values"] = value(values.iter().map(|&v| f64::from(v)).collect::<Array>());
        tables.push(table);
    }
    let mut table = Table::new();
    table["seed"] = value(*seed as i64);
    table["tolerance"] = value(f64::from((most * tolerance).min(1.0)));
    table["output"] = Item::ArrayOfTables(tables);
    Item::Table(table)
}
