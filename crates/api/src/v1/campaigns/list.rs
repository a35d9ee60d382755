//! `GET /v1/campaigns`

use campaigns::{State as CampaignState, Wanted};
use kernel::PageRequest;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// Which campaigns, in which order.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CampaignQuery {
    /// How many items, 1 to 1000; 50 when absent.
    limit: Option<u32>,
    /// `next` of the page before, with the same filters and order.
    cursor: Option<String>,
    /// In one of these states, with commas between them.
    #[param(example = "draft,scheduled")]
    state: Option<String>,
    /// `email` or `sms`; both when absent.
    #[param(example = "sms")]
    channel: Option<String>,
    /// With this in name or subject; Arabic letters are compared folded.
    q: Option<String>,
    /// `created`, `updated`, `name` or `when`, with `-` before it for the other way round; `-created` when absent.
    #[param(example = "-updated")]
    sort: Option<String>,
    /// Sent, or to be sent, then or later: for a calendar.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Sent, or to be sent, before then.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// What is in the bin, instead of what is not.
    bin: Option<bool>,
}

impl CampaignQuery {
    fn read(self) -> Result<(Wanted, PageRequest), Problem> {
        let mut wanted = Wanted { text: self.q, from: self.from, to: self.to, ..Wanted::default() };
        wanted.bin = self.bin.unwrap_or_default();
        if self.channel.as_deref().is_some_and(|channel| !matches!(channel, "email" | "sms")) {
            return Err(Problem::field("channel", "expected email or sms"));
        }
        wanted.channel = self.channel;
        for word in self.state.iter().flat_map(|states| states.split(',')).filter(|word| !word.is_empty()) {
            let state = CampaignState::parse(word.trim()).ok_or_else(|| {
                let detail = "expected draft, scheduled, preparing, sending, paused, sent or cancelled";
                Problem::field("state", detail)
            })?;
            wanted.states.push(state);
        }
        if let Some(sort) = self.sort {
            wanted.order = sort.parse()?;
        }
        Ok((wanted, PageRequest { limit: self.limit, cursor: self.cursor }))
    }
}

/// Campaigns with their state: filtered, searched, in the order asked for.
#[utoipa::path(get, path = "/v1/campaigns", params(CampaignQuery), security(("key" = ["campaigns:read"])),
    responses((status = 200, body = Listed<shapes::Campaign>)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<CampaignQuery>) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("campaigns:read")?;
    let (wanted, request) = query.read()?;
    let page = campaigns::list(&ctx, &wanted, &request).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for campaign in page.items {
        let mut shown = super::shown(&ctx, campaign).await?;
        // Bodies are long, and a list shows none.
        if let Some(members) = shown.as_object_mut() {
            members.remove("content");
            members.remove("variants");
        }
        items.push(shown);
    }
    Ok(JsonBody(kernel::Page { items, next: page.next }.into()))
}
