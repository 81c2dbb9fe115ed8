//! Working memory of the networks of liveness, in one thread.

use crate::model::{PackError, PackNetwork};
use std::fmt;
use vultus_nn::Runner;

/// More than the networks of liveness of any one pack.
const MOST: usize = 8;

/// A runner for each network that was asked lately. A judge brings its networks along, and a session may be used with judges
/// of several packs.
#[derive(Default)]
pub struct Runners {
    /// What was asked last is last.
    kept: Vec<(PackNetwork, Box<dyn Runner>)>,
}

impl Runners {
    /// The runner of this network, made where there is none yet.
    pub(super) fn of(&mut self, network: &PackNetwork) -> Result<&mut dyn Runner, PackError> {
        let known = self.kept.iter().position(|(of, _)| of.is(network));
        let entry = match known {
            Some(at) => self.kept.remove(at),
            None => (network.clone(), network.runner()?),
        };
        if self.kept.len() == MOST {
            self.kept.remove(0);
        }
        self.kept.push(entry);
        let (_, runner) = self.kept.last_mut().expect("one was pushed");
        Ok(&mut **runner)
    }
}

impl fmt::Debug for Runners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let networks = self.kept.iter().map(|(network, _)| network);
        f.debug_list().entries(networks).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Pack, Role};
    use std::path::Path;

    fn networks() -> [PackNetwork; 2] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/lite");
        let pack = Pack::open(&folder).expect("the committed pack");
        [Role::LivenessDepth, Role::LivenessInfrared].map(|role| {
            let network = pack.with_role(role).next();
            network.expect("lite has one").clone()
        })
    }

    fn address(runner: &mut dyn Runner) -> *const u8 {
        std::ptr::from_ref(runner).cast()
    }

    /// The same bytes in two packs are two networks: each has its own memory, which a judge finds again.
    #[test]
    fn a_network_is_known_by_itself_and_not_by_its_hash() {
        let (first, second) = (networks(), networks());
        assert_eq!(first[0].spec().sha256, second[0].spec().sha256);
        assert!(first[0].is(&first[0].clone()) && !first[0].is(&second[0]));
        let mut runners = Runners::default();
        let mut addresses = || -> Vec<*const u8> {
            let all = first.iter().chain(&second);
            all.map(|network| address(runners.of(network).expect("the engine runs it")))
                .collect()
        };
        let made = addresses();
        assert_eq!(addresses(), made);
        assert_eq!(runners.kept.len(), 4);
    }

    #[test]
    fn the_one_that_was_not_asked_for_longest_goes_first() {
        let mut runners = Runners::default();
        let kept = networks();
        runners.of(&kept[0]).expect("the engine runs it");
        for _ in 0..MOST {
            let others = networks();
            runners.of(&others[0]).expect("the engine runs it");
            runners.of(&kept[1]).expect("the engine runs it");
        }
        assert_eq!(runners.kept.len(), MOST);
        let is_kept = |network: &PackNetwork| runners.kept.iter().any(|(of, _)| of.is(network));
        assert!(is_kept(&kept[1]) && !is_kept(&kept[0]));
    }
}
