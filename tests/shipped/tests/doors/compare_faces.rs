//! Finds, straightens, embeds and compares two faces with the stages of a pack, and no grant.

use vultus::config::TargetFmr;
use vultus::frame::{LetterboxScratch, Photo};
use vultus::stages::align::{AlignedFace, Aligner};
use vultus::stages::detect::Detector;
use vultus::stages::embed::Embedder;
use vultus::matching::compare;
use vultus::model::{Pack, Role};

fn main() {
    let pack = Pack::open("models/lite".as_ref()).unwrap();
    let detector = Detector::new(pack.with_role(Role::Detector).next().unwrap()).unwrap();
    let network = pack.with_role(Role::Embedder).next().unwrap();
    let spec = network.spec().align.as_ref().unwrap();
    let embedder = Embedder::new(network, spec, pack.model_id());
    let embed = |bytes: &[u8]| {
        let photo = Photo::decode(bytes).unwrap();
        let mut scratch = LetterboxScratch::default();
        let found = detector.detect(&mut *detector.runner().unwrap(), &mut scratch, &photo.frame());
        let points = found.unwrap()[0].landmarks.unwrap().to_array();
        let mut aligned = AlignedFace::default();
        Aligner::new(spec).align(&photo.frame(), &points, &mut aligned).unwrap();
        embedder.embed(&mut *embedder.runner().unwrap(), &aligned.chip).unwrap()
    };
    let curve = pack.curve().unwrap();
    let comparison = compare(&embed(b"a"), &embed(b"b"), curve, TargetFmr::default());
    println!("{:?}", comparison.unwrap().score);
}
