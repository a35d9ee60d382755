//! What an upload says about its file, in the query string: the body is the file itself.

use std::collections::BTreeMap;

use kernel::{Date, Problem};
use people::import::job::{self, Purchase};
use people::import::{Column, Origin, Target};
use people::topics::{self, TopicDraft};
use privacy::provenance::Page;
use store::Ctx;

use crate::v1::prelude::*;

/// The most columns that can be asked for.
const MAX_ATTRIBUTES: usize = 200;
/// The most columns that can be mapped.
const MAX_COLUMNS: usize = 1024;

/// What an upload says.
#[derive(Debug)]
pub(super) struct Said {
    topic: String,
    pub(super) origin: Origin,
    pub(super) attributes: Vec<String>,
    /// What columns mean by their place.
    pub(super) targets: BTreeMap<usize, Target>,
    pub(super) purchased: bool,
    pub(super) purchase: Purchase,
    pub(super) tracking: bool,
    pub(super) dry_run: bool,
}

/// Documents the query string.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by hand, because attributes repeat")]
pub(super) struct ImportQuery {
    /// The topic people join, by id or name; made when there is none of this name.
    topic: String,
    /// `consent`, `consent_doi`, `soft_opt_in`, `legitimate_interest` or `contract`.
    basis: String,
    /// Where the data come from, in words.
    source: String,
    /// The day they were collected.
    #[param(format = Date)]
    collected_on: String,
    /// A column to keep as a custom field; repeat it for more.
    attribute: Option<Vec<String>>,
    /// `INDEX:TARGET`: what the column at this place (from 0) becomes, whatever its name: a field such as `email`,
    /// `attribute:LABEL` for a custom field, or `drop`; repeat it for more.
    map: Option<Vec<String>>,
    /// The sale, for `soft_opt_in`, when one day holds for all.
    #[param(format = Date)]
    sale_date: Option<String>,
    /// The assessment, for `legitimate_interest`.
    assessment: Option<String>,
    /// Why these people, for `legitimate_interest`.
    reason: Option<String>,
    /// The page the whole file was read from; the column `source url` goes before it.
    source_url: Option<String>,
    /// The day that page was read; the column `source date` goes before it.
    #[param(format = Date)]
    source_date: Option<String>,
    /// SHA-256 of that page as it was (64 hexadecimal digits); the column `source hash` goes before it.
    source_hash: Option<String>,
    /// In place of a reason: the general picture that these people fit. Whoever asks is told that they were not chosen
    /// for anything known about them personally.
    profile: Option<String>,
    /// Whether the list was bought; its seller's evidence is then required.
    purchased: Option<bool>,
    /// Who sold the list.
    vendor: Option<String>,
    /// The contract or invoice of the purchase.
    contract: Option<String>,
    /// How the seller collected the addresses.
    collection: Option<String>,
    /// Whether the consent covers counting opens and clicks, too.
    tracking: Option<bool>,
    /// Read and report; change nobody.
    dry_run: Option<bool>,
    /// The file's name; shown nowhere, and ignored.
    filename: Option<String>,
}

impl Said {
    /// Reads the pairs of a query string.
    pub(super) fn read(pairs: Vec<(String, String)>) -> Result<Self, Problem> {
        let mut attributes = Vec::new();
        let mut targets = BTreeMap::new();
        let mut known = BTreeMap::new();
        for (name, value) in pairs {
            match name.as_str() {
                "attribute" => attributes.push(value),
                "map" => {
                    let (index, target) = mapped(&value)?;
                    if targets.insert(index, target).is_some() {
                        return Err(Problem::field("map", format!("column {index} is mapped twice")));
                    }
                }
                "topic" | "basis" | "source" | "collected_on" | "sale_date" | "assessment" | "reason" | "profile"
                | "purchased" | "tracking" | "dry_run" | "filename" | "vendor" | "contract" | "collection"
                | "source_url" | "source_date" | "source_hash" => {
                    if known.insert(name.clone(), value).is_some() {
                        return Err(Problem::field(name, "is given twice"));
                    }
                }
                _ => {
                    let shown: String = name.chars().take(60).collect();
                    return Err(Problem::field(shown, "is not a parameter of this request"));
                }
            }
        }
        if attributes.len() > MAX_ATTRIBUTES || targets.len() > MAX_COLUMNS {
            return Err(Problem::field("attribute", "at most 200 columns"));
        }
        let mut take = |name: &'static str| known.remove(name).filter(|text| !text.trim().is_empty());
        let needed =
            |name: &'static str, value: Option<String>| value.ok_or_else(|| Problem::field(name, "is required"));
        Ok(Self {
            topic: needed("topic", take("topic"))?,
            origin: Origin {
                basis: needed("basis", take("basis"))?.parse()?,
                source: needed("source", take("source"))?,
                collected_on: day("collected_on", &needed("collected_on", take("collected_on"))?)?,
                sale_date: take("sale_date").map(|text| day("sale_date", &text)).transpose()?,
                assessment: take("assessment"),
                reason: take("reason"),
                page: Page {
                    url: take("source_url"),
                    read_on: take("source_date").map(|text| day("source_date", &text)).transpose()?,
                    sha256: take("source_hash"),
                },
                profile: take("profile"),
            },
            attributes,
            targets,
            purchased: flag("purchased", take("purchased"))?,
            purchase: Purchase {
                vendor: take("vendor").unwrap_or_default(),
                contract: take("contract").unwrap_or_default(),
                collection: take("collection").unwrap_or_default(),
            },
            tracking: flag("tracking", take("tracking"))?,
            dry_run: flag("dry_run", take("dry_run"))?,
        })
    }

    /// The topic; made when there is none of this name, except in a dry run.
    pub(super) async fn topic(&self, caller: &Caller, ctx: &Ctx) -> Result<kernel::TopicId> {
        match topics::find(ctx, &self.topic).await {
            Ok(topic) => Ok(topic.id),
            Err(people::Error::NotFound(_)) if self.topic.parse::<kernel::TopicId>().is_err() => {
                let ctx = caller.require("topics:write")?;
                if self.dry_run {
                    return Ok(job::TO_BE_MADE);
                }
                // People of a file with mere consent were asked by somebody else; sign-ups here still confirm.
                let draft = TopicDraft { name: self.topic.clone(), ..TopicDraft::default() };
                Ok(topics::create(&ctx, draft).await?.id)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Reads `INDEX:TARGET`.
fn mapped(text: &str) -> Result<(usize, Target), Problem> {
    let bad = || Problem::field("map", "expected INDEX:TARGET, such as 0:email, 3:attribute:Plan or 4:drop");
    let (index, target) = text.split_once(':').ok_or_else(bad)?;
    let index = index.trim().parse().map_err(|_| bad())?;
    let target = match target.trim().split_once(':') {
        Some(("attribute" | "attribute_key", label)) if !label.trim().is_empty() && label.chars().count() <= 200 => {
            Target::Attribute(label.trim().to_owned())
        }
        Some(_) => return Err(bad()),
        None if target.trim() == "drop" => Target::Drop,
        None => {
            let field = Column::from_code(target.trim()).ok_or_else(|| {
                let fields: Vec<_> = Column::ALL.iter().map(|column| column.code()).collect();
                Problem::field("map", format!("no such field; use one of {}", fields.join(", ")))
            })?;
            Target::Field(field.code())
        }
    };
    Ok((index, target))
}

fn day(name: &'static str, text: &str) -> Result<Date, Problem> {
    text.trim().parse().map_err(|_| Problem::field(name, "expected a day such as 2026-11-21"))
}

fn flag(name: &'static str, text: Option<String>) -> Result<bool, Problem> {
    match text.as_deref() {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(_) => Err(Problem::field(name, "expected true or false")),
    }
}

#[cfg(test)]
mod tests {
    use people::import::Basis;

    use super::*;

    fn said(text: &[(&str, &str)]) -> Result<Said, String> {
        let pairs = text.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Said::read(pairs).map_err(|problem| problem.fields[0].field.clone())
    }

    const GOOD: [(&str, &str); 4] =
        [("topic", "News"), ("basis", "consent"), ("source", "shop"), ("collected_on", "2026-01-31")];

    #[test]
    fn attributes_repeat_and_nothing_else_does() {
        let mut pairs = GOOD.to_vec();
        pairs.extend([("attribute", "Plan"), ("attribute", "Team"), ("dry_run", "true")]);
        let good = said(&pairs).unwrap();
        assert_eq!(good.attributes, ["Plan", "Team"]);
        assert!(good.dry_run && !good.purchased);
        assert_eq!(good.origin.basis, Basis::Consent);
        pairs.push(("topic", "Other"));
        assert_eq!(said(&pairs).unwrap_err(), "topic");
    }

    #[test]
    fn columns_are_mapped_by_their_place() {
        let mut pairs = GOOD.to_vec();
        pairs.extend([("map", "0:email"), ("map", "2:attribute:رقم العضوية"), ("map", "3: drop")]);
        let good = said(&pairs).unwrap();
        assert_eq!(good.targets[&0], Target::Field("email".to_owned()));
        assert_eq!(good.targets[&2], Target::Attribute("رقم العضوية".to_owned()));
        assert_eq!(good.targets[&3], Target::Drop);
        for wrong in ["0", "x:email", "0:colour", "0:attribute:", "0:else:x", "-1:email"] {
            let mut pairs = GOOD.to_vec();
            pairs.push(("map", wrong));
            assert_eq!(said(&pairs).unwrap_err(), "map", "{wrong}");
        }
        pairs.push(("map", "0:phone"));
        assert_eq!(said(&pairs).unwrap_err(), "map", "twice");
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        for left_out in 0..GOOD.len() {
            let mut pairs = GOOD.to_vec();
            let (name, _) = pairs.remove(left_out);
            assert_eq!(said(&pairs).unwrap_err(), name);
        }
        for (name, value) in [("basis", "hope"), ("collected_on", "yesterday")] {
            let pairs: Vec<_> = GOOD.iter().map(|pair| if pair.0 == name { (name, value) } else { *pair }).collect();
            assert_eq!(said(&pairs).unwrap_err(), name);
        }
        for pair in [("sale_date", "2026-13-01"), ("dry_run", "perhaps"), ("colour", "red")] {
            let mut pairs = GOOD.to_vec();
            pairs.push(pair);
            assert_eq!(said(&pairs).unwrap_err(), pair.0);
        }
    }
}
