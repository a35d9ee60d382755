//! The document that the block editor edits: rows of columns of blocks, as versioned JSON. It is the
//! only source of truth; MJML, HTML and the text part are always derived from it, by the same way for a
//! preview, a test, the archive and the mail itself.
//!
//! [`Design::read`] takes a document from outside: it migrates older versions, refuses what it does
//! not know and names the place of each fault by its JSON pointer (RFC 6901). What is well-formed but
//! not yet finished (a picture without its description, a button that leads nowhere) is accepted,
//! told as a problem when it is compiled, and not sent. [`repair`] mends what outsiders get wrong.

mod blocks;
mod check;
mod migrate;
mod read;
mod render;
mod repair;
mod sanitise;
mod style;
mod text;
mod theme;
mod words;

use kernel::{Direction, Locale};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

pub use blocks::{
    Block, Booking, Button, ButtonStyle, Code, Divider, Footer, Heading, Image, LineStyle, Menu, MenuItem, Network,
    Product, ProductItem, Quote, Signup, Social, SocialItem, Spacer, Table, Text, Video,
};
pub use migrate::VERSION;
pub use repair::{Repair, Repaired, repair};
pub use text::{
    Doc, Inline, LinkAttrs, ListItem, Mark, MergeAttrs, MergeNode, Node, OrderedAttrs, ParagraphAttrs, TextNode,
    TextStyleAttrs,
};
pub use theme::{Colour, Dark, Font, Theme};

pub(crate) use render::render;

/// The most rows of a document.
pub const MAX_ROWS: usize = 200;
/// The most blocks of a document.
pub const MAX_BLOCKS: usize = 500;

/// Where text begins: at the left or at the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DesignDir)]
pub enum Dir {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

impl Dir {
    /// As the kernel says it.
    pub const fn direction(self) -> Direction {
        match self {
            Self::Ltr => Direction::Ltr,
            Self::Rtl => Direction::Rtl,
        }
    }

    /// The physical side at which text begins.
    pub(crate) const fn start(self) -> &'static str {
        match self {
            Self::Ltr => "left",
            Self::Rtl => "right",
        }
    }

    /// The physical side at which text ends.
    pub(crate) const fn end(self) -> &'static str {
        match self {
            Self::Ltr => "right",
            Self::Rtl => "left",
        }
    }
}

/// Where something stands in its line; never left or right, so that it is right in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DesignAlign)]
pub enum Align {
    /// Where the line begins.
    #[default]
    Start,
    /// In the middle.
    Center,
    /// Where the line ends.
    End,
}

/// The space around something, in pixels: above and below (`block`), before and after (`inline`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DesignPadding)]
pub struct Padding {
    /// Above and below, 0 to 120.
    #[schema(maximum = 120)]
    pub block: u16,
    /// Before and after, 0 to 120.
    #[schema(maximum = 120)]
    pub inline: u16,
}

/// What the columns of a row do on a telephone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DesignStack)]
pub enum Stack {
    /// They stand one below the other, the first on top.
    #[default]
    Normal,
    /// They stand one below the other, the last on top.
    Reverse,
    /// They stay side by side.
    None,
}

/// How a row looks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DesignRowStyle)]
pub struct RowStyle {
    /// The background; the theme's surface when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub bg: Option<Colour>,
    /// The space around the columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub padding: Option<Padding>,
}

/// One to four columns side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DesignRow)]
pub struct Row {
    /// Its name in the document: letters, digits, `-` and `_`; stays the same through edits.
    #[schema(max_length = 40)]
    pub id: String,
    /// The shares of the columns: `[1]`, `[1,1]`, `[1,2]`, `[2,1]`, `[1,1,1]` or `[1,1,1,1]`.
    pub layout: Vec<u8>,
    /// What the columns do on a telephone.
    pub stack: Stack,
    /// How it looks.
    pub style: RowStyle,
    /// Shown only to people for whom this condition holds, as in `{% if … %}`: `plan == "gold"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visible_if: Option<String>,
    /// Whether editors of messages leave it as it is; who edits the template may unlock it.
    #[serde(skip_serializing_if = "is_false")]
    pub locked: bool,
    /// The blocks of each column, as many columns as `layout` has shares.
    #[schema(value_type = Vec<Vec<Block>>)]
    pub cols: Vec<Vec<Block>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_false(value: &bool) -> bool {
    !value
}

/// The document of a message, version 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "Value")]
pub struct Design {
    /// The version of the format, 2; version 1 is read, too.
    #[schema(minimum = 1, maximum = 2)]
    pub v: u32,
    /// The direction of the layout and, unless a block says otherwise, of its text.
    pub dir: Dir,
    /// The language, as a BCP 47 tag.
    #[schema(value_type = String)]
    pub lang: Locale,
    /// Colours, font and measures.
    pub theme: Theme,
    /// The line shown beside the subject; a preheader given beside the document goes before it.
    pub preheader: String,
    /// From top to bottom; the last block of the last row is the footer.
    pub rows: Vec<Row>,
}

/// Something wrong in a document from outside, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DesignFault)]
pub struct Fault {
    /// The place, as a JSON pointer into the document.
    pub at: String,
    /// What is wrong and what to do. Never repeats the value.
    pub detail: String,
}

impl TryFrom<Value> for Design {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        Self::read(value).map_err(|faults| {
            let first = faults.first();
            first.map_or_else(String::new, |fault| format!("{}: {}", fault.at, fault.detail))
        })
    }
}

impl Design {
    /// Reads a document of any version from outside.
    ///
    /// # Errors
    /// Every fault with its place: unknown or missing members, wrong types, values out of bounds, URLs of
    /// other schemes than http, https, mailto and tel, ids that are used twice, no footer at the end.
    pub fn read(value: Value) -> Result<Self, Vec<Fault>> {
        let value = migrate::to_current(value)?;
        let design = read::document(value)?;
        let faults = check::faults(&design);
        if faults.is_empty() { Ok(design) } else { Err(faults) }
    }

    /// The canonical JSON.
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// Every block with its JSON pointer, in order of reading.
    pub fn blocks(&self) -> impl Iterator<Item = (String, &Block)> {
        self.rows.iter().enumerate().flat_map(|(r, row)| {
            row.cols.iter().enumerate().flat_map(move |(c, column)| {
                column.iter().enumerate().map(move |(b, block)| (format!("/rows/{r}/cols/{c}/{b}"), block))
            })
        })
    }

    /// Lets the footer carry the three slots of the lawful notice, as mail to people who did not ask must.
    pub fn carry_notice(&mut self) {
        let blocks = self.rows.iter_mut().flat_map(|row| row.cols.iter_mut().flatten());
        if let Some(Block::Footer(footer)) = blocks.last() {
            footer.notice = true;
        }
    }
}
