//! The designs that a message may start from: twelve, each written in Arabic and in English. Their pictures are
//! Barid's own, and served under `/i/starters/`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kernel::Locale;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::design::Design;

/// What a design is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// The first message to somebody new.
    Welcome,
    /// Several things, regularly.
    Newsletter,
    /// One piece of news.
    Announcement,
    /// Something to buy.
    Offer,
    /// A day to come.
    Event,
    /// From one person to another.
    Letter,
    /// Wishes for a feast.
    Greeting,
    /// A question to those who know the house.
    Survey,
    /// Something new.
    Launch,
    /// Things to read, in short.
    Digest,
    /// To those who have not read for long.
    WinBack,
    /// A request for support.
    Appeal,
}

/// A design to start from, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Starter {
    /// Its id, such as `welcome.ar`.
    pub id: &'static str,
    /// Its name, in the language that was asked for.
    pub name: &'static str,
    /// What it is good for, in the same language.
    pub description: &'static str,
    /// What it is for.
    pub category: Category,
    /// The language it is written in.
    #[schema(value_type = String)]
    pub language: Locale,
    /// A subject that goes with it.
    pub subject: &'static str,
    /// A preview line that goes with it.
    pub preheader: &'static str,
    /// The document.
    pub design: Design,
}

struct File {
    id: &'static str,
    key: &'static str,
    category: Category,
    text: &'static str,
}

macro_rules! files {
    ($($key:literal $category:ident,)*) => {
        const FILES: &[File] = &[$(
            File { id: concat!($key, ".en"), key: $key, category: Category::$category,
                text: include_str!(concat!("../starters/", $key, ".en.json")) },
            File { id: concat!($key, ".ar"), key: $key, category: Category::$category,
                text: include_str!(concat!("../starters/", $key, ".ar.json")) },
        )*];
    };
}

files! {
    "welcome" Welcome,
    "newsletter" Newsletter,
    "announcement" Announcement,
    "offer" Offer,
    "event" Event,
    "letter" Letter,
    "greeting" Greeting,
    "survey" Survey,
    "launch" Launch,
    "digest" Digest,
    "winback" WinBack,
    "appeal" Appeal,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
    description: String,
}

type Words = BTreeMap<String, Named>;

static EN: LazyLock<Words> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../i18n/en/starters.json")).unwrap_or_default());
static AR: LazyLock<Words> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../i18n/ar/starters.json")).unwrap_or_default());

struct Read {
    design: Design,
    subject: String,
    preheader: String,
}

/// The files, read once. A test reads them all, so that none is missing here.
static DESIGNS: LazyLock<Vec<(&'static File, Read)>> = LazyLock::new(|| {
    FILES.iter().filter_map(|file| Some((file, read(serde_json::from_str(file.text).ok()?)?))).collect()
});

fn read(mut file: Value) -> Option<Read> {
    let subject = file["subject"].as_str()?.to_owned();
    let preheader = file["preheader"].as_str()?.to_owned();
    Some(Read { subject, preheader, design: Design::read(file["design"].take()).ok()? })
}

/// Every design, with names in this language.
pub fn all(names: &Locale) -> Vec<Starter> {
    let words: &'static Words = if names.language() == "ar" { &AR } else { &EN };
    let starter = |(file, read): &'static (&'static File, Read)| {
        let (name, description) =
            words.get(file.key).map_or((file.key, ""), |named| (named.name.as_str(), named.description.as_str()));
        Starter {
            id: file.id,
            name,
            description,
            category: file.category,
            language: read.design.lang.clone(),
            subject: &read.subject,
            preheader: &read.preheader,
            design: read.design.clone(),
        }
    };
    DESIGNS.iter().map(starter).collect()
}

macro_rules! pictures {
    ($($name:literal)*) => {
        const PICTURES: &[(&str, &[u8])] =
            &[$(($name, include_bytes!(concat!("../starters/", $name)))),*];
    };
}
pictures! { "hills.png" "paper.png" "market.png" }

/// A picture of the designs, a PNG, by its file name.
pub fn picture(name: &str) -> Option<&'static [u8]> {
    PICTURES.iter().find(|(known, _)| *known == name).map(|(_, body)| *body)
}
