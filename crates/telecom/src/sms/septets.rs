//! Septets packed into octets (3GPP TS 23.038, 6.1.2.1), with the fill bits that a header needs.

/// Octets that `septets` take when they begin `fill` bits into the first octet.
const fn octets(septets: usize, fill: usize) -> usize {
    (septets * 7 + fill).div_ceil(8)
}

/// Bits between a user data header of `header` octets (length octet included) and the next septet boundary.
pub const fn fill_bits(header: usize) -> usize {
    (7 - header * 8 % 7) % 7
}

/// Packs septets; `fill` bits of zero come first.
pub fn pack(septets: &[u8], fill: usize) -> Vec<u8> {
    let mut packed = vec![0; octets(septets.len(), fill)];
    for (n, septet) in septets.iter().enumerate() {
        let bit = fill + n * 7;
        let value = u16::from(septet & 0x7f) << (bit % 8);
        packed[bit / 8] |= value as u8;
        if value > 0xff {
            packed[bit / 8 + 1] |= (value >> 8) as u8;
        }
    }
    packed
}

/// Reads `count` septets after `fill` bits; fewer when the octets end before.
pub fn unpack(packed: &[u8], fill: usize, count: usize) -> Vec<u8> {
    let there = (packed.len() * 8).saturating_sub(fill) / 7;
    (0..count.min(there))
        .map(|n| {
            let bit = fill + n * 7;
            let low = u16::from(packed[bit / 8]);
            let high = packed.get(bit / 8 + 1).copied().map_or(0, u16::from);
            ((low | high << 8) >> (bit % 8)) as u8 & 0x7f
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{fill_bits, pack, unpack};

    #[test]
    fn the_standards_example() {
        assert_eq!(pack(b"hellohello", 0), [0xe8, 0x32, 0x9b, 0xfd, 0x46, 0x97, 0xd9, 0xec, 0x37]);
        assert_eq!(unpack(&[0xe8, 0x32, 0x9b, 0xfd, 0x46, 0x97, 0xd9, 0xec, 0x37], 0, 10), b"hellohello");
        // A header of six octets is followed by one bit, one of seven octets by none.
        assert_eq!((fill_bits(6), fill_bits(7), fill_bits(0)), (1, 0, 0));
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(septets in prop::collection::vec(0u8..128, 0..200), fill in 0usize..7) {
            prop_assert_eq!(unpack(&pack(&septets, fill), fill, septets.len()), septets);
        }

        #[test]
        fn any_octets_are_read(octets in prop::collection::vec(any::<u8>(), 0..20), fill in 0usize..7, count in 0usize..400) {
            prop_assert!(unpack(&octets, fill, count).len() <= octets.len() * 8 / 7);
        }
    }
}
