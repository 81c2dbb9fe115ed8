//! The report as one page for somebody who has to answer for a door.

use super::{det, words};
use crate::datasets::presentations::Modality;
use crate::evaluation::pad::{Counts, PadReport, TradeOff};
use crate::failure::Result;
use crate::reports::html::{STYLE, escaped};
use crate::statistics::Share;

/// What a species must stay below to be called stopped.
const STOPPED: f64 = 0.01;

const OWN_STYLE: &str = "body{max-width:72rem}table{font-size:.9rem}p,ul,svg{max-width:48rem}td{white-space:nowrap}td:first-child,td:last-child{white-space:normal}td:first-child{min-width:11rem}\
.simulated{background:#b3261e;color:#fff;padding:.8rem 1rem;border-radius:.3rem}\
.said{font-size:1.25rem}.in{background:#fbe3e1}.few{background:#fdf3d8}.out{background:#e3f2e5}\
td.n{text-align:right}code{font-size:.8rem;word-break:break-all}";

/// What gets in and who is kept out, for somebody who has to answer for a door.
///
/// # Errors
/// When the plot cannot be drawn.
pub fn pad_page(report: &PadReport) -> Result<String> {
    let title = format!(
        "Presentation attack detection, {}",
        report.modality.sensor()
    );
    Ok(format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <style>{STYLE}{OWN_STYLE}</style></head><body><h1>{title}</h1>{banner}{summary}\
         <h2>What gets in</h2>{attacks}<h2>Who is kept out</h2>{people}\
         <h2>Other thresholds</h2>{trade_off}<h2>How to read this</h2>{guide}<h2>Where it comes from</h2>{provenance}\
         </body></html>\n",
        banner = banner(report),
        summary = summary(report),
        attacks = attacks(report),
        people = people(report),
        trade_off = trade_off(report)?,
        guide = guide(report),
        provenance = provenance(report),
    ))
}

fn banner(report: &PadReport) -> String {
    if report.simulated.is_none() {
        return "<p>Recorded presentations, judged by this tool. This is no certificate after ISO/IEC 30107-3.</p>".to_owned();
    }
    "<p class=\"simulated\"><b>SIMULATED.</b> No person and no artefact of this report ever stood before a sensor: \
     all of it is drawn by a program. It shows what the method can do, not what happens at a door. \
     It is no test and no certificate after ISO/IEC 30107-3. Before you rely on it, record attacks on your own device.</p>"
        .to_owned()
}

/// The report in a few sentences.
fn summary(report: &PadReport) -> String {
    let mut text = String::new();
    match report.tally.worst(Counts::apcer) {
        Some((name, share)) => {
            text += &format!(
                "<p class=\"said\">Of the attack that works best, <b>{}</b>, <b>{} of {}</b> got in: \
                 an APCER of <b>{}</b>.</p>",
                escaped(words::species(name)),
                share.hits,
                share.total,
                share.percent()
            );
        }
        None => text += "<p class=\"said\">The set has no attacks.</p>",
    }
    text += &kinds_let_in(report);
    match report.people() {
        Some(counts) => {
            text += &format!(
                "<p class=\"said\">Of <b>{}</b> living people ({}), <b>{}</b> were called an attack: a BPCER of \
                 <b>{}</b>. A further {} could not be judged and would be asked to try again.</p>",
                counts.n(),
                report.age.name(),
                counts.refused,
                counts.bpcer().percent(),
                counts.inconclusive + counts.no_face
            );
        }
        None => {
            text += "<p class=\"said\">The set has no living people of those whom the rules are for.</p>";
        }
    }
    text
}

/// Every kind that got in, because a door has to do with all of them.
fn kinds_let_in(report: &PadReport) -> String {
    let kinds = report.tally.species.len();
    let mut let_in: Vec<_> = report.tally.species.iter().collect();
    let_in.retain(|(_, c)| c.accepted > 0);
    let_in.sort_by_key(|(_, c)| std::cmp::Reverse(c.accepted));
    let names: Vec<String> = let_in
        .iter()
        .map(|(name, c)| {
            format!(
                "{} ({} of {})",
                escaped(words::species(name)),
                c.accepted,
                c.n()
            )
        })
        .collect();
    match (kinds, names.is_empty()) {
        (0, _) => String::new(),
        (_, true) => format!(
            "<p class=\"said\">None of {kinds} kinds of attack got in. Kinds that were not tried are not stopped.</p>"
        ),
        (_, false) => format!(
            "<p class=\"said\">{} of {kinds} kinds of attack got in: {}. Kinds that were not tried are not stopped.</p>",
            names.len(),
            names.join(", ")
        ),
    }
}

/// The class of a species' row, and what is to be thought of it.
fn verdict(share: Share) -> (&'static str, String) {
    match (share.hits, share.upper95()) {
        (0, Some(upper)) if upper <= STOPPED => ("out", "stopped: below 1 %".to_owned()),
        (0, Some(upper)) => (
            "few",
            format!("too few tried to say: up to {:.1} %", upper * 100.0),
        ),
        _ => ("in", "<b>not stopped</b>".to_owned()),
    }
}

fn attacks(report: &PadReport) -> String {
    let mut rows = String::new();
    let mut sorted: Vec<_> = report.tally.species.iter().collect();
    sorted.sort_by_key(|(_, c)| (std::cmp::Reverse(c.accepted), c.n()));
    for (name, c) in sorted {
        let (class, verdict) = verdict(c.apcer());
        rows += &format!(
            "<tr class=\"{class}\"><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td>\
             <td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td><td>{verdict}</td></tr>",
            escaped(words::species(name)),
            c.n(),
            c.accepted,
            c.apcer().percent(),
            c.inconclusive,
            c.no_face,
            c.apcer_decided().percent(),
        );
    }
    format!(
        "<table><tr><th>attack</th><th>tried</th><th>got in</th><th>APCER (to 95 %)</th><th>inconclusive</th>\
         <th>no face</th><th>APCER of those decided</th><th>verdict</th></tr>{rows}</table>"
    )
}

fn people(report: &PadReport) -> String {
    let mut rows = String::new();
    for (name, c) in &report.tally.conditions {
        rows += &format!(
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td><td class=\"n\">{}</td>\
             <td class=\"n\">{}</td><td>{}</td></tr>",
            escaped(&words::condition(name)),
            c.n(),
            c.refused,
            c.bpcer().percent(),
            c.inconclusive,
            c.no_face,
            c.outside().percent(),
        );
    }
    format!(
        "<table><tr><th>people</th><th>n</th><th>called an attack</th><th>BPCER (to 95 %)</th><th>inconclusive</th>\
         <th>no face</th><th>kept out in all</th></tr>{rows}</table>"
    )
}

fn trade_off(report: &PadReport) -> Result<String> {
    let curve = TradeOff::of(&report.judged, report.age);
    let in_use = report
        .tally
        .worst(Counts::apcer)
        .and_then(|(_, share)| share.rate())
        .zip(report.people().and_then(|c| c.outside().rate()));
    let Some((curve, (attacks, people))) = curve.zip(in_use) else {
        return Ok("<p>It needs attacks and living people.</p>".to_owned());
    };
    let drawn = det::det(&curve, [attacks, people])?;
    Ok(format!(
        "{drawn}<p>The line shows every threshold of the score (DET, both axes by the normal deviate); the dot is \
         the one in use, which may differ from sensor to sensor. At each threshold the worst species counts. What is inconclusive stays \
         outside, attack or person, so the line need not reach the axes; zeros stand at the border.</p>"
    ))
}

fn guide(report: &PadReport) -> String {
    let own = match (report.modality, report.lit_alone) {
        (Modality::Depth, _) if report.geometry_alone => {
            "<li><b>Sensor A, B, C</b>: classes of the depth sensor's noise, A the best. Look at the rows of yours. The network that \
             looks for masks was not asked.</li>"
        }
        (Modality::Depth, _) => {
            "<li><b>Sensor A, B, C</b>: classes of the depth sensor's noise, A the best. Look at the rows of yours. The score is that \
             of the relief; whom the network takes for a mask is refused whatever his score.</li>"
        }
        (Modality::Ir, false) => {
            "<li><b>Light</b>: the room's infrared light on the face over that of the camera's own lamp. Sun through a window is more than \
             the lamp's; beyond a half the device is to say that it cannot judge, not that somebody is an attack.</li>"
        }
        (Modality::Ir, true) => {
            "<li><b>Light</b>: the room's infrared light on the face over that of the camera's own lamp. Frames with the lamp off were left out \
             here, so the device cannot know how strong it is.</li>"
        }
    };
    format!("<ul>{GUIDE}{own}</ul>")
}

const GUIDE: &str = "\
<li><b>APCER</b>: share of the attacks of one kind that are let in. Attackers choose the kind that works, so the <i>highest</i> \
is the figure of the whole, never a mean.</li>\
<li><b>BPCER</b>: share of living people who are called an attack.</li>\
<li><b>To 95 %</b>: if the true rate were higher than this, so few hits would come out in less than one of twenty such tests \
(Clopper and Pearson, one-sided). Nothing got in of 300 means below 1 %, not zero.</li>\
<li><b>Tried</b> counts different people and artefacts. More frames of the same one prove nothing.</li>\
<li><b>Inconclusive</b>: the device says that it cannot judge here. The door stays shut, so APCER counts it as not let in; \
the rate of those that were decided stands beside it. <b>No face</b> is non-response.</li>";

fn provenance(report: &PadReport) -> String {
    let mut rows = vec![
        ("set", report.set.clone()),
        ("presentations", report.judged.len().to_string()),
        ("SHA-256 of the frames", report.frames_sha256.clone()),
        ("SHA-256 of the model", report.model_sha256.clone()),
        ("SHA-256 of the thresholds", report.rules_sha256.clone()),
        (
            "model and thresholds fitted to",
            if report.rules_simulated {
                "simulated presentations"
            } else {
                "recordings"
            }
            .to_owned(),
        ),
        ("tool", format!("vultus {}", env!("CARGO_PKG_VERSION"))),
    ];
    if let Some(simulation) = &report.simulated {
        rows.push(("seed", simulation.seed.to_string()));
        rows.push(("simulator", simulation.simulator.clone()));
        rows.push(("SHA-256 of what it draws", simulation.sha256.clone()));
    }
    let rows: String = rows
        .iter()
        .map(|(name, value)| {
            format!(
                "<tr><td>{name}</td><td><code>{}</code></td></tr>",
                escaped(value)
            )
        })
        .collect();
    format!("<table>{rows}</table>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_species_is_stopped_only_where_enough_were_tried() {
        let class = |hits, total| verdict(Share { hits, total }).0;
        assert_eq!(class(0, 300), "out");
        assert_eq!(class(0, 299), "out");
        assert_eq!(class(0, 298), "few");
        assert_eq!(class(1, 100_000), "in");
    }
}
