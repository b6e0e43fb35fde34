//! How long work takes: processor time of this process where Linux tells it, else the time that passed.

use std::time::Instant;

fn now(start: Instant) -> f64 {
    let counted = std::fs::read_to_string("/proc/self/schedstat").ok();
    let counted = counted.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    counted.map_or_else(|| start.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// Seconds that work takes.
pub fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    let before = now(start);
    work();
    now(start) - before
}

/// Work shorter than this is done several times at once, since the time is counted in ticks of some milliseconds.
const SPAN: f64 = 0.2;

/// The least seconds that each takes, one after the other, some rounds.
pub fn best<const N: usize>(mut works: [&mut dyn FnMut(); N], rounds: usize) -> [f64; N] {
    let mut least = [f64::MAX; N];
    for _ in 0..rounds {
        for (work, least) in works.iter_mut().zip(&mut least) {
            let (mut times, mut taken) = (0, 0.0);
            while taken < SPAN {
                let more = 1 + times;
                taken += seconds(|| (0..more).for_each(|_| work()));
                times += more;
            }
            *least = least.min(taken / f64::from(times));
        }
    }
    least
}
