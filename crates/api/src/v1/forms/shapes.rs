//! Forms as their JSON shows them; a test holds these to what is really answered.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A sign-up form.
#[derive(Serialize, ToSchema)]
pub(super) struct Form {
    id: String,
    name: String,
    /// The topic people join.
    topic: String,
    definition: FormDefinition,
    /// Counts changes; evidence names the version that was shown.
    version: i64,
    /// Out of use since.
    #[schema(format = DateTime)]
    archived_at: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    /// What became of it in the last 30 days.
    last_30_days: FormFigures,
}

/// What a form consists of. Only `fields`, `en` and `ar` must be given.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct FormDefinition {
    /// What it asks for, in order; one of `email` or `phone` is required. At most 30.
    fields: Vec<FormField>,
    /// The words in English.
    en: FormTexts,
    /// The words in Arabic.
    ar: FormTexts,
    /// The version of the privacy notice shown.
    #[serde(default)]
    notice: Option<String>,
    /// Whether people confirm by mail even when the topic itself does not ask for it.
    #[serde(default)]
    double_opt_in: bool,
    /// Names of tags everybody gets.
    #[serde(default)]
    tags: Vec<String>,
    /// What it is on the page that embeds it.
    #[serde(default)]
    kind: FormKind,
    /// How it looks there.
    #[serde(default)]
    theme: FormTheme,
    /// When it comes up by itself.
    #[serde(default)]
    display: FormDisplay,
    /// What happens once it was sent.
    #[serde(default)]
    success: FormSuccess,
    /// Further topics to choose from beside the form's own, at most nine; none is ticked beforehand.
    #[serde(default)]
    topics: Vec<String>,
    /// Asks for the age.
    #[serde(default)]
    minimum_age: Option<FormMinimumAge>,
    /// The sites that may embed it, such as `https://www.example.com` or `https://*.example.com`.
    #[serde(default)]
    origins: Vec<String>,
}

/// One field of a form.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct FormField {
    /// `email`, `phone`, a standard field, or the key of a custom field.
    key: String,
    /// What it is asked for.
    purpose: String,
    /// Whether the form cannot be sent without it.
    #[serde(default)]
    required: bool,
    label_en: String,
    label_ar: String,
    /// What somebody cannot have who leaves a required field empty; for address and number a sentence stands ready.
    #[serde(default)]
    if_refused_en: String,
    #[serde(default)]
    if_refused_ar: String,
}

/// The words of a form in one language.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct FormTexts {
    title: String,
    /// What people get, above the fields.
    #[serde(default)]
    intro: String,
    /// What they agree to; kept as evidence word for word.
    consent: String,
    button: String,
    /// After sending.
    #[serde(default)]
    thanks: String,
}

/// What a form is on the page that embeds it.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum FormKind {
    /// Part of the page.
    #[default]
    Inline,
    /// A window over the page.
    Popup,
    /// A window at the page's corner.
    SlideIn,
    /// A bar at the page's foot.
    Bar,
}

/// Which colours are used.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum FormScheme {
    /// As the visitor's system asks.
    #[default]
    Auto,
    /// The light ones.
    Light,
    /// The dark ones.
    Dark,
}

/// How a form looks. Colours are `#rrggbb`; words need a contrast of 4.5 with their background, buttons of 3.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct FormTheme {
    scheme: FormScheme,
    background: String,
    text: String,
    button: String,
    dark_background: String,
    dark_text: String,
    dark_button: String,
    /// The radius of corners, in pixels, 0 to 24.
    radius: u8,
    image: Option<FormImage>,
}

/// A picture above a form.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct FormImage {
    /// A path on the embedding site, or a URL of one of the form's origins.
    url: String,
    #[serde(default)]
    alt_en: String,
    #[serde(default)]
    alt_ar: String,
}

/// When a form comes up by itself; an inline form is always there.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct FormDisplay {
    /// Where one of the positive rules holds, or there is none, and no negative one does.
    pages: Vec<FormPageRule>,
    device: FormDevice,
    /// Languages of the page; all when empty.
    languages: Vec<String>,
    /// Parts of the address that visitors come from; from anywhere when empty.
    referrers: Vec<String>,
    visitors: FormVisitors,
    trigger: FormTrigger,
    frequency: FormFrequency,
}

/// A rule about pages.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct FormPageRule {
    r#match: FormMatch,
    value: String,
}

/// How an entry is compared with the address of the page.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum FormMatch {
    /// It stands somewhere in it.
    Contains,
    /// It is the address, or its path.
    Equals,
    /// It stands nowhere in it.
    NotContains,
}

/// On which devices.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum FormDevice {
    /// On all.
    #[default]
    All,
    /// Narrower than 768 pixels.
    Phone,
    /// At least that wide.
    Desktop,
}

/// For whom; `new` and `returning` only where visitors allowed it to be remembered.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum FormVisitors {
    /// For everybody.
    #[default]
    All,
    /// On somebody's first day.
    New,
    /// From the second day on.
    Returning,
}

/// Upon what a form comes up.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(tag = "on", rename_all = "snake_case")]
pub(super) enum FormTrigger {
    /// After so many seconds, 0 to 3600.
    Delay { seconds: u16 },
    /// When so much of the page was scrolled past, 1 to 100.
    Scroll { percent: u8 },
    /// When the pointer leaves the page at its top.
    Exit,
    /// When something on the page is pressed, named by a CSS selector.
    Click { selector: String },
}

impl Default for FormTrigger {
    fn default() -> Self {
        Self::Delay { seconds: 5 }
    }
}

/// How often a form comes up by itself.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(tag = "show", rename_all = "snake_case")]
pub(super) enum FormFrequency {
    /// On every page.
    Always,
    /// Once.
    Once,
    /// Every so many days, 1 to 365.
    Days { days: u16 },
    /// On every page until somebody has signed up.
    UntilSubscribed,
}

impl Default for FormFrequency {
    fn default() -> Self {
        Self::Days { days: 7 }
    }
}

/// What happens once a form was sent.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(tag = "then", rename_all = "snake_case")]
pub(super) enum FormSuccess {
    /// The thanks stand in its place.
    #[default]
    Message,
    /// The visitor is led to a path of the embedding site, or a URL of one of the form's origins.
    Redirect { url: String },
}

/// Asks for the date of birth, which is not kept, and turns away whoever is too young.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct FormMinimumAge {
    /// In years, not below the workspace's minimum age; that one when null.
    #[serde(default)]
    years: Option<u8>,
}

/// Numbers of a form; nobody is identified by them.
#[derive(Serialize, ToSchema)]
pub(super) struct FormFigures {
    /// How often it was on somebody's screen.
    views: i64,
    /// How often it was sent.
    submissions: i64,
    /// How many people it brought: who confirmed, or joined where nobody is asked to confirm.
    confirmed: i64,
}

/// The numbers of one day (UTC).
#[derive(Serialize, ToSchema)]
pub(super) struct FormDay {
    #[schema(format = Date)]
    day: String,
    views: i64,
    submissions: i64,
    confirmed: i64,
}

/// The numbers of a span of days, those on which nothing happened included.
#[derive(Serialize, ToSchema)]
pub(super) struct FormReport {
    form: String,
    #[schema(format = Date)]
    from: String,
    #[schema(format = Date)]
    to: String,
    total: FormFigures,
    days: Vec<FormDay>,
}
