//! Counters, gauges and histograms in the Prometheus text format (version 0.0.4).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use parking_lot::{Mutex, RwLock};

/// The most label combinations of one metric; further ones are counted together as `other`.
const MAX_CHILDREN: usize = 2_000;

/// The media type of the text format.
pub const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Seconds that suit requests: 1 ms to 10 s.
pub const REQUEST_SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Adds `n`.
    pub fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    /// Adds one.
    pub fn inc(&self) {
        self.add(1);
    }

    /// The number so far.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A number that goes up and down.
#[derive(Debug, Default)]
pub struct Gauge(AtomicI64);

impl Gauge {
    /// Sets it.
    pub fn set(&self, value: i64) {
        self.0.store(value, Ordering::Relaxed);
    }

    /// Adds `n` (subtracts when negative).
    pub fn add(&self, n: i64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }
}

/// Observations counted in fixed buckets.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [f64],
    counts: Vec<AtomicU64>,
    /// In millionths, so that adding needs no lock.
    sum: AtomicI64,
}

impl Histogram {
    fn new(bounds: &'static [f64]) -> Self {
        Self { bounds, counts: (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect(), sum: AtomicI64::new(0) }
    }

    /// Counts one observation.
    pub fn observe(&self, value: f64) {
        let at = self.bounds.iter().position(|bound| value <= *bound).unwrap_or(self.bounds.len());
        self.counts[at].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add((value * 1e6) as i64, Ordering::Relaxed);
    }
}

type Labels = Vec<(&'static str, String)>;

/// One metric with a child per combination of labels.
#[derive(Debug)]
pub struct Family<T> {
    make: fn(&'static [f64]) -> T,
    bounds: &'static [f64],
    children: RwLock<BTreeMap<Labels, Arc<T>>>,
}

impl<T> Family<T> {
    fn new(make: fn(&'static [f64]) -> T, bounds: &'static [f64]) -> Arc<Self> {
        Arc::new(Self { make, bounds, children: RwLock::default() })
    }

    /// The child with these labels. Keep it where it is used often. Label values must come from a
    /// small set and never be personal.
    pub fn with(&self, labels: &[(&'static str, &str)]) -> Arc<T> {
        let mut key: Labels = labels.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        if let Some(child) = self.children.read().get(&key) {
            return Arc::clone(child);
        }
        let mut children = self.children.write();
        if children.len() >= MAX_CHILDREN {
            for (_, value) in &mut key {
                "other".clone_into(value);
            }
        }
        Arc::clone(children.entry(key).or_insert_with(|| Arc::new((self.make)(self.bounds))))
    }
}

type Sample = Box<dyn Fn() -> f64 + Send + Sync>;

enum Kind {
    Counter(Arc<Family<Counter>>),
    Gauge(Arc<Family<Gauge>>),
    Histogram(Arc<Family<Histogram>>),
    Sampled(Sample),
}

struct Metric {
    help: &'static str,
    kind: Kind,
}

/// The registry. Cheap to clone; clones share everything.
#[derive(Clone, Default)]
pub struct Metrics(Arc<Mutex<BTreeMap<&'static str, Metric>>>);

impl Metrics {
    /// The counter `name` (ends in `_total`), registered at first use.
    pub fn counter(&self, name: &'static str, help: &'static str) -> Arc<Family<Counter>> {
        let mut all = self.0.lock();
        let make = || Metric { help, kind: Kind::Counter(Family::new(|_| Counter::default(), &[])) };
        match &all.entry(name).or_insert_with(make).kind {
            Kind::Counter(family) => Arc::clone(family),
            // A name used for two kinds is a slip that must not stop the server: the second is not shown.
            _ => Family::new(|_| Counter::default(), &[]),
        }
    }

    /// The gauge `name`, registered at first use.
    pub fn gauge(&self, name: &'static str, help: &'static str) -> Arc<Family<Gauge>> {
        let mut all = self.0.lock();
        let make = || Metric { help, kind: Kind::Gauge(Family::new(|_| Gauge::default(), &[])) };
        match &all.entry(name).or_insert_with(make).kind {
            Kind::Gauge(family) => Arc::clone(family),
            _ => Family::new(|_| Gauge::default(), &[]),
        }
    }

    /// A gauge that is asked when the page is read.
    pub fn sampled(&self, name: &'static str, help: &'static str, sample: impl Fn() -> f64 + Send + Sync + 'static) {
        self.0.lock().insert(name, Metric { help, kind: Kind::Sampled(Box::new(sample)) });
    }

    /// The histogram `name` over `bounds` (ascending), registered at first use.
    pub fn histogram(&self, name: &'static str, help: &'static str, bounds: &'static [f64]) -> Arc<Family<Histogram>> {
        let mut all = self.0.lock();
        let make = || Metric { help, kind: Kind::Histogram(Family::new(Histogram::new, bounds)) };
        match &all.entry(name).or_insert_with(make).kind {
            Kind::Histogram(family) => Arc::clone(family),
            _ => Family::new(Histogram::new, bounds),
        }
    }

    /// The whole registry as text.
    pub fn render(&self) -> String {
        let mut out = String::new();
        for (name, metric) in self.0.lock().iter() {
            let kind = match metric.kind {
                Kind::Counter(_) => "counter",
                Kind::Gauge(_) | Kind::Sampled(_) => "gauge",
                Kind::Histogram(_) => "histogram",
            };
            let _ = writeln!(out, "# HELP {name} {}\n# TYPE {name} {kind}", metric.help);
            match &metric.kind {
                Kind::Counter(family) => lines(&mut out, name, family, |counter| counter.get().to_string()),
                Kind::Gauge(family) => {
                    lines(&mut out, name, family, |gauge| gauge.0.load(Ordering::Relaxed).to_string());
                }
                Kind::Sampled(sample) => {
                    let _ = writeln!(out, "{name} {}", sample());
                }
                Kind::Histogram(family) => {
                    for (labels, histogram) in family.children.read().iter() {
                        render_histogram(&mut out, name, labels, histogram);
                    }
                }
            }
        }
        out
    }
}

fn lines<T>(out: &mut String, name: &str, family: &Family<T>, value: impl Fn(&T) -> String) {
    for (labels, child) in family.children.read().iter() {
        let _ = writeln!(out, "{name}{} {}", braces(labels, None), value(child));
    }
}

fn render_histogram(out: &mut String, name: &str, labels: &Labels, histogram: &Histogram) {
    let mut total = 0;
    for (at, count) in histogram.counts.iter().enumerate() {
        total += count.load(Ordering::Relaxed);
        let bound = histogram.bounds.get(at).map_or_else(|| "+Inf".to_owned(), ToString::to_string);
        let _ = writeln!(out, "{name}_bucket{} {total}", braces(labels, Some(&bound)));
    }
    let sum = histogram.sum.load(Ordering::Relaxed) as f64 / 1e6;
    let plain = braces(labels, None);
    let _ = writeln!(out, "{name}_sum{plain} {sum}\n{name}_count{plain} {total}");
}

fn braces(labels: &Labels, bound: Option<&str>) -> String {
    let escaped = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let mut parts: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    parts.extend(bound.map(|bound| format!("le=\"{bound}\"")));
    if parts.is_empty() { String::new() } else { format!("{{{}}}", parts.join(",")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_reads_as_prometheus_wants_it() {
        let metrics = Metrics::default();
        metrics.counter("a_total", "As.").with(&[("route", "/v1/\"x\"")]).add(3);
        metrics.gauge("b", "Bs.").with(&[]).set(-2);
        metrics.sampled("c", "Cs.", || 1.5);
        let histogram = metrics.histogram("d_seconds", "Ds.", &[0.1, 1.0]);
        for value in [0.05, 0.5, 5.0] {
            histogram.with(&[("m", "GET")]).observe(value);
        }
        assert_eq!(
            metrics.render(),
            "# HELP a_total As.\n# TYPE a_total counter\na_total{route=\"/v1/\\\"x\\\"\"} 3\n\
             # HELP b Bs.\n# TYPE b gauge\nb -2\n\
             # HELP c Cs.\n# TYPE c gauge\nc 1.5\n\
             # HELP d_seconds Ds.\n# TYPE d_seconds histogram\n\
             d_seconds_bucket{m=\"GET\",le=\"0.1\"} 1\nd_seconds_bucket{m=\"GET\",le=\"1\"} 2\n\
             d_seconds_bucket{m=\"GET\",le=\"+Inf\"} 3\nd_seconds_sum{m=\"GET\"} 5.55\nd_seconds_count{m=\"GET\"} 3\n"
        );
    }

    #[test]
    fn labels_cannot_grow_without_bound() {
        let metrics = Metrics::default();
        let family = metrics.counter("x_total", "Xs.");
        for n in 0..MAX_CHILDREN * 2 {
            family.with(&[("n", &n.to_string())]).inc();
        }
        assert_eq!(family.children.read().len(), MAX_CHILDREN + 1);
        assert_eq!(family.with(&[("n", "other")]).get(), MAX_CHILDREN as u64);
    }
}
