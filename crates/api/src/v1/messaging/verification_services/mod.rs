//! Verification services: settings of verifications under a name.

mod create;
mod delete;
mod list;
mod read;
mod update;

use std::collections::BTreeMap;

use calls::verify::Way;
use calls::verify::services::{Service, Settings};
use kernel::VerificationServiceId;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("verification_services": list, create, read, update, delete)
}

/// How codes are made, sent and accepted. What is absent is as by default.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct VerificationSettings {
    /// Digits of a code, 4 to 10.
    code_length: u8,
    /// For how many seconds a code is good, 30 to 86400.
    expires_in: u32,
    /// How many codes may come back, 1 to 20.
    max_attempts: u32,
    /// How often one code may be sent, 1 to 10.
    max_sends: u32,
    /// Seconds between two messages to the same address, 10 to 3600.
    cooldown: u32,
    /// The ways of the first message, the second, and so on; the last one stays.
    #[schema(value_type = Vec<String>, example = json!(["sms", "voice"]))]
    channels: Vec<Way>,
    /// From what; the workspace's originators decide when it is null.
    originator: Option<String>,
    /// The words by language, with `{code}` in them and `{organisation}` and `{span}` where wanted.
    texts: BTreeMap<String, String>,
    /// The web site that may read the code from the message (WebOTP).
    web_otp: Option<String>,
    /// The eleven characters by which an Android application finds its message (SMS Retriever).
    app_hash: Option<String>,
    /// Verifications of one number or address in a day, over all services, 1 to 100.
    per_recipient_a_day: u32,
    /// Verifications that one end user's network address may begin in an hour, 1 to 1000.
    per_address_an_hour: u32,
    /// Verifications that one key or member may begin in a minute, 1 to 100000.
    per_caller_a_minute: u32,
}

impl Default for VerificationSettings {
    fn default() -> Self {
        Settings::default().into()
    }
}

impl From<Settings> for VerificationSettings {
    fn from(of: Settings) -> Self {
        Self {
            code_length: of.code_length,
            expires_in: of.expires_in,
            max_attempts: of.max_attempts,
            max_sends: of.max_sends,
            cooldown: of.cooldown,
            channels: of.channels,
            originator: of.originator,
            texts: of.texts,
            web_otp: of.web_otp,
            app_hash: of.app_hash,
            per_recipient_a_day: of.per_recipient_a_day,
            per_address_an_hour: of.per_address_an_hour,
            per_caller_a_minute: of.per_caller_a_minute,
        }
    }
}

impl From<VerificationSettings> for Settings {
    fn from(of: VerificationSettings) -> Self {
        Self {
            code_length: of.code_length,
            expires_in: of.expires_in,
            max_attempts: of.max_attempts,
            max_sends: of.max_sends,
            cooldown: of.cooldown,
            channels: of.channels,
            originator: of.originator,
            texts: of.texts,
            web_otp: of.web_otp,
            app_hash: of.app_hash,
            per_recipient_a_day: of.per_recipient_a_day,
            per_address_an_hour: of.per_address_an_hour,
            per_caller_a_minute: of.per_caller_a_minute,
        }
    }
}

/// A verification service.
#[derive(Serialize, ToSchema)]
struct VerificationService {
    /// Its id.
    #[schema(value_type = String)]
    id: VerificationServiceId,
    /// What messages call it, in place of the workspace's name.
    name: String,
    /// How codes are made, sent and accepted.
    settings: VerificationSettings,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<Service> for VerificationService {
    fn from(of: Service) -> Self {
        Self {
            id: of.id,
            name: of.name,
            settings: of.settings.into(),
            created_at: of.created_at,
            updated_at: of.updated_at,
        }
    }
}
