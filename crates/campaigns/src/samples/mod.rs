//! Sample data: invented people with a topic, a segment, drafts and a form, so that nobody begins before an
//! empty screen; and their removal, which takes exactly what was loaded and was not made one's own since.
//!
//! The people come through an import like any others, with a file, a basis and sources. What belongs to the
//! samples is remembered in a setting of the workspace.

mod words;

use std::collections::BTreeMap;

use accounts::workspaces::{self, Change, Workspace};
use content::{Body, Source};
use kernel::{CampaignId, Code, Email, FormId, ImportId, Locale, Problem, SegmentId, TopicId};
use outbound::Outbound;
use people::forms::{Definition, FormField, Texts};
use people::import::{self, Basis, Origin, Settings, Upload};
use people::segments::conditions::Where;
use people::{contacts, forms, segments::saved, tags, topics};
use privacy::gate::Gate;
use privacy::vocabulary::Purpose;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Ctx, params};

use crate::lifecycle::{create, workspace};
use crate::model::CampaignDraft;
use crate::{Error, Result, queries as sql};

pub use words::{INVITATION, Letter, Letters, NEWS, OFFER};

/// The workspace's setting.
const SETTING: &str = "samples";
/// As whom the samples are written when the workspace has no sender yet.
const SENDER: &str = "news@sample.example";

/// In which language the samples are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Arabic.
    Arabic,
}

impl Language {
    /// The one for a locale.
    pub fn of(locale: &Locale) -> Self {
        if locale.language() == "ar" { Self::Arabic } else { Self::English }
    }

    fn locale(self) -> Locale {
        match self {
            Self::English => Locale::en(),
            Self::Arabic => Locale::ar(),
        }
    }

    const fn pick(self, (english, arabic): (&'static str, &'static str)) -> &'static str {
        match self {
            Self::English => english,
            Self::Arabic => arabic,
        }
    }
}

/// What was loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Loaded {
    /// How often samples were loaded: each time with other addresses, because what was erased stays erased.
    round: u32,
    /// Whether they are there now.
    pub there: bool,
    /// How the people came.
    pub import: Option<ImportId>,
    /// Their topic.
    pub topic: Option<TopicId>,
    /// The segment.
    pub segment: Option<SegmentId>,
    /// The form.
    pub form: Option<FormId>,
    /// The campaigns.
    pub campaigns: Vec<CampaignId>,
    /// Names of tags that were not there before.
    tags: Vec<String>,
}

impl Loaded {
    fn domain(&self) -> String {
        if self.round <= 1 { "people.example".to_owned() } else { format!("people{}.example", self.round) }
    }
}

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Removed {
    /// People who were erased.
    pub contacts: u64,
    /// Drafts that were deleted.
    pub campaigns: u64,
    /// Segments that were deleted.
    pub segments: u64,
    /// Forms that were deleted.
    pub forms: u64,
    /// Topics that were deleted.
    pub topics: u64,
    /// What stays, because somebody made it their own: changed or sent campaigns, and what they need.
    pub kept: u64,
}

fn refused(error: &accounts::Error) -> Error {
    Error::Store(store::Error::Refused(error.problem()))
}

fn read(workspace: &Workspace) -> Loaded {
    workspace.setting(SETTING).unwrap_or_default()
}

async fn remember(ctx: &Ctx, loaded: &Loaded) -> Result<()> {
    let settings = Some([(SETTING.to_owned(), json!(loaded))].into_iter().collect());
    workspaces::update(ctx, Change { settings, ..Change::default() }).await.map_err(|error| refused(&error))?;
    Ok(())
}

/// What is loaded of the samples.
///
/// # Errors
/// The store's.
pub async fn state(ctx: &Ctx) -> Result<Loaded> {
    Ok(read(&workspace(ctx).await?))
}

/// Loads the samples. The people are there when the import that this starts has ended.
///
/// # Errors
/// `conflict` when they are there already, or the store's.
pub async fn load(ctx: &Ctx, outbound: &Outbound, language: Language) -> Result<Loaded> {
    let before = state(ctx).await?;
    if before.there {
        let detail = "sample data are there already; remove them first";
        return Err(Error::Invalid(Problem::new(Code::Conflict, detail)));
    }
    // Remembered piece by piece: what a crash leaves can be removed.
    let mut loaded = Loaded { round: before.round + 1, there: true, ..Loaded::default() };
    for name in words::TAGS {
        if tags::by_name(ctx, name).await?.is_none() {
            loaded.tags.push(name.to_owned());
        }
    }
    remember(ctx, &loaded).await?;
    let topic = topic(ctx, language).await?;
    loaded.topic = Some(topic);
    remember(ctx, &loaded).await?;
    loaded.segment = Some(segment(ctx, language).await?);
    loaded.form = Some(form(ctx, language, topic).await?);
    remember(ctx, &loaded).await?;
    loaded.import = Some(people_in(ctx, topic, &loaded.domain()).await?);
    for letters in [&NEWS, &INVITATION, &OFFER] {
        let draft = draft(ctx, language, topic, letters).await?;
        loaded.campaigns.push(create(ctx, outbound, draft).await?.id);
        remember(ctx, &loaded).await?;
    }
    Ok(loaded)
}

async fn topic(ctx: &Ctx, language: Language) -> Result<TopicId> {
    let plain = language.pick(("Newsletter", "النشرة البريدية"));
    let marked = language.pick(("Newsletter (sample)", "النشرة البريدية (عيّنة)"));
    let name = if topics::by_name(ctx, plain).await?.is_some() { marked } else { plain };
    let draft = topics::TopicDraft {
        name: name.to_owned(),
        description_en: "News once a month".to_owned(),
        description_ar: "أخبار مرة في الشهر".to_owned(),
        ..topics::TopicDraft::default()
    };
    Ok(topics::create(ctx, draft).await?.id)
}

async fn segment(ctx: &Ctx, language: Language) -> Result<SegmentId> {
    let arabic = Where::from_json(&json!({ "field": "language", "op": "is", "value": "ar" }));
    let condition = arabic.map_err(Problem::from).map_err(Error::Invalid)?;
    Ok(saved::create(ctx, language.pick(("Readers of Arabic", "قرّاء العربية")), &condition).await?)
}

async fn form(ctx: &Ctx, language: Language, topic: TopicId) -> Result<FormId> {
    let field = |key: &str, required: bool, label_en: &str, label_ar: &str| FormField {
        key: key.to_owned(),
        purpose: "marketing".to_owned(),
        required,
        label_en: label_en.to_owned(),
        label_ar: label_ar.to_owned(),
        if_refused_en: String::new(),
        if_refused_ar: String::new(),
    };
    let texts = |title: &str, intro: &str, consent: &str, (button, thanks): (&str, &str)| Texts {
        title: title.to_owned(),
        intro: intro.to_owned(),
        consent: consent.to_owned(),
        button: button.to_owned(),
        thanks: thanks.to_owned(),
    };
    let definition = Definition {
        fields: vec![
            field("email", true, "E-mail address", "البريد الإلكتروني"),
            field("first_name", false, "First name", "الاسم الأول"),
        ],
        en: texts(
            "Stay in touch",
            "News once a month: workshops, open days, and what became of them.",
            "Yes, send me the newsletter by e-mail. I can leave at any time.",
            ("Sign up", "Thank you. Please follow the link in the message we have just sent you."),
        ),
        ar: texts(
            "لنبقَ على تواصل",
            "أخبار مرة في الشهر: ورش وأيام مفتوحة وما أثمرت عنه.",
            "نعم، أرسلوا إليّ النشرة بالبريد الإلكتروني. يمكنني إلغاء الاشتراك متى شئت.",
            ("اشتراك", "شكرًا لكم. يرجى اتباع الرابط في الرسالة التي أرسلناها إليكم الآن."),
        ),
        double_opt_in: true,
        ..Definition::default()
    };
    let name = language.pick(("Sign-up on the web site", "الاشتراك من الموقع"));
    Ok(forms::create(ctx, name, topic, definition).await?.id)
}

/// Imports the people the way any file is imported.
async fn people_in(ctx: &Ctx, topic: TopicId, domain: &str) -> Result<ImportId> {
    let mut upload = Upload::begin(ctx).await?;
    upload.write(words::csv(domain, ctx.now()).as_bytes()).await?;
    let staged = upload.finish().await?;
    let origin = Origin {
        basis: Basis::ConsentDoi,
        source: "sample data".to_owned(),
        collected_on: ctx.now().date(),
        sale_date: None,
        assessment: None,
        reason: None,
        profile: None,
        page: privacy::provenance::Page::default(),
    };
    let settings = Settings { topic, origin, attributes: Vec::new(), purchased: false, tracking: true, dry_run: false };
    Ok(import::start(ctx, staged, settings).await?)
}

fn source(letters: &Letters, language: Language) -> Source {
    let letter = letters.letter(language);
    Source {
        body: Body::Mjml(words::mjml(letter, language)),
        text: None,
        subject: letter.subject.to_owned(),
        preheader: Some(letter.preheader.to_owned()),
        language: language.locale(),
    }
}

/// A draft of these letters in both languages, the given one first.
///
/// # Errors
/// The store's.
pub async fn draft(ctx: &Ctx, language: Language, topic: TopicId, letters: &Letters) -> Result<CampaignDraft> {
    let workspace = workspace(ctx).await?;
    let (from_name, from_email) = if let Ok(sender) = outbound::notices::default_sender(&workspace) {
        (sender.name, sender.email)
    } else {
        (workspace.name, Email::parse(SENDER).map_err(|_| Error::NotFound)?)
    };
    let other = match language {
        Language::English => Language::Arabic,
        Language::Arabic => Language::English,
    };
    Ok(CampaignDraft {
        name: language.pick(letters.name).to_owned(),
        from_name,
        from_email,
        reply_to: None,
        topic,
        segment: None,
        purpose: Purpose::MARKETING,
        reason: None,
        prospecting: None,
        track: true,
        content: source(letters, language),
        variants: BTreeMap::from([(other.locale(), source(letters, other))]),
        texts: None,
    })
}

/// Removes what was loaded: people are erased like any others, drafts nobody changed are deleted, and so
/// are segment, form and topic unless something else needs them.
///
/// # Errors
/// `conflict` while the people are still being imported, or the store's; what was removed stays removed, and
/// the rest goes at the next call.
pub async fn remove(ctx: &Ctx, gate: &Gate) -> Result<Removed> {
    let mut loaded = state(ctx).await?;
    let mut removed = Removed::default();
    if !loaded.there {
        return Ok(removed);
    }
    if importing(ctx, &loaded).await? {
        let detail = "the sample people are still being loaded; try again in a moment";
        return Err(Error::Invalid(Problem::new(Code::Conflict, detail)));
    }
    for address in words::addresses(&loaded.domain()) {
        let Ok(email) = Email::parse(&address) else { continue };
        if let Some(contact) = contacts::by_email(ctx, &email).await? {
            contacts::erase(ctx, gate, contact).await?;
            removed.contacts += 1;
        }
    }
    for id in std::mem::take(&mut loaded.campaigns) {
        let mut batch = ctx.batch();
        batch.guard(sql::DELETE_UNCHANGED, params![ctx.workspace, id]);
        crate::lifecycle::told(&mut batch, "campaign.deleted", id);
        match ctx.db.apply(batch).await {
            Ok(_) => removed.campaigns += 1,
            // Changed, sent, or gone already.
            Err(store::Error::Guard(_)) => {
                removed.kept += u64::from(crate::lifecycle::anywhere(ctx, id).await?.is_some());
            }
            Err(error) => return Err(error.into()),
        }
    }
    places(ctx, &loaded, &mut removed).await?;
    for name in &loaded.tags {
        if let Some(tag) = tags::by_name(ctx, name).await? {
            tags::erase_unused(ctx, tag.id).await?;
        }
    }
    remember(ctx, &Loaded { round: loaded.round, ..Loaded::default() }).await?;
    Ok(removed)
}

/// Whether the people are still coming in.
async fn importing(ctx: &Ctx, loaded: &Loaded) -> Result<bool> {
    let Some(id) = loaded.import else { return Ok(false) };
    match import::job::get(ctx, id).await {
        Ok(found) => Ok(found.state == import::job::State::Running),
        Err(people::Error::NotFound(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Segment, form and topic.
async fn places(ctx: &Ctx, loaded: &Loaded, removed: &mut Removed) -> Result<()> {
    if let Some(segment) = loaded.segment {
        let user: Option<(CampaignId,)> = ctx.db.opt(sql::USER_OF_SEGMENT, params![ctx.workspace, segment]).await?;
        match user {
            Some(_) => removed.kept += 1,
            None => removed.segments += u64::from(saved::erase(ctx, segment).await?),
        }
    }
    let Some(topic) = loaded.topic else { return Ok(()) };
    // Who signed up by the form stays in the topic, and their evidence names the form.
    let joined = topics::member_counts(ctx, topic).await?.iter().any(|(_, count)| *count > 0);
    if let Some(form) = loaded.form {
        if joined {
            removed.kept += 1;
        } else {
            removed.forms += u64::from(forms::erase(ctx, form).await?);
        }
    }
    let user: Option<(CampaignId,)> = ctx.db.opt(sql::USER_OF_TOPIC, params![ctx.workspace, topic]).await?;
    if user.is_none() && topics::erase_unused(ctx, topic).await? {
        removed.topics += 1;
    } else {
        removed.kept += 1;
    }
    Ok(())
}

/// How many of the people are there.
///
/// # Errors
/// The store's.
pub async fn people_there(ctx: &Ctx, loaded: &Loaded) -> Result<u64> {
    let Some(id) = loaded.import.filter(|_| loaded.there) else { return Ok(0) };
    match import::job::get(ctx, id).await {
        Ok(found) => Ok(found.report.added),
        Err(people::Error::NotFound(_)) => Ok(words::PEOPLE as u64),
        Err(error) => Err(error.into()),
    }
}

/// Whether the import of the people has not ended.
///
/// # Errors
/// The store's.
pub async fn loading(ctx: &Ctx, loaded: &Loaded) -> Result<bool> {
    importing(ctx, loaded).await
}
