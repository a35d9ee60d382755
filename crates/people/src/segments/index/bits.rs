use roaring::RoaringBitmap;

/// A plain set of contact numbers, for results that are written in any order.
pub(super) struct Bits(Vec<u8>);

impl Bits {
    /// An empty set of numbers below `len`.
    pub(super) fn new(len: usize) -> Self {
        Self(vec![0; len.div_ceil(8)])
    }

    #[inline]
    pub(super) fn set(&mut self, number: u32) {
        self.0[number as usize >> 3] |= 1 << (number & 7);
    }

    pub(super) fn into_bitmap(self) -> RoaringBitmap {
        RoaringBitmap::from_lsb0_bytes(0, &self.0)
    }
}

/// The numbers below `len` of `within` for which `holds`. Looks at every row when `within` is large,
/// because walking a bitmap costs more than a cheap test of a neighbour.
pub(super) fn scan(within: &RoaringBitmap, len: usize, holds: impl Fn(usize) -> bool) -> RoaringBitmap {
    if within.len() < len as u64 / 8 {
        return within.iter().filter(|&number| (number as usize) < len && holds(number as usize)).collect();
    }
    let byte = |first: usize| {
        (first..len.min(first + 8)).fold(0u8, |byte, row| byte | (u8::from(holds(row)) << (row - first)))
    };
    let bytes: Vec<u8> = (0..len).step_by(8).map(byte).collect();
    RoaringBitmap::from_lsb0_bytes(0, &bytes) & within
}
