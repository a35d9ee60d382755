//! Where randomness comes from.

/// A source of unpredictable bytes. The binary supplies the operating system's, tests a seeded one.
pub trait Rng: Send + Sync {
    /// Fills `buffer` with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}
