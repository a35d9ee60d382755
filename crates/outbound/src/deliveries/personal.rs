//! What deliveries hold about a person, for erasure and access answers.

use content::Versions;
use kernel::{CampaignId, ContactId, DeliveryId, EventId, RawId, Timestamp, TopicId};
use serde_json::{Value as Json, json};
use store::{BoxFuture, Ctx, PersonalTable, Result, SubjectKeys, params};

use super::copy::SentCopy;
use super::model::{DeliveryRow, DeliveryState};
use super::queries as sql;
use super::seal::Addressee;
use crate::tracking::ERASE_HITS;

store::row! {
    struct Held {
        id: DeliveryId,
        source: RawId,
        channel: String,
        purpose: String,
        topic: Option<TopicId>,
        state: DeliveryState,
        reason: Option<String>,
        rule: String,
        pack: String,
        basis: String,
        claim: Option<EventId>,
        created_at: Timestamp,
        sent_at: Option<Timestamp>,
        status: Option<String>,
        sealed: Option<Vec<u8>>,
    }
}

impl Held {
    fn to_json(&self, to: Option<&Addressee>, subject: Option<String>) -> Json {
        json!({
            "id": self.id,
            "campaign": CampaignId(self.source),
            "channel": self.channel,
            "purpose": self.purpose,
            "topic": self.topic,
            "state": self.state,
            "reason": self.reason,
            "decision": { "rule": self.rule, "pack": self.pack },
            "basis": { "type": self.basis, "evidence": self.claim },
            "created_at": self.created_at,
            "sent_at": self.sent_at,
            "status": self.status,
            "to": to.map(|to| &to.address),
            "subject": subject,
            "values": to.map(|to| &to.values),
        })
    }
}

fn collect<'a>(ctx: &'a Ctx, contact: ContactId, keys: &'a SubjectKeys) -> BoxFuture<'a, Result<Vec<Json>>> {
    Box::pin(async move {
        let versions = Versions::default();
        let rows: Vec<Held> = ctx.db.all(sql::OF_CONTACT, params![ctx.workspace, contact]).await?;
        let mut out = Vec::with_capacity(rows.len());
        for held in rows {
            let to = held.sealed.as_deref().and_then(|sealed| Addressee::open(ctx, contact, keys, sealed).ok());
            let copy = match DeliveryRow::find(ctx, held.id).await? {
                Some(row) => SentCopy::load(&versions, ctx, &row).await.ok().flatten(),
                None => None,
            };
            out.push(held.to_json(to.as_ref(), copy.and_then(|copy| copy.subject())));
        }
        Ok(out)
    })
}

store::personal!(PersonalTable {
    table: "delivery",
    class: "comms.traffic",
    subject: "contact",
    columns: &["address", "domain", "sealed"],
    // Hits know their message only, so they go first.
    erase: &[ERASE_HITS, sql::ERASE],
    kept: None,
    collect: Some(collect),
});
