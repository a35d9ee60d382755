//! Command statuses (SMPP 3.4, 5.1.3) and what to do about them.

/// A command status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Status(pub u32);

/// What a refusal means for the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The peer wants fewer at a time: slow down, the message keeps its turn.
    Slower,
    /// It may work later, or by another route.
    Temporary,
    /// This route will never take this message; another may.
    Route,
    /// The number cannot be reached by anybody.
    Destination,
}

macro_rules! statuses {
    ($($(#[$meta:meta])* $name:ident = $value:literal, $code:literal;)*) => {
        impl Status {
            $($(#[$meta])* pub const $name: Self = Self($value);)*

            /// The name that the specification gives it; `ESME_RUNKNOWN` for a vendor's own.
            pub const fn name(self) -> &'static str {
                match self.0 {
                    $($value => $code,)*
                    _ => "ESME_RUNKNOWN",
                }
            }
        }
    };
}

statuses! {
    /// No error.
    OK = 0x00, "ESME_ROK";
    /// The message is too long or empty.
    INVALID_MESSAGE_LENGTH = 0x01, "ESME_RINVMSGLEN";
    /// The length of the command is wrong.
    INVALID_COMMAND_LENGTH = 0x02, "ESME_RINVCMDLEN";
    /// No such command.
    INVALID_COMMAND_ID = 0x03, "ESME_RINVCMDID";
    /// Not in this state: bind first, or as another kind.
    INVALID_BIND_STATE = 0x04, "ESME_RINVBNDSTS";
    /// Bound already.
    ALREADY_BOUND = 0x05, "ESME_RALYBND";
    /// Invalid priority.
    INVALID_PRIORITY = 0x06, "ESME_RINVPRTFLG";
    /// Invalid registered delivery.
    INVALID_REGISTERED_DELIVERY = 0x07, "ESME_RINVREGDLVFLG";
    /// Something went wrong on the other side.
    SYSTEM_ERROR = 0x08, "ESME_RSYSERR";
    /// The sender may not be used.
    INVALID_SOURCE = 0x0a, "ESME_RINVSRCADR";
    /// The recipient's number is wrong.
    INVALID_DESTINATION = 0x0b, "ESME_RINVDSTADR";
    /// The message id is unknown.
    INVALID_MESSAGE_ID = 0x0c, "ESME_RINVMSGID";
    /// The bind was refused.
    BIND_FAILED = 0x0d, "ESME_RBINDFAIL";
    /// Wrong password.
    INVALID_PASSWORD = 0x0e, "ESME_RINVPASWD";
    /// Unknown system id.
    INVALID_SYSTEM_ID = 0x0f, "ESME_RINVSYSID";
    /// Cancelling failed.
    CANCEL_FAILED = 0x11, "ESME_RCANCELFAIL";
    /// Replacing failed.
    REPLACE_FAILED = 0x13, "ESME_RREPLACEFAIL";
    /// The queue of the other side is full.
    QUEUE_FULL = 0x14, "ESME_RMSGQFUL";
    /// Invalid service type.
    INVALID_SERVICE_TYPE = 0x15, "ESME_RINVSERTYP";
    /// Invalid esm_class.
    INVALID_ESM_CLASS = 0x43, "ESME_RINVESMCLASS";
    /// The message cannot be submitted.
    SUBMIT_FAILED = 0x45, "ESME_RSUBMITFAIL";
    /// The sender's type of number is wrong.
    INVALID_SOURCE_TON = 0x48, "ESME_RINVSRCTON";
    /// The sender's numbering plan is wrong.
    INVALID_SOURCE_NPI = 0x49, "ESME_RINVSRCNPI";
    /// The recipient's type of number is wrong.
    INVALID_DESTINATION_TON = 0x50, "ESME_RINVDSTTON";
    /// The recipient's numbering plan is wrong.
    INVALID_DESTINATION_NPI = 0x51, "ESME_RINVDSTNPI";
    /// Invalid system type.
    INVALID_SYSTEM_TYPE = 0x53, "ESME_RINVSYSTYP";
    /// Too fast.
    THROTTLED = 0x58, "ESME_RTHROTTLED";
    /// Invalid scheduled time.
    INVALID_SCHEDULE = 0x61, "ESME_RINVSCHED";
    /// Invalid validity period.
    INVALID_EXPIRY = 0x62, "ESME_RINVEXPIRY";
    /// A temporary error of the receiver.
    RECEIVER_TEMPORARY = 0x64, "ESME_RX_T_APPN";
    /// A permanent error of the receiver.
    RECEIVER_PERMANENT = 0x65, "ESME_RX_P_APPN";
    /// The receiver rejects the message.
    RECEIVER_REJECTED = 0x66, "ESME_RX_R_APPN";
    /// Asking for a message failed.
    QUERY_FAILED = 0x67, "ESME_RQUERYFAIL";
    /// An error in the optional parameters.
    INVALID_OPTIONAL = 0xc0, "ESME_RINVOPTPARSTREAM";
    /// An optional parameter has the wrong length.
    INVALID_PARAMETER_LENGTH = 0xc2, "ESME_RINVPARLEN";
    /// An optional parameter has a wrong value.
    INVALID_PARAMETER_VALUE = 0xc4, "ESME_RINVOPTPARAMVAL";
    /// Delivery failed.
    DELIVERY_FAILURE = 0xfe, "ESME_RDELIVERYFAILURE";
    /// Unknown error.
    UNKNOWN = 0xff, "ESME_RUNKNOWNERR";
}

impl Status {
    /// Whether it says that all is well.
    pub const fn is_ok(self) -> bool {
        self.0 == 0
    }

    /// What a refused submission means. A vendor's own status is temporary: trying again later or
    /// elsewhere costs an attempt, giving up costs the message.
    pub const fn refusal(self) -> Refusal {
        match self {
            Self::THROTTLED | Self::QUEUE_FULL => Refusal::Slower,
            Self::INVALID_DESTINATION => Refusal::Destination,
            Self::INVALID_MESSAGE_LENGTH
            | Self::INVALID_COMMAND_LENGTH
            | Self::INVALID_COMMAND_ID
            | Self::INVALID_SOURCE
            | Self::INVALID_SOURCE_TON
            | Self::INVALID_SOURCE_NPI
            | Self::INVALID_DESTINATION_TON
            | Self::INVALID_DESTINATION_NPI
            | Self::INVALID_PRIORITY
            | Self::INVALID_REGISTERED_DELIVERY
            | Self::INVALID_SERVICE_TYPE
            | Self::INVALID_ESM_CLASS
            | Self::INVALID_SCHEDULE
            | Self::INVALID_EXPIRY
            | Self::INVALID_OPTIONAL
            | Self::INVALID_PARAMETER_LENGTH
            | Self::INVALID_PARAMETER_VALUE
            | Self::RECEIVER_PERMANENT
            | Self::RECEIVER_REJECTED => Refusal::Route,
            _ => Refusal::Temporary,
        }
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.name() {
            "ESME_RUNKNOWN" => write!(f, "{:#010x}", self.0),
            name => f.write_str(name),
        }
    }
}
