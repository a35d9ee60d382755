//! Custom fields: what a workspace may know about people beyond the standard fields, typed and
//! bound to a purpose.

use std::collections::BTreeMap;

use kernel::{Problem, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::{Ctx, Feed, params};

use crate::Result;
use crate::import::{attribute_key, instant, values};

store::sql! {
    INSERT_FIELD = "INSERT INTO field (workspace, key, kind, label, purpose, created_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (workspace, key) DO NOTHING";
    UPDATE_FIELD = "UPDATE field SET label = $3, purpose = $4 WHERE workspace = $1 AND key = $2";
    DELETE_FIELD = "DELETE FROM field WHERE workspace = $1 AND key = $2";
    FIELDS = "SELECT key, kind, label, purpose, created_at FROM field WHERE workspace = $1 ORDER BY key";
}

/// The most custom fields of a workspace.
pub const MAX_FIELDS: usize = 200;

/// The type of a custom field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Text of at most 4000 characters.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Bool,
    /// A day.
    Date,
}

impl FieldKind {
    /// The code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Bool => "bool",
            Self::Date => "date",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Text, Self::Number, Self::Bool, Self::Date].into_iter().find(|kind| kind.as_str() == code)
    }

    /// Reads a value of this kind from text, as files and forms have it.
    pub fn read(self, text: &str) -> Option<Json> {
        let text = text.trim();
        match self {
            Self::Text => values::paragraph(text).map(Json::from),
            Self::Number => number(text),
            Self::Bool => match kernel::fold(text).as_str() {
                "true" | "yes" | "1" | "ja" | "oui" | "نعم" | "y" | "x" => Some(Json::Bool(true)),
                "false" | "no" | "0" | "nein" | "non" | "لا" | "n" => Some(Json::Bool(false)),
                _ => None,
            },
            Self::Date => {
                let at = instant::parse(text)?;
                Some(Json::from(at.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date().to_string()))
            }
        }
    }

    /// Checks a JSON value; text is read as [`FieldKind::read`] does. Null clears.
    pub fn check(self, value: Json) -> Option<Json> {
        match (self, value) {
            (_, Json::Null) => Some(Json::Null),
            (Self::Number, Json::Number(number)) => {
                number.as_f64().filter(|n| n.is_finite()).map(|_| Json::Number(number))
            }
            (Self::Bool, Json::Bool(flag)) => Some(Json::Bool(flag)),
            (kind, Json::String(text)) if text.trim().is_empty() => {
                let _ = kind;
                Some(Json::Null)
            }
            (kind, Json::String(text)) => kind.read(&text),
            _ => None,
        }
    }
}

fn number(text: &str) -> Option<Json> {
    let folded;
    let text = if text.is_ascii() {
        text
    } else {
        folded = kernel::fold(text);
        &folded
    };
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Json::from(whole));
    }
    let decimal = if text.contains('.') { text.to_owned() } else { text.replacen([',', '٫'], ".", 1) };
    let number: f64 = decimal.parse().ok()?;
    serde_json::Number::from_f64(number).map(Json::Number)
}

/// A custom field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Field {
    /// Under which values are stored: folded letters, digits and underscores.
    pub key: String,
    /// Its type; it never changes.
    pub kind: FieldKind,
    /// What people call it.
    pub label: String,
    /// What it is kept for.
    pub purpose: String,
    /// Since when.
    pub created_at: Timestamp,
}

impl store::FromRow for Field {
    fn from_row(row: &mut store::Row) -> store::Result<Self> {
        Ok(Self {
            key: row.take()?,
            kind: FieldKind::from_code(&row.take::<String>()?).ok_or(store::Error::Column("a field's type"))?,
            label: row.take()?,
            purpose: row.take()?,
            created_at: row.take()?,
        })
    }
}

/// Every custom field of the workspace, by key.
pub async fn list(ctx: &Ctx) -> Result<BTreeMap<String, Field>> {
    let fields: Vec<Field> = ctx.db.all(FIELDS, params![ctx.workspace]).await?;
    Ok(fields.into_iter().map(|field| (field.key.clone(), field)).collect())
}

/// Defines a field; one that is there already stays as it is.
pub async fn define(ctx: &Ctx, label: &str, kind: FieldKind, purpose: &str) -> Result<Field> {
    let label = values::line(label).filter(|label| !label.is_empty());
    let label = label.ok_or_else(|| Problem::field("label", "a field's name has 1 to 200 characters"))?;
    let key = attribute_key(&label);
    if key.is_empty() || crate::contacts::Standard::named(&key).is_some() || matches!(key.as_str(), "email" | "phone") {
        return Err(Problem::field("label", "this name is taken by a standard field or has no letters").into());
    }
    privacy::vocabulary::Purpose::new(purpose).map_err(|error| Problem::field("purpose", error.to_string()))?;
    let known = list(ctx).await?;
    if let Some(field) = known.get(&key) {
        return Ok(field.clone());
    }
    if known.len() >= MAX_FIELDS {
        return Err(Problem::field("label", "a workspace has at most 200 custom fields").into());
    }
    let field = Field { key, kind, label, purpose: purpose.to_owned(), created_at: ctx.now() };
    let mut batch = ctx.batch();
    batch.push(
        INSERT_FIELD,
        params![ctx.workspace, &field.key, kind.as_str(), &field.label, &field.purpose, field.created_at],
    );
    batch.feed(Feed { kind: "field.created", entity: ctx.workspace.into(), data: json!({"kind": kind.as_str()}) });
    ctx.db.apply(batch).await?;
    Ok(field)
}

/// Changes a field's name for people and its purpose.
pub async fn update(ctx: &Ctx, key: &str, label: &str, purpose: &str) -> Result<()> {
    privacy::vocabulary::Purpose::new(purpose).map_err(|error| Problem::field("purpose", error.to_string()))?;
    let mut batch = ctx.batch();
    batch.guard(UPDATE_FIELD, params![ctx.workspace, key, label, purpose]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Takes a field out of use. Values already sealed in contacts are no longer shown or exported,
/// and go with the contact's next change.
pub async fn delete(ctx: &Ctx, key: &str) -> Result<()> {
    let mut batch = ctx.batch();
    batch.guard(DELETE_FIELD, params![ctx.workspace, key]);
    batch.feed(Feed { kind: "field.deleted", entity: ctx.workspace.into(), data: json!({}) });
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Checks the custom values of a draft against the workspace's fields.
pub(crate) fn check(
    fields: &BTreeMap<String, Field>,
    attributes: BTreeMap<String, Json>,
) -> Result<BTreeMap<String, Json>, Problem> {
    attributes
        .into_iter()
        .map(|(key, value)| {
            let place = format!("attributes.{}", key.chars().take(60).collect::<String>());
            let field =
                fields.get(&key).ok_or_else(|| Problem::field(&place, "there is no such field; define it first"))?;
            let detail = format!("expected a {}", field.kind.as_str());
            let value = field.kind.check(value).ok_or_else(|| Problem::field(&place, detail))?;
            Ok((key, value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_in_the_field_s_type() {
        assert_eq!(FieldKind::Number.read("٣٨"), Some(json!(38)));
        assert_eq!(FieldKind::Number.read("3,5"), Some(json!(3.5)));
        assert_eq!(FieldKind::Number.read("NaN"), None);
        assert_eq!(FieldKind::Number.read("many"), None);
        assert_eq!(FieldKind::Bool.read("نعم"), Some(json!(true)));
        assert_eq!(FieldKind::Date.read("31.01.2026"), Some(json!("2026-01-31")));
        assert_eq!(FieldKind::Bool.check(json!(1)), None);
        assert_eq!(FieldKind::Text.check(json!("")), Some(Json::Null));
    }
}
