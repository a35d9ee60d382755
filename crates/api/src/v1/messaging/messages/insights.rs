//! `GET /v1/messages/insights`

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Unit};
use kernel::RouteId;
use telecom::messages::insights::{Figures, GroupBy, MOST_DAYS, Traffic, insights};

use crate::v1::prelude::*;

/// Which traffic.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TrafficQuery {
    /// The first day; 29 days before the last one when absent.
    #[param(value_type = Option<String>, example = "2026-11-01")]
    from: Option<Date>,
    /// The last day; today when absent. At most 92 days.
    #[param(value_type = Option<String>, example = "2026-11-22")]
    to: Option<Date>,
    /// `day` (default), `country`, `network`, `route` or `originator`.
    #[param(value_type = Option<String>, example = "country")]
    group_by: Option<GroupBy>,
    /// To this country alone.
    #[param(example = "SA")]
    country: Option<String>,
    /// To this network (MCC and MNC) alone.
    network: Option<String>,
    /// Over this route alone.
    #[param(value_type = Option<String>)]
    route: Option<RouteId>,
    /// From this originator alone.
    originator: Option<String>,
}

/// What messages add up to.
#[derive(Serialize, ToSchema)]
pub(super) struct TrafficFigures {
    /// Accepted, refused ones included.
    messages: u64,
    /// Their parts.
    parts: u64,
    /// Handed over to an operator.
    sent: u64,
    /// A telephone has them.
    delivered: u64,
    /// Not delivered in time.
    undelivered: u64,
    /// Not taken, or not deliverable.
    failed: u64,
    /// Nobody knows whether they left.
    in_doubt: u64,
    /// They have not ended yet.
    under_way: u64,
    /// Refused by the gate.
    refused: u64,
    /// Of those that ended, the share that was delivered.
    delivery_rate: Option<f64>,
    /// Seconds from hand-over to receipt, for half of the delivered ones.
    receipt_median_seconds: Option<f64>,
    /// The same, for 95 of 100.
    receipt_p95_seconds: Option<f64>,
    /// What they cost, in millionths.
    spend_micros: i64,
}

impl From<Figures> for TrafficFigures {
    fn from(of: Figures) -> Self {
        Self {
            messages: of.messages,
            parts: of.parts,
            sent: of.sent,
            delivered: of.delivered,
            undelivered: of.undelivered,
            failed: of.failed,
            in_doubt: of.in_doubt,
            under_way: of.under_way,
            refused: of.refused,
            delivery_rate: of.delivery_rate(),
            receipt_median_seconds: of.receipts_within(0.5),
            receipt_p95_seconds: of.receipts_within(0.95),
            spend_micros: of.spend.0,
        }
    }
}

/// One group of messages.
#[derive(Serialize, ToSchema)]
pub(super) struct TrafficGroup {
    /// The day, country code, network, route or originator; empty when it is not known.
    key: String,
    /// A route's name.
    name: Option<String>,
    /// What it adds up to.
    figures: TrafficFigures,
}

/// What a rule of the gate refused.
#[derive(Serialize, ToSchema)]
pub(super) struct GateRefusals {
    /// The reason.
    rule: String,
    /// How many messages.
    messages: u64,
}

/// What came in.
#[derive(Serialize, ToSchema)]
pub(super) struct InboundTraffic {
    /// Messages.
    received: u64,
    /// Of which ended marketing.
    stops: u64,
}

/// What the traffic of some days adds up to.
#[derive(Serialize, ToSchema)]
pub(super) struct TrafficInsights {
    /// The first day.
    #[schema(value_type = String)]
    from: Date,
    /// The last day.
    #[schema(value_type = String)]
    to: Date,
    /// The zone of the days.
    timezone: String,
    /// The currency of the money.
    currency: String,
    /// What groups are made of.
    #[schema(value_type = String)]
    group_by: GroupBy,
    /// All of it.
    total: TrafficFigures,
    /// Days in their order, else the largest first; at most 200.
    groups: Vec<TrafficGroup>,
    /// So many groups more are not listed.
    more_groups: u64,
    /// Refusals of the gate by reason, the most frequent first.
    refusals: Vec<GateRefusals>,
    /// What came in; null when only a part of what leaves is looked at.
    inbound: Option<InboundTraffic>,
}

/// What the messages of some days add up to, by day, country, network, route or originator. Trial messages do not count.
#[utoipa::path(get, path = "/v1/messages/insights", params(TrafficQuery), security(("key" = ["messages:send"])),
    responses((status = 200, body = TrafficInsights)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<TrafficQuery>) -> Result<JsonBody<TrafficInsights>> {
    let ctx = caller.require("messages:send")?;
    let workspace = accounts::workspaces::find(&ctx.core, ctx.workspace).await?;
    let named = workspace.and_then(|workspace| workspace.setting::<String>("time_zone"));
    let timezone = named.filter(|name| TimeZone::get(name).is_ok()).unwrap_or_else(|| "UTC".to_owned());
    let zone = TimeZone::get(&timezone).unwrap_or(TimeZone::UTC);
    let (from, to) = period(&query, ctx.now().to_jiff().to_zoned(zone.clone()).date())?;
    let by = query.group_by.unwrap_or(GroupBy::Day);
    let (country, network) = (query.country.map(|code| code.to_ascii_uppercase()), query.network);
    let traffic = Traffic { from, to, zone, by, country, network, route: query.route, originator: query.originator };
    let found = insights(&ctx, &traffic).await?;
    let names: BTreeMap<String, String> = match by {
        GroupBy::Route => {
            telecom::routes::list(&ctx).await?.into_iter().map(|route| (route.id.to_string(), route.name)).collect()
        }
        _ => BTreeMap::new(),
    };
    let group = |(key, figures): (String, Figures)| TrafficGroup {
        name: names.get(&key).cloned(),
        key,
        figures: figures.into(),
    };
    Ok(JsonBody(TrafficInsights {
        from,
        to,
        timezone,
        currency: billing::balance::get(&ctx).await?.currency,
        group_by: by,
        total: found.total.into(),
        groups: found.groups.into_iter().map(group).collect(),
        more_groups: found.more_groups as u64,
        refusals: found.refusals.into_iter().map(|(rule, messages)| GateRefusals { rule, messages }).collect(),
        inbound: found.inbound.map(|(received, stops)| InboundTraffic { received, stops }),
    }))
}

/// The days asked for, both included.
fn period(query: &TrafficQuery, today: Date) -> Result<(Date, Date), Problem> {
    let to = query.to.unwrap_or(today);
    let from = match query.from {
        Some(from) => from,
        None => to.checked_sub(29.days()).map_err(|_| Problem::field("to", "a day that has others before it"))?,
    };
    if from > to {
        return Err(Problem::field("from", "a day not after `to`"));
    }
    let days = from.until((Unit::Day, to)).map_or(i32::MAX, |span| span.get_days());
    if days >= MOST_DAYS {
        return Err(Problem::field("from", format!("at most {MOST_DAYS} days before the end of `to`")));
    }
    Ok((from, to))
}
