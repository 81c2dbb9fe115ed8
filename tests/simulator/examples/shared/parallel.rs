//! Work on every core.

/// Runs a function of a number on every core; results in order.
pub(crate) fn parallel<T: Send>(count: u64, f: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let f = &f;
    let mut parts: Vec<Vec<(u64, T)>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|t| {
                scope.spawn(move || {
                    (t..count)
                        .step_by(threads as usize)
                        .map(|i| (i, f(i)))
                        .collect()
                })
            })
            .collect();
        let join = |w: std::thread::ScopedJoinHandle<'_, _>| {
            w.join().expect("a worker's panic is shown by itself")
        };
        workers.into_iter().map(join).collect()
    });
    let mut all: Vec<(u64, T)> = parts.drain(..).flatten().collect();
    all.sort_by_key(|(i, _)| *i);
    all.into_iter().map(|(_, value)| value).collect()
}
