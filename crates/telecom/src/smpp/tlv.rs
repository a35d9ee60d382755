//! Optional parameters (SMPP 3.4, section 5.3).

use super::wire::{PduError, Reader, Writer};

/// Optional parameters in the order they came in.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Tlvs(Vec<(u16, Vec<u8>)>);

/// The tags that mean something here.
pub mod tag {
    /// The id of the message a receipt is about.
    pub const RECEIPTED_MESSAGE_ID: u16 = 0x001e;
    /// What the sender calls the message.
    pub const USER_MESSAGE_REFERENCE: u16 = 0x0204;
    /// The reference that the parts of one message share.
    pub const SAR_REFERENCE: u16 = 0x020c;
    /// How many parts.
    pub const SAR_TOTAL: u16 = 0x020e;
    /// Which part.
    pub const SAR_NUMBER: u16 = 0x020f;
    /// The version a server speaks.
    pub const INTERFACE_VERSION: u16 = 0x0210;
    /// The network's own error code.
    pub const NETWORK_ERROR_CODE: u16 = 0x0423;
    /// A message of more than 254 octets.
    pub const MESSAGE_PAYLOAD: u16 = 0x0424;
    /// What became of a message.
    pub const MESSAGE_STATE: u16 = 0x0427;
}

impl Tlvs {
    /// Adds one; a value longer than its length field can say is cut.
    #[must_use]
    pub fn with(mut self, tag: u16, value: impl Into<Vec<u8>>) -> Self {
        let mut value = value.into();
        value.truncate(u16::MAX.into());
        self.0.push((tag, value));
        self
    }

    /// The value of the first with this tag.
    pub fn get(&self, tag: u16) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| *known == tag).map(|(_, value)| value.as_slice())
    }

    /// The value as an integer of one, two or four octets.
    pub fn number(&self, tag: u16) -> Option<u32> {
        match *self.get(tag)? {
            [a] => Some(a.into()),
            [a, b] => Some(u16::from_be_bytes([a, b]).into()),
            [a, b, c, d] => Some(u32::from_be_bytes([a, b, c, d])),
            _ => None,
        }
    }

    /// The value as ASCII text; a final zero is not part of it.
    pub fn text(&self, tag: u16) -> Option<&str> {
        let value = self.get(tag)?;
        let value = value.split(|octet| *octet == 0).next().unwrap_or_default();
        std::str::from_utf8(value).ok().filter(|text| text.is_ascii())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PduError> {
        let mut tlvs = Vec::new();
        while !reader.is_empty() {
            let tag = reader.u16("optional parameter")?;
            let length = reader.u16("optional parameter")?;
            let value = reader.take(length.into(), "optional parameter").map_err(|_| PduError::Tlv(tag))?;
            tlvs.push((tag, value.to_vec()));
        }
        Ok(Self(tlvs))
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        for (tag, value) in &self.0 {
            writer.u16(*tag);
            writer.u16(value.len() as u16);
            writer.0.extend(value);
        }
    }
}

/// Values may be a person's words: only tags and lengths are shown.
impl std::fmt::Debug for Tlvs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.0.iter().map(|(tag, value)| (tag, value.len()))).finish()
    }
}
