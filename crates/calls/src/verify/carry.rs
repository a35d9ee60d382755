//! How codes leave: by SMS and by voice through whoever carries them, by mail through `outbound`.

use std::sync::Arc;

use kernel::{Code, ContactId, DeliveryId, Email, Locale, Phone, Problem, VerificationId};
use outbound::notices::{self, Letter};
use outbound::{ONE_TIME_CODE, Outbound};
use parking_lot::RwLock;
use people::contacts::{self, Draft, Origin};
use privacy::gate::{Ask, ContentMeta};
use privacy::provenance::Method;
use privacy::suppression;
use privacy::vocabulary::{Channel, Purpose};
use store::{BoxFuture, Ctx};

use super::model::Way;
use super::words;
use super::{Error, Result};

/// A code that goes out as a text message. Debug prints nothing of it.
#[derive(Clone)]
pub struct TextedCode {
    /// To whom.
    pub to: Phone,
    /// From what; `None` lets the workspace's senders decide.
    pub from: Option<String>,
    /// The words with the code in them.
    pub text: String,
    /// The words as members may read them.
    pub shown: String,
    /// For how many seconds it is worth delivering.
    pub validity: u32,
    /// Which verification.
    pub verification: VerificationId,
    /// It must not leave this machine.
    pub trial: bool,
}

/// A code that is spoken, digit by digit and twice, in a call. Debug prints nothing of it.
#[derive(Clone)]
pub struct SpokenCode {
    /// To whom.
    pub to: Phone,
    /// The person.
    pub contact: ContactId,
    /// The number that is shown; `None` lets the workspace's settings decide.
    pub from: Option<String>,
    /// The digits.
    pub code: String,
    /// In which language.
    pub locale: Locale,
    /// Who says so.
    pub organisation: String,
    /// For how many seconds it is worth calling.
    pub validity: u32,
    /// Which verification.
    pub verification: VerificationId,
    /// It must not leave this machine.
    pub trial: bool,
}

macro_rules! silent {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("[pii]")
            }
        }
    )*};
}
silent!(TextedCode, SpokenCode);

/// A code that is on its way.
#[derive(Debug, Clone, Copy)]
pub struct Carried {
    /// To whom.
    pub contact: ContactId,
    /// The message, where it can be followed.
    pub message: Option<DeliveryId>,
}

/// Whoever carries text messages through the gate, as service messages that their recipient asked for.
pub trait Texts: Send + Sync {
    /// Accepts a message. It is durable, with its price set aside, when this returns; a refusal kept nothing.
    fn text<'a>(&'a self, ctx: &'a Ctx, code: TextedCode) -> BoxFuture<'a, Result<Carried, Problem>>;
}

/// Whoever speaks in calls, through the gate.
pub trait Speaks: Send + Sync {
    /// Accepts a call. It is durable when this returns; a refusal kept nothing.
    fn speak<'a>(&'a self, ctx: &'a Ctx, code: SpokenCode) -> BoxFuture<'a, Result<Carried, Problem>>;
}

/// Verifications of this process. Cheap to clone.
#[derive(Clone)]
pub struct Verify {
    outbound: Outbound,
    texts: Arc<dyn Texts>,
    speaks: Arc<RwLock<Option<Arc<dyn Speaks>>>>,
}

/// To whom.
#[derive(Clone)]
pub(super) enum Address {
    Phone(Phone),
    Email(Email),
}

impl Address {
    /// Reads a number (with or without its `+`) or a mail address.
    pub(super) fn read(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.contains('@') {
            return Email::parse(text).map(Self::Email).map_err(|error| Error::field("to", error));
        }
        let bare = text.starts_with(|c: char| c.is_ascii_digit() && c != '0');
        let number = if bare { Phone::parse(&format!("+{text}"), None) } else { Phone::parse(text, None) };
        number.map(Self::Phone).map_err(|error| Error::field("to", error))
    }

    /// As kept, and as compared.
    pub(super) fn normal(&self) -> String {
        match self {
            Self::Phone(phone) => phone.as_str().to_owned(),
            Self::Email(email) => email.normal(),
        }
    }

    async fn known(&self, ctx: &Ctx) -> people::Result<Option<ContactId>> {
        match self {
            Self::Phone(phone) => contacts::by_phone(ctx, phone).await,
            Self::Email(email) => contacts::by_email(ctx, email).await,
        }
    }

    /// The person with this address, made when there is none.
    async fn person(&self, ctx: &Ctx) -> Result<ContactId> {
        if let Some(known) = self.known(ctx).await? {
            return Ok(known);
        }
        let mut draft = Draft::default();
        match self {
            Self::Phone(phone) => draft.phones.push(phone.clone()),
            Self::Email(email) => draft.emails.push(email.clone()),
        }
        let origin = Origin { method: Method::Api, source: "verification of an address".to_owned() };
        match contacts::create(ctx, draft, &origin).await {
            Ok(contact) => Ok(contact),
            // Asked for twice at the same time.
            Err(error) => self.known(ctx).await?.ok_or_else(|| error.into()),
        }
    }
}

/// What is to be carried.
pub(super) struct Parcel<'a> {
    pub(super) to: &'a Address,
    pub(super) code: &'a str,
    /// With `{code}`.
    pub(super) text: &'a str,
    pub(super) organisation: &'a str,
    pub(super) from: Option<&'a str>,
    pub(super) locale: &'a Locale,
    pub(super) validity: u32,
    pub(super) verification: VerificationId,
    pub(super) sends: u32,
    pub(super) trial: bool,
}

impl Verify {
    /// Over the process's outbound service and whoever carries text messages.
    pub fn new(outbound: Outbound, texts: Arc<dyn Texts>) -> Self {
        Self { outbound, texts, speaks: Arc::default() }
    }

    /// From now on codes can be spoken, too.
    pub fn speak_with(&self, speaks: Arc<dyn Speaks>) {
        *self.speaks.write() = Some(speaks);
    }

    /// Whether codes can be spoken.
    pub fn speaks(&self) -> bool {
        self.speaks.read().is_some()
    }

    /// Hands a code over.
    pub(super) async fn carry(&self, ctx: &Ctx, way: Way, parcel: &Parcel<'_>) -> Result<Carried> {
        match (way, parcel.to) {
            (Way::Sms, Address::Phone(phone)) => {
                let dots = "•".repeat(parcel.code.len());
                let code = TextedCode {
                    to: phone.clone(),
                    from: parcel.from.map(str::to_owned),
                    text: super::rules::filled(parcel.text, parcel.code),
                    shown: super::rules::filled(parcel.text, &dots),
                    validity: parcel.validity,
                    verification: parcel.verification,
                    trial: parcel.trial,
                };
                self.texts.text(ctx, code).await.map_err(Error::Refused)
            }
            (Way::Voice, Address::Phone(phone)) => {
                let speaks = self.speaks.read().clone();
                let speaks = speaks.ok_or_else(|| Error::field("channel", "voice is not set up"))?;
                let code = SpokenCode {
                    to: phone.clone(),
                    contact: parcel.to.person(ctx).await?,
                    from: parcel.from.map(str::to_owned),
                    code: parcel.code.to_owned(),
                    locale: parcel.locale.clone(),
                    organisation: parcel.organisation.to_owned(),
                    validity: parcel.validity,
                    verification: parcel.verification,
                    trial: parcel.trial,
                };
                speaks.speak(ctx, code).await.map_err(Error::Refused)
            }
            (Way::Email, Address::Email(email)) => self.mail(ctx, email, parcel).await,
            _ => Err(Error::field("channel", "sms and voice reach numbers, email reaches mail addresses")),
        }
    }

    async fn mail(&self, ctx: &Ctx, email: &Email, parcel: &Parcel<'_>) -> Result<Carried> {
        let contact = parcel.to.person(ctx).await?;
        let carried = Carried { contact, message: None };
        if parcel.trial {
            return self.would_mail(ctx, contact, email).await.map(|()| carried);
        }
        let keys = ctx.keys().await?;
        let number = parcel.sends.to_be_bytes();
        let id = keys.mac("verify.mail", &[&parcel.verification.0[..], &number[..]].concat());
        let span = words::Words::of(parcel.locale).span(parcel.validity);
        let fields = [(ONE_TIME_CODE, parcel.code), ("organisation", parcel.organisation), ("span", &span)];
        let letter = Letter {
            kind: "verification.code".to_owned(),
            subject: contact,
            to: email.clone(),
            name: None,
            language: parcel.locale.clone(),
            content: words::mail(parcel.locale, parcel.text),
            fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            invitation: None,
        };
        notices::write(&self.outbound, ctx, id, letter).await?;
        Ok(carried)
    }

    /// Everything but the mail: the gate's answer.
    async fn would_mail(&self, ctx: &Ctx, contact: ContactId, email: &Email) -> Result<()> {
        notices::state_request(ctx, contact, "verification.code").await?;
        let keys = ctx.keys().await?;
        let ask = Ask {
            subject: contact,
            address: suppression::email_hash(&keys, email),
            domain: suppression::domain_hash(&keys, email),
            channel: Channel::Email,
            purpose: Purpose::SERVICE,
            topic: None,
            content: ContentMeta { hash: [0; 32], missing: Vec::new(), promotional: false },
            sender_verified: true,
        };
        match self.outbound.gate().preview(ctx, vec![ask]).await?.pop() {
            Some(Err(denial)) => Err(Error::Refused(Problem::new(Code::NotMailable, denial.reason))),
            _ => Ok(()),
        }
    }
}
