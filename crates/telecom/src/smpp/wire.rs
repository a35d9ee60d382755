//! The fields of PDUs (SMPP 3.4, section 3.1): big-endian integers and octet strings that end with zero.

/// Why octets are no PDU. Each says which response a peer is owed ([`PduError::status`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PduError {
    /// The length field says less than a header or more than is taken.
    #[error("a PDU of {0} octets")]
    Length(u32),
    /// No command of SMPP 3.4.
    #[error("the command {0:#010x} is unknown")]
    Command(u32),
    /// The PDU ends inside this field.
    #[error("the PDU ends inside {0}")]
    Truncated(&'static str),
    /// A string without its final zero, within the octets it may have.
    #[error("{0} does not end within its length")]
    Unterminated(&'static str),
    /// Octets that are not ASCII where only ASCII may be.
    #[error("{0} is not ASCII")]
    NotAscii(&'static str),
    /// A value that the field cannot have.
    #[error("{0} has a value that it cannot have")]
    Value(&'static str),
    /// An optional parameter that ends behind the PDU.
    #[error("the optional parameter {0:#06x} is longer than the PDU")]
    Tlv(u16),
    /// Octets after the last field.
    #[error("{0} octets too many")]
    Trailing(usize),
}

impl PduError {
    /// The command status that answers it.
    pub const fn status(self) -> super::Status {
        use super::Status;
        match self {
            Self::Length(_) | Self::Truncated(_) | Self::Trailing(_) => Status::INVALID_COMMAND_LENGTH,
            Self::Command(_) => Status::INVALID_COMMAND_ID,
            Self::Tlv(_) => Status::INVALID_PARAMETER_LENGTH,
            Self::Unterminated(field) | Self::NotAscii(field) | Self::Value(field) => match field.as_bytes() {
                b"source_addr" => Status::INVALID_SOURCE,
                b"destination_addr" => Status::INVALID_DESTINATION,
                b"sm_length" => Status::INVALID_MESSAGE_LENGTH,
                b"service_type" => Status::INVALID_SERVICE_TYPE,
                b"validity_period" => Status::INVALID_EXPIRY,
                b"schedule_delivery_time" => Status::INVALID_SCHEDULE,
                _ => Status::SYSTEM_ERROR,
            },
        }
    }
}

/// Reads fields in order.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) const fn new(octets: &'a [u8]) -> Self {
        Self(octets)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn take(&mut self, count: usize, field: &'static str) -> Result<&'a [u8], PduError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(PduError::Truncated(field))?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn u8(&mut self, field: &'static str) -> Result<u8, PduError> {
        self.take(1, field).map(|octets| octets[0])
    }

    pub(super) fn u16(&mut self, field: &'static str) -> Result<u16, PduError> {
        self.take(2, field).map(|octets| u16::from_be_bytes([octets[0], octets[1]]))
    }

    /// A string of at most `most` octets, the final zero included. What is not ASCII is refused: no field
    /// of this kind may have it.
    pub(super) fn text(&mut self, most: usize, field: &'static str) -> Result<String, PduError> {
        let reach = &self.0[..self.0.len().min(most)];
        let Some(end) = reach.iter().position(|octet| *octet == 0) else {
            return Err(if reach.len() < most { PduError::Truncated(field) } else { PduError::Unterminated(field) });
        };
        let text = std::str::from_utf8(&reach[..end]).ok().filter(|text| text.is_ascii());
        let text = text.ok_or(PduError::NotAscii(field))?.to_owned();
        self.0 = &self.0[end + 1..];
        Ok(text)
    }

    pub(super) fn finish(self) -> Result<(), PduError> {
        if self.0.is_empty() { Ok(()) } else { Err(PduError::Trailing(self.0.len())) }
    }
}

/// Writes fields in order.
#[derive(Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    pub(super) fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(super) fn u16(&mut self, value: u16) {
        self.0.extend(value.to_be_bytes());
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.0.extend(value.to_be_bytes());
    }

    /// A string of at most `most` octets, the final zero included. What cannot be in such a string is left
    /// out, what is longer is cut: an unsound PDU never leaves.
    pub(super) fn text(&mut self, text: &str, most: usize) {
        let sound = text.bytes().filter(|octet| octet.is_ascii() && *octet != 0);
        self.0.extend(sound.take(most - 1));
        self.0.push(0);
    }
}
