//! A row of numbers that is the same in every run.

/// Marsaglia's xorshift with 64 bits.
pub struct Random(u64);

impl Random {
    /// A row that begins with a seed, which is not zero.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// A number below another one.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}
