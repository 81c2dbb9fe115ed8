//! Names of the simulator in words, for people who did not make it.

/// What a species of the simulator is.
pub(super) fn species(species: &str) -> &str {
    match species {
        "flat" => "flat print",
        "curved-upright" => "print bent around the face",
        "curved-across" => "print bent from top to bottom",
        "folded" => "print folded along the nose",
        "crumpled" => "crumpled print",
        "bent-crumpled" => "crumpled print, bent",
        "cut-eyes" => "paper mask, eyes cut out",
        "cut-eyes-nose" => "paper mask, eyes and nose cut out",
        "phone" => "face on a telephone",
        "tablet" => "face on a tablet",
        "monitor" => "face on a monitor",
        "fabric" => "hood with a printed face",
        "rigid-mask" => "rigid mask",
        "inkjet" => "inkjet print",
        "laser" => "laser print",
        "photo-paper" => "print on photographic paper",
        "vinyl" => "print on vinyl",
        "nir-reprint" => "print of an infrared picture",
        other => other,
    }
}

/// Bands of the room's light, as the simulator names them.
pub(super) fn condition(name: &str) -> String {
    let Some((before, band)) = name.split_once("light ambient-") else {
        return name.to_owned();
    };
    match band.split_once('-') {
        Some((least, most)) => {
            format!("{before}room's infrared light {least} to {most} of the lamp's")
        }
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_of_light_are_said_in_words_and_other_conditions_as_they_are() {
        assert_eq!(
            condition("adult, light ambient-0.25-0.50"),
            "adult, room's infrared light 0.25 to 0.50 of the lamp's"
        );
        for name in ["adult, light indoor", "adult, light ambient-dim", "child"] {
            assert_eq!(condition(name), name);
        }
    }
}
