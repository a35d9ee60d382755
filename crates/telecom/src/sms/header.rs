//! The user data header (3GPP TS 23.040, 9.2.3.24).

/// Which part of which message this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Concatenation {
    /// What the parts of one message share.
    pub reference: u16,
    /// Whether the reference has sixteen bits.
    pub long: bool,
    /// How many parts, from 1.
    pub total: u8,
    /// Which one, from 1.
    pub number: u8,
}

/// What a user data header said, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserDataHeader {
    /// The part's place.
    pub concatenation: Option<Concatenation>,
    /// Destination and source port (element 5): the message is for a program, not a person.
    pub ports: Option<(u16, u16)>,
}

/// Why octets are no user data header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// The length octet says more than there is.
    #[error("the header is longer than the message")]
    Truncated,
    /// An element says more than the header holds, or the header ends inside one.
    #[error("an element of the header is longer than the header")]
    Element,
}

const CONCAT_8: u8 = 0x00;
const PORTS: u8 = 0x05;
const CONCAT_16: u8 = 0x08;

impl Concatenation {
    /// The header's octets with the length octet in front: six with a short reference, seven with a long one.
    pub fn octets(&self) -> Vec<u8> {
        let [high, low] = self.reference.to_be_bytes();
        if self.long {
            vec![6, CONCAT_16, 4, high, low, self.total, self.number]
        } else {
            vec![5, CONCAT_8, 3, low, self.total, self.number]
        }
    }

    /// Whether such a part can be: the standard says to ignore the element when not.
    pub const fn is_sound(&self) -> bool {
        self.total > 0 && self.number > 0 && self.number <= self.total
    }
}

impl UserDataHeader {
    /// Reads the header at the beginning of a message; answers it and the rest. Elements that are
    /// not known are passed over; an unsound concatenation counts as absent.
    ///
    /// # Errors
    /// [`HeaderError`] when lengths do not fit.
    pub fn parse(octets: &[u8]) -> Result<(Self, &[u8]), HeaderError> {
        let (&length, rest) = octets.split_first().ok_or(HeaderError::Truncated)?;
        let (mut elements, body) = rest.split_at_checked(length.into()).ok_or(HeaderError::Truncated)?;
        let mut header = Self::default();
        while let Some((&identifier, rest)) = elements.split_first() {
            let (&length, rest) = rest.split_first().ok_or(HeaderError::Element)?;
            let (data, rest) = rest.split_at_checked(length.into()).ok_or(HeaderError::Element)?;
            match (identifier, data) {
                (CONCAT_8, &[reference, total, number]) => {
                    let part = Concatenation { reference: reference.into(), long: false, total, number };
                    header.concatenation = part.is_sound().then_some(part);
                }
                (CONCAT_16, &[high, low, total, number]) => {
                    let reference = u16::from_be_bytes([high, low]);
                    let part = Concatenation { reference, long: true, total, number };
                    header.concatenation = part.is_sound().then_some(part);
                }
                (PORTS, &[a, b, c, d]) => {
                    header.ports = Some((u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])));
                }
                _ => {}
            }
            elements = rest;
        }
        Ok((header, body))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Concatenation, HeaderError, UserDataHeader};

    #[test]
    fn ports_and_strangers() {
        let (header, rest) = UserDataHeader::parse(&[9, 0x70, 1, 1, 5, 4, 0x23, 0xf0, 0, 0, b'x']).unwrap();
        assert_eq!((header.ports, header.concatenation, rest), (Some((9200, 0)), None, &b"x"[..]));
    }

    #[test]
    fn unsound_headers() {
        assert_eq!(UserDataHeader::parse(&[]), Err(HeaderError::Truncated));
        assert_eq!(UserDataHeader::parse(&[5, 0, 3]), Err(HeaderError::Truncated));
        assert_eq!(UserDataHeader::parse(&[3, 0, 9, 1]), Err(HeaderError::Element));
        assert_eq!(UserDataHeader::parse(&[1, 0]), Err(HeaderError::Element));
        for (total, number) in [(0, 0), (2, 0), (2, 3)] {
            let (header, _) = UserDataHeader::parse(&[5, 0, 3, 1, total, number]).unwrap();
            assert_eq!(header.concatenation, None);
        }
    }

    proptest! {
        #[test]
        fn there_and_back(reference in any::<u16>(), long in any::<bool>(), total in 1u8.., number in 1u8.., body in prop::collection::vec(any::<u8>(), 0..10)) {
            let reference = if long { reference } else { reference & 0xff };
            let part = Concatenation { reference, long, total, number: number.min(total) };
            let octets = [part.octets(), body.clone()].concat();
            let (header, rest) = UserDataHeader::parse(&octets).unwrap();
            prop_assert_eq!(header.concatenation, Some(part));
            prop_assert_eq!(rest, &body[..]);
        }

        #[test]
        fn any_octets_are_read(octets in prop::collection::vec(any::<u8>(), 0..160)) {
            let _ = UserDataHeader::parse(&octets);
        }
    }
}
