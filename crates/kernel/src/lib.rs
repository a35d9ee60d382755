//! The words every other crate speaks: identifiers, time, randomness, addresses, languages,
//! personal values that refuse to be printed, and the one table of problems.
//!
//! Nothing here does input or output. Time and randomness are traits ([`Clock`], [`Rng`]); only
//! the binary supplies the machine's own.

mod email;
mod id;
mod locale;
mod page;
mod patch;
mod phone;
mod pii;
mod problem;
mod rng;
mod text;
mod time;

pub use email::{Email, EmailError};
pub use id::{
    ActivityId, AnnouncementId, ApiCallId, ApiKeyId, ApprovalId, ArticleId, AssessmentId, AuditId, AuthorityRequestId,
    BalanceEntryId, BookingId, BotId, CalendarAccountId, CalendarId, CallId, CampaignId, CannedId, ContactId,
    ConversationId, CookieProofId, CookieSiteId, DeliveryId, DisclosureId, DocumentId, DomainId, EndpointId, EventId,
    EventTypeId, FileId, FlowId, FormId, GreetingId, GroupId, HoldId, Ids, ImageId, ImportId, IncidentId,
    IncidentNoticeId, JobId, LinkId, MemberId, MessageId, NoticeId, NumberId, OriginatorId, ParseIdError, PieceId,
    ProcessorId, ProvenanceId, PurposeId, RawId, RecordingId, RequestId, ResourceId, RouteId, SavedViewId, ScheduleId,
    ScreeningId, SegmentId, SequenceId, SessionId, TagId, TemplateId, ThreadId, TopicId, UserId, VerificationId,
    VisitorId, WidgetId, WorkspaceId,
};
pub use locale::{Direction, Locale, LocaleError};
pub use page::{Page, PageRequest};
pub use patch::Patch;
pub use phone::{Phone, PhoneError};
pub use pii::Pii;
pub use problem::{Code, FieldProblem, Problem};
pub use rng::Rng;
pub use text::fold;
pub use time::{Clock, Date, Timestamp, TimestampError};
