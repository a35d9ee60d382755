//! The blocks. Every block has an id that stays the same through edits, and may have a direction and
//! paddings of its own.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::read::Reader;
use super::{Align, Colour, Dir, Doc, Inline, Padding};

/// Declares a block: what all blocks have, and its own members.
macro_rules! block {
    ($(#[$about:meta])* $name:ident as $alias:ident { $($(#[$member_about:meta])* $member:ident: $kind:ty,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        #[schema(as = $alias)]
        pub struct $name {
            /// Its name in the document: letters, digits, `-` and `_`.
            #[schema(max_length = 40)]
            pub id: String,
            /// Its direction; the document's when absent.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub dir: Option<Dir>,
            /// The space around it; 10 above and below, 24 before and after when absent.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub padding: Option<Padding>,
            $($(#[$member_about])* pub $member: $kind,)*
        }
    };
}

block! {
    /// A heading.
    Heading as HeadingBlock {
        /// 1, 2 or 3.
        #[schema(minimum = 1, maximum = 3)]
        level: u8,
        /// What it says: one line or a few.
        #[serde(deserialize_with = "super::read::inline")]
        content: Vec<Inline>,
        /// Where it stands.
        #[serde(default)]
        align: Align,
        /// Its colour; the theme's text when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>)]
        color: Option<Colour>,
    }
}

block! {
    /// Paragraphs, lists and quotations.
    Text as TextBlock {
        /// What it says.
        #[serde(deserialize_with = "super::read::doc")]
        content: Doc,
        /// Where it stands.
        #[serde(default)]
        align: Align,
        /// Its colour; the theme's text when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>)]
        color: Option<Colour>,
        /// The size of the letters in pixels, 12 to 32; 16 when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 12, maximum = 32)]
        size: Option<u16>,
    }
}

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ButtonStyle {
    /// On the brand's colour.
    #[default]
    Filled,
    /// With a border.
    Outline,
}

macro_rules! button {
    ($(#[$about:meta])* $name:ident as $alias:ident) => {
        block! {
            $(#[$about])*
            $name as $alias {
                /// What stands on it.
                #[schema(max_length = 300)]
                label: String,
                /// Where it leads: an http, https, mailto or tel URL, or a merge tag. Empty while a draft.
                #[schema(max_length = 2000)]
                url: String,
                /// Where it stands.
                #[serde(default)]
                align: Align,
                /// How it looks.
                #[serde(default)]
                style: ButtonStyle,
                /// Its colour; the theme's brand when absent.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[schema(value_type = Option<String>)]
                color: Option<Colour>,
                /// Whether it is as wide as its column.
                #[serde(default)]
                wide: bool,
            }
        }
    };
}

button! {
    /// A button.
    Button as ButtonBlock
}
button! {
    /// A button to a page where appointments are made.
    Booking as BookingBlock
}
button! {
    /// A button to a sign-up form.
    Signup as SignupBlock
}

block! {
    /// A picture.
    Image as ImageBlock {
        /// An http or https URL, or the path of a picture of the library, `/i/…`. Empty while a draft.
        #[schema(max_length = 2000)]
        src: String,
        /// What it shows, for people who do not see it; needed before sending unless `decorative`.
        #[serde(default)]
        #[schema(max_length = 500)]
        alt: String,
        /// Whether it says nothing that the text does not say.
        #[serde(default)]
        decorative: bool,
        /// Where it leads.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 2000)]
        url: Option<String>,
        /// Its width in pixels, 8 to 900; the column's when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 8, maximum = 900)]
        width: Option<u16>,
        /// Where it stands when it is narrower than its column.
        #[serde(default)]
        align: Align,
        /// How round its corners are, 0 to 200; the theme's radius when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(maximum = 200)]
        radius: Option<u16>,
    }
}

/// The style of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineStyle {
    /// Unbroken.
    #[default]
    Solid,
    /// Of dashes.
    Dashed,
    /// Of dots.
    Dotted,
}

block! {
    /// A line across.
    Divider as DividerBlock {
        /// Its colour; a light one when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>)]
        color: Option<Colour>,
        /// How thick it is, 1 to 12; 1 when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 1, maximum = 12)]
        width: Option<u16>,
        /// How it is drawn.
        #[serde(default)]
        style: LineStyle,
    }
}

block! {
    /// Empty space.
    Spacer as SpacerBlock {
        /// In pixels, 1 to 200.
        #[schema(minimum = 1, maximum = 200)]
        height: u16,
    }
}

/// Where an organisation is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "proper names")]
pub enum Network {
    Facebook,
    Instagram,
    X,
    Linkedin,
    Youtube,
    Tiktok,
    Whatsapp,
    Telegram,
    Snapchat,
    Threads,
    Mastodon,
    Github,
    Website,
    Email,
}

impl Network {
    /// The name in the list of words.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Facebook => "facebook",
            Self::Instagram => "instagram",
            Self::X => "x",
            Self::Linkedin => "linkedin",
            Self::Youtube => "youtube",
            Self::Tiktok => "tiktok",
            Self::Whatsapp => "whatsapp",
            Self::Telegram => "telegram",
            Self::Snapchat => "snapchat",
            Self::Threads => "threads",
            Self::Mastodon => "mastodon",
            Self::Github => "github",
            Self::Website => "website",
            Self::Email => "email",
        }
    }
}

/// One place where the organisation is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SocialItem {
    /// Which network.
    pub network: Network,
    /// The page there.
    #[schema(max_length = 2000)]
    pub url: String,
    /// What is read; the network's name in the document's language when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 300)]
    pub label: Option<String>,
}

block! {
    /// Links to where the organisation is found, as words: no icon has to be loaded.
    Social as SocialBlock {
        /// At most 14.
        items: Vec<SocialItem>,
        /// Where they stand.
        #[serde(default)]
        align: Align,
    }
}

/// A link of a menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MenuItem {
    /// What is read.
    #[schema(max_length = 300)]
    pub label: String,
    /// Where it leads.
    #[schema(max_length = 2000)]
    pub url: String,
}

block! {
    /// Links in one line.
    Menu as MenuBlock {
        /// At most 12.
        items: Vec<MenuItem>,
        /// Where they stand.
        #[serde(default)]
        align: Align,
    }
}

block! {
    /// A picture that leads to a film; mail programs play none.
    Video as VideoBlock {
        /// Where the film is shown.
        #[schema(max_length = 2000)]
        url: String,
        /// The picture, as of an image.
        #[schema(max_length = 2000)]
        thumbnail: String,
        /// What the film shows; needed before sending.
        #[serde(default)]
        #[schema(max_length = 500)]
        alt: String,
        /// What stands below; "Watch the video" when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 300)]
        label: Option<String>,
    }
}

block! {
    /// A table of texts.
    Table as TableBlock {
        /// Whether the first row names the columns.
        #[serde(default)]
        header: bool,
        /// At most 100 rows of at most 8 cells, all of the same number.
        rows: Vec<Vec<String>>,
        /// Where the texts stand in their cells.
        #[serde(default)]
        align: Align,
    }
}

/// One product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductItem {
    /// What it is called.
    #[schema(max_length = 300)]
    pub name: String,
    /// A sentence about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000)]
    pub text: Option<String>,
    /// What it costs, as it is to be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub price: Option<String>,
    /// What it cost before, struck through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub old_price: Option<String>,
    /// Its picture, as of an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub image: Option<String>,
    /// What the picture shows; the product's name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub alt: Option<String>,
    /// Where it leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub url: Option<String>,
}

block! {
    /// Products, repeated in one manner.
    Product as ProductBlock {
        /// At most 30.
        items: Vec<ProductItem>,
        /// How many stand side by side, 1 to 3; one has its picture beside it.
        #[schema(minimum = 1, maximum = 3)]
        columns: u8,
        /// What the link of each says, such as "Buy"; no link of its own when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 300)]
        label: Option<String>,
    }
}

block! {
    /// Somebody's words.
    Quote as QuoteBlock {
        /// The words.
        #[serde(deserialize_with = "super::read::doc")]
        content: Doc,
        /// Whose they are.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 300)]
        cite: Option<String>,
    }
}

block! {
    /// Raw HTML. What could run, load or leave its place is taken out of it.
    Code as CodeBlock {
        /// The HTML, at most 50,000 bytes; merge tags are read.
        html: String,
    }
}

block! {
    /// What every marketing message ends with: postal address, unsubscribe, preferences. It cannot be removed.
    Footer as FooterBlock {
        /// A sentence before them, such as how the reader came onto the list.
        #[serde(default)]
        #[schema(max_length = 1000)]
        text: String,
        /// The link to unsubscribe; "Unsubscribe" when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 300)]
        unsubscribe_label: Option<String>,
        /// The link to the preference centre; "Your preferences" when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 300)]
        preferences_label: Option<String>,
        /// Whether a link shows the message in a browser.
        #[serde(default)]
        view_link: bool,
        /// Whether it carries the three slots of the lawful notice; always in mail to people who did not ask.
        #[serde(default)]
        notice: bool,
        /// Where it stands.
        #[serde(default)]
        align: Align,
    }
}

/// Declares the list of blocks: the type, how it is read, and what all of them have.
macro_rules! blocks {
    ($($(#[$about:meta])* $tag:literal $name:ident,)*) => {
        /// A block.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
        #[serde(tag = "type", rename_all = "snake_case")]
        #[schema(as = DesignBlock)]
        pub enum Block {
            $($(#[$about])* $name($name),)*
        }

        impl Block {
            /// Every type of block.
            pub const TYPES: &'static [&'static str] = &[$($tag),*];

            /// The type, as in its JSON.
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$name(_) => $tag,)* }
            }

            /// Its name in the document.
            pub fn id(&self) -> &str {
                match self { $(Self::$name(block) => &block.id,)* }
            }

            /// Its own direction.
            pub const fn dir(&self) -> Option<Dir> {
                match self { $(Self::$name(block) => block.dir,)* }
            }

            /// Its own paddings.
            pub const fn padding(&self) -> Option<Padding> {
                match self { $(Self::$name(block) => block.padding,)* }
            }

            pub(super) fn read(reader: &mut Reader, at: &str, kind: &str, members: Value) -> Option<Self> {
                match kind {
                    $($tag => reader.typed(members, at).map(Self::$name),)*
                    _ => {
                        let known = Self::TYPES.join(", ");
                        reader.fault(format!("{at}/type"), format!("expected one of {known}"));
                        None
                    }
                }
            }
        }
    };
}

blocks! {
    /// A heading.
    "heading" Heading,
    /// Paragraphs, lists and quotations.
    "text" Text,
    /// A button.
    "button" Button,
    /// A picture.
    "image" Image,
    /// A line across.
    "divider" Divider,
    /// Empty space.
    "spacer" Spacer,
    /// Links to where the organisation is found.
    "social" Social,
    /// Links in one line.
    "menu" Menu,
    /// A picture that leads to a film.
    "video" Video,
    /// A table.
    "table" Table,
    /// Products.
    "product" Product,
    /// Somebody's words.
    "quote" Quote,
    /// Raw HTML.
    "code" Code,
    /// A button to a page where appointments are made.
    "booking" Booking,
    /// A button to a sign-up form.
    "signup" Signup,
    /// Postal address, unsubscribe, preferences.
    "footer" Footer,
}
