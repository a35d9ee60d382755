//! PDUs: sixteen octets of header, then a body that the command decides (SMPP 3.4, section 3.2).

use super::body::{About, Alert, Bind, BindMode, Data, IdResp, Message, Outbind, QueryResp};
use super::status::Status;
use super::wire::{PduError, Reader, Writer};

/// Octets of the header.
pub const HEADER: usize = 16;
/// The longest PDU that is taken: a message_payload of 64 KiB and what stands around it.
pub const LONGEST: usize = 70_000;
/// What makes a request's command its response's.
const RESPONSE: u32 = 0x8000_0000;

/// One PDU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdu {
    /// Always 0 in requests.
    pub status: Status,
    /// Ties a response to its request.
    pub sequence: u32,
    /// The rest.
    pub body: Body,
}

/// What a PDU is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// bind_*.
    Bind(Bind),
    /// bind_*_resp.
    BindResp(BindMode, IdResp),
    /// outbind.
    Outbind(Outbind),
    /// unbind.
    Unbind,
    /// unbind_resp.
    UnbindResp,
    /// submit_sm.
    Submit(Box<Message>),
    /// submit_sm_resp.
    SubmitResp(IdResp),
    /// deliver_sm.
    Deliver(Box<Message>),
    /// deliver_sm_resp.
    DeliverResp(IdResp),
    /// data_sm.
    Data(Box<Data>),
    /// data_sm_resp.
    DataResp(IdResp),
    /// query_sm.
    Query(About),
    /// query_sm_resp.
    QueryResp(QueryResp),
    /// cancel_sm.
    Cancel(About),
    /// cancel_sm_resp.
    CancelResp,
    /// enquire_link.
    EnquireLink,
    /// enquire_link_resp.
    EnquireLinkResp,
    /// alert_notification.
    Alert(Box<Alert>),
    /// generic_nack.
    GenericNack,
}

/// The fields of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Octets of the whole PDU.
    pub length: u32,
    /// What it is.
    pub command: u32,
    /// The status.
    pub status: Status,
    /// The sequence number.
    pub sequence: u32,
}

impl Head {
    /// Reads a header.
    ///
    /// # Errors
    /// [`PduError::Length`] when the length is less than a header's or above [`LONGEST`].
    pub fn read(octets: &[u8; HEADER]) -> Result<Self, PduError> {
        let word = |at: usize| u32::from_be_bytes([octets[at], octets[at + 1], octets[at + 2], octets[at + 3]]);
        let head = Self { length: word(0), command: word(4), status: Status(word(8)), sequence: word(12) };
        if (HEADER..=LONGEST).contains(&(head.length as usize)) { Ok(head) } else { Err(PduError::Length(head.length)) }
    }

    /// Whether it answers something.
    pub const fn is_response(&self) -> bool {
        self.command & RESPONSE != 0
    }

    /// The PDU that refuses this request: its own response, or generic_nack when there is none.
    pub fn refusal(&self, status: Status) -> Pdu {
        let none = IdResp::default;
        let body = match self.command {
            1 => Body::BindResp(BindMode::Receiver, none()),
            2 => Body::BindResp(BindMode::Transmitter, none()),
            9 => Body::BindResp(BindMode::Transceiver, none()),
            3 => Body::QueryResp(QueryResp::default()),
            4 => Body::SubmitResp(none()),
            5 => Body::DeliverResp(none()),
            6 => Body::UnbindResp,
            8 => Body::CancelResp,
            0x15 => Body::EnquireLinkResp,
            0x103 => Body::DataResp(none()),
            _ => Body::GenericNack,
        };
        Pdu { status, sequence: self.sequence, body }
    }
}

impl Body {
    /// The command id.
    pub const fn command(&self) -> u32 {
        const fn bind(mode: BindMode) -> u32 {
            match mode {
                BindMode::Receiver => 1,
                BindMode::Transmitter => 2,
                BindMode::Transceiver => 9,
            }
        }
        match self {
            Self::Bind(body) => bind(body.mode),
            Self::BindResp(mode, _) => bind(*mode) | RESPONSE,
            Self::Query(_) => 3,
            Self::QueryResp(_) => 3 | RESPONSE,
            Self::Submit(_) => 4,
            Self::SubmitResp(_) => 4 | RESPONSE,
            Self::Deliver(_) => 5,
            Self::DeliverResp(_) => 5 | RESPONSE,
            Self::Unbind => 6,
            Self::UnbindResp => 6 | RESPONSE,
            Self::Cancel(_) => 8,
            Self::CancelResp => 8 | RESPONSE,
            Self::Outbind(_) => 0x0b,
            Self::EnquireLink => 0x15,
            Self::EnquireLinkResp => 0x15 | RESPONSE,
            Self::Alert(_) => 0x102,
            Self::Data(_) => 0x103,
            Self::DataResp(_) => 0x103 | RESPONSE,
            Self::GenericNack => RESPONSE,
        }
    }

    fn read(head: &Head, reader: &mut Reader<'_>) -> Result<Self, PduError> {
        let body = match head.command {
            1 => Self::Bind(Bind::read(BindMode::Receiver, reader)?),
            2 => Self::Bind(Bind::read(BindMode::Transmitter, reader)?),
            9 => Self::Bind(Bind::read(BindMode::Transceiver, reader)?),
            3 => Self::Query(About::read(reader, false)?),
            4 => Self::Submit(Box::new(Message::read(reader)?)),
            5 => Self::Deliver(Box::new(Message::read(reader)?)),
            6 => Self::Unbind,
            8 => Self::Cancel(About::read(reader, true)?),
            0x0b => Self::Outbind(Outbind::read(reader)?),
            0x15 => Self::EnquireLink,
            0x102 => Self::Alert(Box::new(Alert::read(reader)?)),
            0x103 => Self::Data(Box::new(Data::read(reader)?)),
            RESPONSE => Self::GenericNack,
            command if command & RESPONSE != 0 => return Self::read_response(command & !RESPONSE, reader),
            command => return Err(PduError::Command(command)),
        };
        Ok(body)
    }

    fn read_response(request: u32, reader: &mut Reader<'_>) -> Result<Self, PduError> {
        let body = match request {
            1 => Self::BindResp(BindMode::Receiver, IdResp::read(reader)?),
            2 => Self::BindResp(BindMode::Transmitter, IdResp::read(reader)?),
            9 => Self::BindResp(BindMode::Transceiver, IdResp::read(reader)?),
            3 => Self::QueryResp(QueryResp::read(reader)?),
            4 => Self::SubmitResp(IdResp::read(reader)?),
            5 => Self::DeliverResp(IdResp::read(reader)?),
            6 => Self::UnbindResp,
            8 => Self::CancelResp,
            0x15 => Self::EnquireLinkResp,
            0x103 => Self::DataResp(IdResp::read(reader)?),
            _ => return Err(PduError::Command(request | RESPONSE)),
        };
        // What newer versions append to responses is no reason to lose them.
        let rest = reader.len();
        reader.take(rest, "response")?;
        Ok(body)
    }

    fn write(&self, writer: &mut Writer) {
        match self {
            Self::Bind(body) => body.write(writer),
            Self::Outbind(body) => body.write(writer),
            Self::Submit(body) | Self::Deliver(body) => body.write(writer),
            Self::Data(body) => body.write(writer),
            Self::Query(body) => body.write(writer, false),
            Self::Cancel(body) => body.write(writer, true),
            Self::QueryResp(body) => body.write(writer),
            Self::Alert(body) => body.write(writer),
            Self::BindResp(_, body) | Self::SubmitResp(body) | Self::DeliverResp(body) | Self::DataResp(body) => {
                body.write(writer);
            }
            Self::Unbind
            | Self::UnbindResp
            | Self::CancelResp
            | Self::EnquireLink
            | Self::EnquireLinkResp
            | Self::GenericNack => {}
        }
    }
}

impl Pdu {
    /// A request.
    pub const fn request(sequence: u32, body: Body) -> Self {
        Self { status: Status::OK, sequence, body }
    }

    /// Its octets, the length in front.
    pub fn octets(&self) -> Vec<u8> {
        let mut writer = Writer(Vec::with_capacity(256));
        writer.u32(0);
        writer.u32(self.body.command());
        writer.u32(self.status.0);
        writer.u32(self.sequence);
        self.body.write(&mut writer);
        let length = (writer.0.len() as u32).to_be_bytes();
        writer.0[..4].copy_from_slice(&length);
        writer.0
    }

    /// Reads the body that follows a header.
    ///
    /// # Errors
    /// [`PduError`]; the stream stays in step, because the header said how long the PDU is.
    pub fn read(head: &Head, body: &[u8]) -> Result<Self, PduError> {
        let mut reader = Reader::new(body);
        let body = Body::read(head, &mut reader)?;
        reader.finish()?;
        Ok(Self { status: head.status, sequence: head.sequence, body })
    }

    /// Reads one PDU from the beginning of octets; answers it with how many it took, `None` when there
    /// are not enough yet.
    ///
    /// # Errors
    /// [`PduError`].
    pub fn parse(octets: &[u8]) -> Result<Option<(Self, usize)>, PduError> {
        let Some((head, _)) = octets.split_first_chunk::<HEADER>() else { return Ok(None) };
        let head = Head::read(head)?;
        let length = head.length as usize;
        let Some(body) = octets.get(HEADER..length) else { return Ok(None) };
        Ok(Some((Self::read(&head, body)?, length)))
    }
}
