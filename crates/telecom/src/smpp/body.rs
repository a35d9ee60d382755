//! The bodies of PDUs (SMPP 3.4, section 4).

use super::tlv::{Tlvs, tag};
use super::wire::{PduError, Reader, Writer};
use crate::sms::TonNpi;

/// What a session is bound for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BindMode {
    /// Messages and receipts come in.
    Receiver,
    /// Messages go out.
    Transmitter,
    /// Both.
    Transceiver,
}

impl BindMode {
    /// Whether messages may be submitted.
    pub const fn transmits(self) -> bool {
        !matches!(self, Self::Receiver)
    }

    /// Whether messages and receipts are delivered.
    pub const fn receives(self) -> bool {
        !matches!(self, Self::Transmitter)
    }
}

/// An address with what it is.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// Type of number and numbering plan.
    pub kind: TonNpi,
    /// The digits or the name.
    pub text: String,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{} [pii]", self.kind.ton, self.kind.npi)
    }
}

/// Longest addresses, with the final zero.
const ADDRESS: usize = 21;
/// Longest message ids.
const MESSAGE_ID: usize = 65;
/// Longest passwords. The specification says 9, which is too short to be safe; many take more.
const PASSWORD: usize = 65;
/// Lengths of instants: absent, or all sixteen characters.
const INSTANT: usize = 17;

impl Address {
    fn read(reader: &mut Reader<'_>, most: usize, field: &'static str) -> Result<Self, PduError> {
        let kind = TonNpi { ton: reader.u8(field)?, npi: reader.u8(field)? };
        Ok(Self { kind, text: reader.text(most, field)? })
    }

    fn write(&self, writer: &mut Writer, most: usize) {
        writer.u8(self.kind.ton);
        writer.u8(self.kind.npi);
        writer.text(&self.text, most);
    }
}

/// bind_receiver, bind_transmitter, bind_transceiver.
#[derive(Clone, PartialEq, Eq)]
pub struct Bind {
    /// For what.
    pub mode: BindMode,
    /// Who.
    pub system_id: String,
    /// The secret.
    pub password: String,
    /// What kind of system.
    pub system_type: String,
    /// 0x34 for 3.4.
    pub interface_version: u8,
    /// Which addresses it serves.
    pub range: Address,
}

impl std::fmt::Debug for Bind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bind({:?}, {:?})", self.mode, self.system_id)
    }
}

impl Bind {
    pub(super) fn read(mode: BindMode, reader: &mut Reader<'_>) -> Result<Self, PduError> {
        Ok(Self {
            mode,
            system_id: reader.text(PASSWORD, "system_id")?,
            password: reader.text(PASSWORD, "password")?,
            system_type: reader.text(13, "system_type")?,
            interface_version: reader.u8("interface_version")?,
            range: Address::read(reader, 41, "address_range")?,
        })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.text(&self.system_id, PASSWORD);
        writer.text(&self.password, PASSWORD);
        writer.text(&self.system_type, 13);
        writer.u8(self.interface_version);
        self.range.write(writer, 41);
    }
}

/// A response that carries one identifier: of the system (bind) or of the message (submit, deliver, data).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IdResp {
    /// The identifier; empty when the request was refused.
    pub id: String,
    /// Optional parameters.
    pub tlvs: Tlvs,
}

impl IdResp {
    /// With an identifier.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), tlvs: Tlvs::default() }
    }

    /// A refused request is often answered without a body.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PduError> {
        if reader.is_empty() {
            return Ok(Self::default());
        }
        Ok(Self { id: reader.text(MESSAGE_ID, "message_id")?, tlvs: Tlvs::read(reader)? })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.text(&self.id, MESSAGE_ID);
        self.tlvs.write(writer);
    }
}

/// submit_sm and deliver_sm: the same fields in both directions.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// Usually empty.
    pub service_type: String,
    /// From.
    pub source: Address,
    /// To.
    pub destination: Address,
    /// Mode, type and features; see [`esm`].
    pub esm_class: u8,
    /// Protocol identifier.
    pub protocol_id: u8,
    /// 0 to 3.
    pub priority: u8,
    /// Empty or an instant (7.1.1).
    pub schedule: String,
    /// Empty or an instant or a span.
    pub validity: String,
    /// Whether receipts are wanted.
    pub registered_delivery: u8,
    /// Whether it takes the place of an earlier one.
    pub replace: u8,
    /// The alphabet; see [`super::coding`].
    pub data_coding: u8,
    /// A message that the centre keeps.
    pub default_message: u8,
    /// At most 254 octets.
    pub short_message: Vec<u8>,
    /// Optional parameters.
    pub tlvs: Tlvs,
}

/// Bits of `esm_class` (5.2.12).
pub mod esm {
    /// A receipt of a message centre.
    pub const RECEIPT: u8 = 0x04;
    /// A notification between acceptance and the end.
    pub const INTERMEDIATE: u8 = 0x20;
    /// The message begins with a user data header.
    pub const HEADER: u8 = 0x40;
    /// The bits that say what kind of message a delivery is.
    pub const KIND: u8 = 0x3c;
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message")
            .field("source", &self.source)
            .field("destination", &self.destination)
            .field("esm_class", &self.esm_class)
            .field("data_coding", &self.data_coding)
            .field("octets", &self.octets().len())
            .field("tlvs", &self.tlvs)
            .finish_non_exhaustive()
    }
}

impl Message {
    /// The content, wherever it stands.
    pub fn octets(&self) -> &[u8] {
        match self.tlvs.get(tag::MESSAGE_PAYLOAD) {
            Some(payload) if self.short_message.is_empty() => payload,
            _ => &self.short_message,
        }
    }

    /// Whether it is a receipt or an intermediate notification rather than somebody's words.
    pub const fn is_receipt(&self) -> bool {
        matches!(self.esm_class & esm::KIND, esm::RECEIPT | esm::INTERMEDIATE | 0x08 | 0x10)
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PduError> {
        Ok(Self {
            service_type: reader.text(6, "service_type")?,
            source: Address::read(reader, ADDRESS, "source_addr")?,
            destination: Address::read(reader, ADDRESS, "destination_addr")?,
            esm_class: reader.u8("esm_class")?,
            protocol_id: reader.u8("protocol_id")?,
            priority: reader.u8("priority_flag")?,
            schedule: reader.text(INSTANT, "schedule_delivery_time")?,
            validity: reader.text(INSTANT, "validity_period")?,
            registered_delivery: reader.u8("registered_delivery")?,
            replace: reader.u8("replace_if_present_flag")?,
            data_coding: reader.u8("data_coding")?,
            default_message: reader.u8("sm_default_msg_id")?,
            short_message: {
                let length = reader.u8("sm_length")?;
                // 255 is reserved, but there are centres that use it: what is there is taken.
                reader.take(length.into(), "short_message")?.to_vec()
            },
            tlvs: Tlvs::read(reader)?,
        })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.text(&self.service_type, 6);
        self.source.write(writer, ADDRESS);
        self.destination.write(writer, ADDRESS);
        writer.u8(self.esm_class);
        writer.u8(self.protocol_id);
        writer.u8(self.priority);
        writer.text(&self.schedule, INSTANT);
        writer.text(&self.validity, INSTANT);
        writer.u8(self.registered_delivery);
        writer.u8(self.replace);
        writer.u8(self.data_coding);
        writer.u8(self.default_message);
        let short = &self.short_message[..self.short_message.len().min(254)];
        writer.u8(short.len() as u8);
        writer.0.extend(short);
        self.tlvs.write(writer);
    }
}

/// data_sm: everything else stands in optional parameters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Data {
    /// Usually empty.
    pub service_type: String,
    /// From.
    pub source: Address,
    /// To.
    pub destination: Address,
    /// See [`esm`].
    pub esm_class: u8,
    /// Whether receipts are wanted.
    pub registered_delivery: u8,
    /// The alphabet.
    pub data_coding: u8,
    /// Optional parameters; the content is [`tag::MESSAGE_PAYLOAD`].
    pub tlvs: Tlvs,
}

impl Data {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PduError> {
        Ok(Self {
            service_type: reader.text(6, "service_type")?,
            source: Address::read(reader, MESSAGE_ID, "source_addr")?,
            destination: Address::read(reader, MESSAGE_ID, "destination_addr")?,
            esm_class: reader.u8("esm_class")?,
            registered_delivery: reader.u8("registered_delivery")?,
            data_coding: reader.u8("data_coding")?,
            tlvs: Tlvs::read(reader)?,
        })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.text(&self.service_type, 6);
        self.source.write(writer, MESSAGE_ID);
        self.destination.write(writer, MESSAGE_ID);
        writer.u8(self.esm_class);
        writer.u8(self.registered_delivery);
        writer.u8(self.data_coding);
        self.tlvs.write(writer);
    }

    /// The same as a message of the usual kind.
    pub fn into_message(self) -> Message {
        Message {
            service_type: self.service_type,
            source: self.source,
            destination: self.destination,
            esm_class: self.esm_class,
            registered_delivery: self.registered_delivery,
            data_coding: self.data_coding,
            tlvs: self.tlvs,
            ..Message::default()
        }
    }
}

/// query_sm and cancel_sm.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// Service type; only in cancel_sm.
    pub service_type: String,
    /// The message.
    pub message_id: String,
    /// Who it was from.
    pub source: Address,
    /// Who it was to; only in cancel_sm.
    pub destination: Address,
}

impl About {
    pub(super) fn read(reader: &mut Reader<'_>, cancel: bool) -> Result<Self, PduError> {
        let service_type = if cancel { reader.text(6, "service_type")? } else { String::new() };
        let message_id = reader.text(MESSAGE_ID, "message_id")?;
        let source = Address::read(reader, ADDRESS, "source_addr")?;
        let destination = if cancel { Address::read(reader, ADDRESS, "destination_addr")? } else { Address::default() };
        Ok(Self { service_type, message_id, source, destination })
    }

    pub(super) fn write(&self, writer: &mut Writer, cancel: bool) {
        if cancel {
            writer.text(&self.service_type, 6);
        }
        writer.text(&self.message_id, MESSAGE_ID);
        self.source.write(writer, ADDRESS);
        if cancel {
            self.destination.write(writer, ADDRESS);
        }
    }
}

/// query_sm_resp.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QueryResp {
    /// The message.
    pub message_id: String,
    /// Empty while it is under way.
    pub final_date: String,
    /// Its state (5.2.28).
    pub state: u8,
    /// The network's error code.
    pub error: u8,
}

impl QueryResp {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PduError> {
        if reader.is_empty() {
            return Ok(Self::default());
        }
        Ok(Self {
            message_id: reader.text(MESSAGE_ID, "message_id")?,
            final_date: reader.text(INSTANT, "final_date")?,
            state: reader.u8("message_state")?,
            error: reader.u8("error_code")?,
        })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.text(&self.message_id, MESSAGE_ID);
        writer.text(&self.final_date, INSTANT);
        writer.u8(self.state);
        writer.u8(self.error);
    }
}

/// outbind: a centre asks to be bound to.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Outbind {
    /// Who.
    pub system_id: String,
    /// The secret.
    pub password: String,
}

impl std::fmt::Debug for Outbind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Outbind({:?})", self.system_id)
    }
}

impl Outbind {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PduError> {
        Ok(Self { system_id: reader.text(PASSWORD, "system_id")?, password: reader.text(PASSWORD, "password")? })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.text(&self.system_id, PASSWORD);
        writer.text(&self.password, PASSWORD);
    }
}

/// alert_notification: somebody is reachable again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Alert {
    /// Who.
    pub source: Address,
    /// Who asked to be told.
    pub esme: Address,
    /// Optional parameters.
    pub tlvs: Tlvs,
}

impl Alert {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PduError> {
        Ok(Self {
            source: Address::read(reader, MESSAGE_ID, "source_addr")?,
            esme: Address::read(reader, MESSAGE_ID, "esme_addr")?,
            tlvs: Tlvs::read(reader)?,
        })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        self.source.write(writer, MESSAGE_ID);
        self.esme.write(writer, MESSAGE_ID);
        self.tlvs.write(writer);
    }
}
