//! A widget's settings: on which sites, how it looks, what it asks for and why.

use std::collections::BTreeMap;

use kernel::{BotId, GroupId, NoticeId, TopicId};
use people::forms::{covers, is_pattern};
use privacy::cookies::Colour;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::encryption::Encryption;
use crate::groups::Hours;
use crate::model::codes;
use crate::{Error, Result, text};

codes! {
    /// On which side of the page.
    #[schema(as = ChatSide)]
    Side {
        /// Where lines end: right in English, left in Arabic.
        End = "end",
        /// Where lines begin.
        Start = "start",
    }
    /// What opens the chat.
    #[schema(as = ChatLauncher)]
    Launcher {
        /// A round button.
        Bubble = "bubble",
        /// A bar with words.
        Bar = "bar",
        /// Nothing: the page opens it.
        Hidden = "none",
    }
    /// Which colours.
    #[schema(as = ChatDark)]
    Dark {
        /// As the visitor's system asks.
        Auto = "auto",
        /// Light ones.
        Light = "light",
        /// Dark ones.
        Dark = "dark",
    }
    /// What a field asks for.
    #[schema(as = ChatFieldKind)]
    FieldKind {
        /// Words on one line.
        Text = "text",
        /// Words on several lines.
        Textarea = "textarea",
        /// The person's name.
        Name = "name",
        /// An e-mail address.
        Email = "email",
        /// A telephone number.
        Phone = "phone",
        /// One of a list.
        Select = "select",
        /// One of a few.
        Radio = "radio",
        /// Yes or no.
        Checkbox = "checkbox",
        /// Leave to be written to; never ticked beforehand, never required.
        Consent = "consent",
        /// Whom to talk to.
        Group = "group",
    }
}

/// How far from the edges of the window, in pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatOffset)]
#[serde(default, deny_unknown_fields)]
pub struct Offset {
    /// From the side.
    pub x: u16,
    /// From the bottom.
    pub y: u16,
}

/// How it looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatTheme)]
#[serde(default, deny_unknown_fields)]
pub struct Theme {
    /// The colour of the launcher and of the person's own words, `#rrggbb`.
    pub colour: String,
    /// Words on that colour.
    pub text_colour: String,
    /// On which side.
    pub position: Side,
    /// What opens it.
    pub launcher: Launcher,
    /// A picture of the organisation, an https address.
    pub logo_url: Option<String>,
    /// The radius of corners, in pixels.
    pub radius: u8,
    /// Which colours.
    pub dark: Dark,
    /// How far from the edges.
    pub offset: Offset,
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            colour: "#0b6e63".to_owned(),
            text_colour: "#ffffff".to_owned(),
            position: Side::End,
            launcher: Launcher::Bubble,
            logo_url: None,
            radius: 12,
            dark: Dark::Auto,
            offset: Offset { x: 20, y: 20 },
        }
    }
}

/// What it can do.
#[expect(clippy::struct_excessive_bools, reason = "switches of a settings page, read by name")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatFeatures)]
#[serde(default, deny_unknown_fields)]
pub struct Features {
    /// People send files.
    pub files: bool,
    /// A picker of emoji.
    pub emoji: bool,
    /// People rate.
    pub rating: bool,
    /// People get a transcript by mail.
    pub transcript: bool,
    /// Members see what is typed before it is sent; people are told so beside the box.
    pub sneak_peek: bool,
    /// A sound with a new message.
    pub sound: bool,
    /// "… is typing".
    pub typing: bool,
}

impl Default for Features {
    fn default() -> Self {
        Self { files: true, emoji: true, rating: true, transcript: true, sneak_peek: false, sound: false, typing: true }
    }
}

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatWords)]
#[serde(default, deny_unknown_fields)]
pub struct Words {
    /// In English.
    pub en: String,
    /// In Arabic.
    pub ar: String,
}

impl Words {
    /// In a language; the other one when it was not written.
    pub fn get(&self, language: &str) -> &str {
        let (first, second) = if language.starts_with("ar") { (&self.ar, &self.en) } else { (&self.en, &self.ar) };
        if first.trim().is_empty() { second.trim() } else { first.trim() }
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.en.trim().is_empty() && self.ar.trim().is_empty()
    }

    /// Whether both are bounded.
    ///
    /// # Errors
    /// The field.
    pub fn check(&self, field: &str, most: usize) -> Result<()> {
        text::optional(&format!("{field}.en"), &self.en, most)?;
        text::optional(&format!("{field}.ar"), &self.ar, most)?;
        Ok(())
    }
}

/// An answer to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatFieldOption)]
#[serde(deny_unknown_fields)]
pub struct FieldOption {
    /// What it means.
    pub value: String,
    /// What it says.
    pub label: Words,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatFormField)]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// Its key: lower-case letters, digits and underscores.
    pub key: String,
    /// What it asks for.
    pub kind: FieldKind,
    /// What it is called. For consent these are the words that are kept as evidence.
    pub label: Words,
    /// A line of help.
    #[serde(default)]
    pub help: Words,
    /// It cannot be left out.
    #[serde(default)]
    pub required: bool,
    /// Answers to choose.
    #[serde(default)]
    pub options: Vec<FieldOption>,
    /// What it is asked for; a field without a purpose is refused.
    pub purpose: String,
    /// The topic that ticking a consent joins, with a confirmation by mail where the topic asks for one.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub topic: Option<TopicId>,
}

/// A form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatForm)]
#[serde(default, deny_unknown_fields)]
pub struct Form {
    /// In use.
    pub enabled: bool,
    /// Above the fields.
    pub intro: Words,
    /// The fields.
    pub fields: Vec<FormField>,
}

/// The forms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatForms)]
#[serde(default, deny_unknown_fields)]
pub struct Forms {
    /// Before the chat.
    pub pre_chat: Form,
    /// For an address to answer to.
    pub ask_mail: Form,
    /// After the chat.
    pub post_chat: Form,
    /// While nobody is there.
    pub offline: Form,
}

impl Forms {
    /// A form by its kind, when it is in use.
    pub fn get(&self, kind: crate::events::FormKind) -> Option<&Form> {
        use crate::events::FormKind as K;
        let form = match kind {
            K::PreChat => &self.pre_chat,
            K::AskMail => &self.ask_mail,
            K::PostChat => &self.post_chat,
            K::Offline => &self.offline,
        };
        Some(form).filter(|form| form.enabled)
    }
}

/// Which files people may send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatFileRules)]
#[serde(default, deny_unknown_fields)]
pub struct FileRules {
    /// The largest, in octets.
    pub max_bytes: u64,
    /// Media types.
    pub types: Vec<String>,
}

impl Default for FileRules {
    fn default() -> Self {
        let types = ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain"];
        Self { max_bytes: 10 * 1024 * 1024, types: types.map(str::to_owned).to_vec() }
    }
}

/// A widget's settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatWidgetSettings)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The sites that may show it, such as `https://www.example.com` or `https://*.example.com`.
    pub origins: Vec<String>,
    /// How it looks.
    pub theme: Theme,
    /// Own words: language → key of i18n/*/chat.json → text.
    pub texts: BTreeMap<String, BTreeMap<String, String>>,
    /// Languages it speaks, the first one when the page says nothing.
    pub languages: Vec<String>,
    /// What it can do.
    pub features: Features,
    /// Its forms.
    pub forms: Forms,
    /// Who answers, when no rule says so.
    #[schema(value_type = Option<String>)]
    pub group: Option<GroupId>,
    /// The bot that answers first.
    #[schema(value_type = Option<String>)]
    pub bot: Option<BotId>,
    /// The version of the privacy notice that is shown.
    #[schema(value_type = Option<String>)]
    pub notice: Option<NoticeId>,
    /// When somebody is there; none is the group's hours.
    pub hours: Option<Hours>,
    /// Only people whom the site names may chat.
    pub identity_required: bool,
    /// Which files people may send.
    pub files: FileRules,
    /// Who can read what is said.
    pub encryption: Encryption,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            origins: Vec::new(),
            theme: Theme::default(),
            texts: BTreeMap::new(),
            languages: vec!["en".to_owned(), "ar".to_owned()],
            features: Features::default(),
            forms: Forms::default(),
            group: None,
            bot: None,
            notice: None,
            hours: None,
            identity_required: false,
            files: FileRules::default(),
            encryption: Encryption::Off,
        }
    }
}

/// The most octets of a file that anybody may allow.
pub const LARGEST_FILE: u64 = 25 * 1024 * 1024;

fn check_form(name: &str, form: &Form) -> Result<()> {
    form.intro.check(&format!("forms.{name}.intro"), 2000)?;
    if form.fields.len() > 30 {
        return Err(Error::field(format!("forms.{name}.fields"), "a form has at most 30 fields"));
    }
    let mut keys: Vec<&str> = Vec::new();
    for (number, field) in form.fields.iter().enumerate() {
        let at = |what: &str| format!("forms.{name}.fields[{number}].{what}");
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if !(1..=64).contains(&field.key.len()) || !field.key.bytes().all(plain) || keys.contains(&field.key.as_str()) {
            return Err(Error::field(at("key"), "expected lower-case letters, digits and underscores, once per form"));
        }
        keys.push(&field.key);
        field.label.check(&at("label"), 1000)?;
        field.help.check(&at("help"), 1000)?;
        if field.label.is_empty() {
            return Err(Error::field(at("label"), "says what is asked for"));
        }
        if privacy::vocabulary::Purpose::new(&field.purpose).is_err() {
            return Err(Error::field(at("purpose"), "says what the answer is used for, such as service or marketing"));
        }
        let choice = matches!(field.kind, FieldKind::Select | FieldKind::Radio);
        if choice == field.options.is_empty() || field.options.len() > 100 {
            return Err(Error::field(at("options"), "lists, and only lists, have answers to choose from"));
        }
        for option in &field.options {
            text::line(&at("options.value"), &option.value, 200)?;
            option.label.check(&at("options.label"), 400)?;
        }
        if field.kind == FieldKind::Consent && field.required {
            return Err(Error::field(at("required"), "consent is free; nobody is made to give it (GDPR Art. 7(4))"));
        }
        if field.kind == FieldKind::Consent && field.topic.is_none() {
            let detail = "names the topic that it joins: consent is for something definite (GDPR Art. 4(11))";
            return Err(Error::field(at("topic"), detail));
        }
        if field.kind != FieldKind::Consent && (field.purpose == "marketing" || field.topic.is_some()) {
            return Err(Error::field(at("purpose"), "advertising needs a consent field of its own"));
        }
    }
    Ok(())
}

impl Settings {
    /// Whether everything is right.
    ///
    /// # Errors
    /// The field that is not.
    pub fn check(&self) -> Result<()> {
        if self.origins.len() > 50 || !self.origins.iter().all(|origin| is_pattern(origin)) {
            return Err(Error::field("origins", "expected at most 50 sites such as https://www.example.com"));
        }
        let colours = [("theme.colour", &self.theme.colour), ("theme.text_colour", &self.theme.text_colour)];
        for (field, colour) in colours {
            if Colour::read(colour).is_none() {
                return Err(Error::field(field, "a colour is written #rrggbb"));
            }
        }
        if let (Some(back), Some(words)) = (Colour::read(&self.theme.colour), Colour::read(&self.theme.text_colour))
            && words.contrast(back) < 4.5
        {
            let detail = "too close to the colour behind it to be read: contrast below 4.5";
            return Err(Error::field("theme.text_colour", detail));
        }
        if let Some(url) = &self.theme.logo_url {
            let odd = |c: char| c.is_control() || c.is_whitespace() || "\"'<>\\".contains(c);
            if !url.starts_with("https://") || url.len() > 2000 || url.contains(odd) {
                return Err(Error::field("theme.logo_url", "expected an https address"));
            }
        }
        if self.theme.radius > 32 || self.theme.offset.x > 400 || self.theme.offset.y > 400 {
            return Err(Error::field("theme", "the radius is at most 32, offsets are at most 400"));
        }
        let spoken = |language: &String| matches!(language.as_str(), "en" | "ar");
        if self.languages.is_empty() || self.languages.len() > 2 || !self.languages.iter().all(spoken) {
            return Err(Error::field("languages", "expected en, ar or both"));
        }
        if self.texts.keys().any(|language| !spoken(language)) {
            return Err(Error::field("texts", "expected texts in en and ar"));
        }
        for (key, value) in self.texts.values().flatten() {
            text::line("texts", key, 100)?;
            text::optional("texts", value, 2000)?;
        }
        if self.texts.values().map(BTreeMap::len).sum::<usize>() > 600 {
            return Err(Error::field("texts", "too many"));
        }
        let forms = &self.forms;
        let all = [
            ("pre_chat", &forms.pre_chat),
            ("ask_mail", &forms.ask_mail),
            ("post_chat", &forms.post_chat),
            ("offline", &forms.offline),
        ];
        for (name, form) in all {
            check_form(name, form)?;
        }
        for (name, form) in [("ask_mail", &forms.ask_mail), ("offline", &forms.offline)] {
            if form.enabled && !form.fields.iter().any(|field| field.kind == FieldKind::Email && field.required) {
                return Err(Error::field(format!("forms.{name}.fields"), "needs a required e-mail field to answer to"));
            }
        }
        if self.encryption == Encryption::EndToEnd {
            self.check_unreadable(&all)?;
        }
        if let Some(hours) = &self.hours {
            hours.check()?;
        }
        if self.files.max_bytes == 0 || self.files.max_bytes > LARGEST_FILE {
            return Err(Error::field("files.max_bytes", "is at most 26214400 (25 MiB)"));
        }
        for media_type in &self.files.types {
            if !crate::files::KNOWN.contains(&media_type.as_str()) {
                let detail = format!("expected some of {}", crate::files::KNOWN.join(", "));
                return Err(Error::field("files.types", detail));
            }
        }
        Ok(())
    }

    /// Whether nothing is switched on that needs words which the server cannot read.
    fn check_unreadable(&self, forms: &[(&str, &Form)]) -> Result<()> {
        let off = |field: &str| Err(Error::field(field, "cannot be used where chats are encrypted end to end"));
        if self.bot.is_some() {
            return off("bot");
        }
        if self.features.sneak_peek {
            return off("features.sneak_peek");
        }
        if self.features.transcript {
            return off("features.transcript");
        }
        if self.forms.offline.enabled {
            return off("forms.offline.enabled");
        }
        for (name, form) in forms {
            for (number, field) in form.fields.iter().enumerate().filter(|_| form.enabled) {
                if matches!(field.kind, FieldKind::Text | FieldKind::Textarea) {
                    let at = format!("forms.{name}.fields[{number}].kind");
                    let detail = "free text would be readable where chats are encrypted end to end; ask in the chat";
                    return Err(Error::field(at, detail));
                }
            }
        }
        Ok(())
    }

    /// Whether a page of this origin may show the widget.
    pub fn allows(&self, origin: &str) -> bool {
        covers(&self.origins, origin)
    }
}
