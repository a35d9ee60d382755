//! What deliveries hold about a person, for erasure and access answers.

use content::{Rendered, VersionId, Versions};
use kernel::{CampaignId, ContactId, DeliveryId, EventId, Locale, RawId, Timestamp, TopicId};
use serde_json::{Value as Json, json};
use store::{BoxFuture, Ctx, PersonalTable, Result, SubjectKeys, params};

use super::model::DeliveryState;
use super::queries as sql;
use super::seal::Addressee;

store::row! {
    struct Held {
        id: DeliveryId,
        source: RawId,
        channel: String,
        purpose: String,
        topic: Option<TopicId>,
        content: RawId,
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

/// The subject as this person read it.
async fn subject(versions: &Versions, ctx: &Ctx, held: &Held, to: &Addressee) -> Option<String> {
    struct Nowhere;
    impl content::Links for Nowhere {
        fn link(&self, _: u32, _: &str, _: &mut String) {}
        fn unsubscribe(&self, _: &mut String) {}
        fn preferences(&self, _: &mut String) {}
        fn view(&self, _: &mut String) {}
        fn pixel(&self, _: &mut String) -> bool {
            false
        }
    }
    let version = versions.load(ctx, VersionId(held.content)).await.ok()?;
    let language: Option<Locale> = to.language.as_deref().and_then(|text| text.parse().ok());
    let frame = content::Sender {
        postal_address: String::new(),
        name: String::new(),
        organisation: String::new(),
        list_name: String::new(),
        reason: None,
        today: held.created_at.date(),
    };
    let mut rendered = Rendered::default();
    let values = content::Recipient { values: &to.values, sender: &frame };
    version.compiled.pick(language.as_ref()).render(&values, &Nowhere, &mut rendered).ok()?;
    Some(rendered.subject)
}

fn collect<'a>(ctx: &'a Ctx, contact: ContactId, keys: &'a SubjectKeys) -> BoxFuture<'a, Result<Vec<Json>>> {
    Box::pin(async move {
        let versions = Versions::default();
        let rows: Vec<Held> = ctx.db.all(sql::OF_CONTACT, params![ctx.workspace, contact]).await?;
        let mut out = Vec::with_capacity(rows.len());
        for held in rows {
            let to = held.sealed.as_deref().and_then(|sealed| Addressee::open(ctx, contact, keys, sealed).ok());
            let subject = match &to {
                Some(to) => subject(&versions, ctx, &held, to).await,
                None => None,
            };
            out.push(held.to_json(to.as_ref(), subject));
        }
        Ok(out)
    })
}

store::personal!(PersonalTable {
    table: "delivery",
    class: "comms.traffic",
    subject: "contact",
    columns: &["address", "domain", "sealed"],
    erase: &[],
    kept: None,
    collect: Some(collect),
});
