//! Values as they travel between Rust and either engine.

use kernel::{RawId, Timestamp};

use crate::{Error, Result};

/// One parameter or column.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// A 64-bit integer; also instants in microseconds.
    Int(i64),
    /// A double.
    Real(f64),
    /// A boolean (0 or 1 on SQLite).
    Bool(bool),
    /// Text, also JSON.
    Text(String),
    /// Bytes of any length.
    Bytes(Vec<u8>),
    /// Sixteen bytes: an identifier or a blind index.
    Id(RawId),
}

/// What can be read from a column.
pub trait FromValue: Sized {
    /// Reads the column's value.
    ///
    /// # Errors
    /// [`Error::Column`] when the value has another type.
    fn from_value(value: Value) -> Result<Self>;
}

macro_rules! integers {
    ($($type:ty: $widen:expr),*) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::Int($widen(value))
            }
        }
        impl FromValue for $type {
            fn from_value(value: Value) -> Result<Self> {
                match value {
                    Value::Int(number) => <$type>::try_from(number).map_err(|_| Error::Column(stringify!($type))),
                    _ => Err(Error::Column(stringify!($type))),
                }
            }
        }
    )*};
}
integers!(i16: i64::from, i32: i64::from, u8: i64::from, u16: i64::from, u32: i64::from, u64: |v| v as i64, usize: |v| v as i64);

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl FromValue for i64 {
    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Int(number) => Ok(number),
            _ => Err(Error::Column("i64")),
        }
    }
}

macro_rules! identifiers {
    ($($name:ident),*) => {$(
        impl From<kernel::$name> for Value {
            fn from(id: kernel::$name) -> Self {
                Self::Id(id.0)
            }
        }
        impl FromValue for kernel::$name {
            fn from_value(value: Value) -> Result<Self> {
                RawId::from_value(value).map(Self)
            }
        }
    )*};
}
identifiers!(
    AnnouncementId,
    ApiCallId,
    ApiKeyId,
    AuditId,
    AuthorityRequestId,
    CampaignId,
    ContactId,
    CookieProofId,
    CookieSiteId,
    DeliveryId,
    DisclosureId,
    DocumentId,
    DomainId,
    EndpointId,
    EventId,
    FormId,
    ImportId,
    IncidentId,
    IncidentNoticeId,
    JobId,
    MemberId,
    MessageId,
    NoticeId,
    ProcessorId,
    ProvenanceId,
    PurposeId,
    RequestId,
    SegmentId,
    SequenceId,
    SavedViewId,
    SessionId,
    TagId,
    PieceId,
    TemplateId,
    ImageId,
    TopicId,
    UserId,
    WorkspaceId
);
identifiers!(ActivityId, ApprovalId, AssessmentId, ScreeningId);
identifiers!(CalendarFeedId);
identifiers!(BookingId, CalendarAccountId, CalendarId, EventTypeId, HoldId, HostId, ResourceId, ScheduleId);
identifiers!(VerificationServiceId, LookupId, SmppAccountId, PaymentMethodId);
identifiers!(
    RouteId,
    OriginatorId,
    ChannelId,
    NumberId,
    CallId,
    FlowId,
    RecordingId,
    TrunkId,
    VerificationId,
    BalanceEntryId,
    LinkId,
    PaymentId
);
identifiers!(
    ConversationId,
    ThreadId,
    GroupId,
    VisitorId,
    FileId,
    CannedId,
    GreetingId,
    WidgetId,
    BotId,
    ArticleId,
    DeviceId,
    PushId,
    ReceptionId
);

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}
impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}
impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.to_vec())
    }
}
impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}
impl From<&Vec<u8>> for Value {
    fn from(value: &Vec<u8>) -> Self {
        Self::Bytes(value.clone())
    }
}
impl From<RawId> for Value {
    fn from(value: RawId) -> Self {
        Self::Id(value)
    }
}
impl From<[u8; 32]> for Value {
    fn from(value: [u8; 32]) -> Self {
        Self::Bytes(value.to_vec())
    }
}
impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        Self::Int(value.0)
    }
}
impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl FromValue for Value {
    fn from_value(value: Value) -> Result<Self> {
        Ok(value)
    }
}
impl FromValue for f64 {
    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Real(number) => Ok(number),
            Value::Int(number) => Ok(number as Self),
            _ => Err(Error::Column("f64")),
        }
    }
}
impl FromValue for bool {
    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Bool(flag) => Ok(flag),
            Value::Int(number) => Ok(number != 0),
            _ => Err(Error::Column("bool")),
        }
    }
}
impl FromValue for String {
    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Text(text) => Ok(text),
            _ => Err(Error::Column("text")),
        }
    }
}
impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Bytes(bytes) => Ok(bytes),
            Value::Id(id) => Ok(id.to_vec()),
            _ => Err(Error::Column("bytes")),
        }
    }
}
impl FromValue for RawId {
    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Id(id) => Ok(id),
            Value::Bytes(bytes) => bytes.try_into().map_err(|_| Error::Column("16 bytes")),
            _ => Err(Error::Column("16 bytes")),
        }
    }
}
impl FromValue for [u8; 32] {
    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Bytes(bytes) => bytes.try_into().map_err(|_| Error::Column("32 bytes")),
            _ => Err(Error::Column("32 bytes")),
        }
    }
}
impl FromValue for Timestamp {
    fn from_value(value: Value) -> Result<Self> {
        i64::from_value(value).map(Self)
    }
}
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}

/// The parameters of one statement, in order: `params![ctx.workspace, id, name]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { vec![$($crate::Value::from($value)),*] };
}
