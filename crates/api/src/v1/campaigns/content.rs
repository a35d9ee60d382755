//! `GET /v1/campaigns/{id}/content`

use ::content::{Compiled, CompiledVariants, Links, MergeValues, Recipient, RenderError, Rendered, VersionId};
use campaigns::Campaign;
use kernel::{CampaignId, Locale};
use store::Ctx;

use crate::v1::content::input::{catalog, compiled};
use crate::v1::content::preview::sender;
use crate::v1::prelude::*;

/// Values that are filled in for nobody in particular, at most.
const MOST_FIELDS: usize = 100;

/// In which language.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ContentQuery {
    /// A language tag; the campaign's own language when absent.
    #[param(value_type = Option<String>)]
    language: Option<Locale>,
}

/// A link of the content.
#[derive(Serialize, ToSchema)]
pub(super) struct NumberedLink {
    /// Its number, as `data-link` and in the report.
    number: u32,
    /// Where it leads; a link with merge tags as the author wrote it.
    url: String,
}

/// A campaign's content, for nobody in particular.
#[derive(Serialize, ToSchema)]
pub(super) struct ShownContent {
    subject: String,
    /// The HTML part. Links lead nowhere and carry `data-link` with their number; show it in a sandboxed frame.
    html: String,
    /// The text part.
    text: String,
    /// The language that was picked.
    language: String,
    /// Its direction, `ltr` or `rtl`.
    direction: &'static str,
    links: Vec<NumberedLink>,
    /// Whether this is what was sent, rather than the draft.
    sent: bool,
}

/// Stands where a link led, until it gets its number.
const MARK: &str = "#barid-link-";

/// Links by number, everything else leading nowhere.
struct Numbers;

impl Links for Numbers {
    fn link(&self, number: u32, _: &str, out: &mut String) {
        out.push_str(MARK);
        out.push_str(&number.to_string());
    }

    fn unsubscribe(&self, out: &mut String) {
        out.push('#');
    }

    fn preferences(&self, out: &mut String) {
        out.push('#');
    }

    fn view(&self, out: &mut String) {
        out.push('#');
    }

    fn pixel(&self, _: &mut String) -> bool {
        false
    }
}

/// Turns marked addresses into `href="#" data-link="N"`, and those in other places into nothing.
fn numbered(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = html;
    while let Some(at) = rest.find(MARK) {
        let (before, marked) = (&rest[..at], &rest[at + MARK.len()..]);
        let digits = marked.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = marked.split_at(digits);
        out.push_str(before);
        out.push('#');
        let quote = before.chars().next_back().filter(|c| matches!(c, '"' | '\''));
        match quote.filter(|quote| digits > 0 && after.starts_with(*quote)) {
            Some(quote) => {
                out.push(quote);
                out.push_str(" data-link=");
                out.push(quote);
                out.push_str(number);
                out.push(quote);
                rest = &after[1..];
            }
            None => rest = after,
        }
    }
    out.push_str(rest);
    out
}

/// Renders for nobody: where the content needs a value, its name stands in brackets.
fn render(compiled: &Compiled, sender: &::content::Sender) -> Result<Rendered, Problem> {
    let mut values = MergeValues::default();
    let mut out = Rendered::default();
    for _ in 0..MOST_FIELDS {
        match compiled.render(&Recipient { values: &values, sender }, &Numbers, &mut out) {
            Ok(()) => return Ok(out),
            Err(RenderError::MissingField(name)) if !values.fields.contains_key(&name) => {
                values.fields.insert(name.clone(), format!("[{name}]"));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::new(Code::ContentIncomplete, "the content needs too many values to be shown"))
}

async fn shown(
    ctx: &Ctx,
    campaign: &Campaign,
    variants: &CompiledVariants,
    language: Option<&Locale>,
) -> Result<ShownContent> {
    let picked = variants.pick(language);
    let sender = sender(ctx, picked, campaign.draft.reason.clone()).await?;
    let sender = ::content::Sender { name: campaign.draft.from_name.clone(), ..sender };
    let rendered = render(picked, &sender)?;
    let links = picked.links().iter().map(|link| NumberedLink { number: link.number, url: link.url.clone() });
    Ok(ShownContent {
        subject: rendered.subject.clone(),
        html: numbered(&rendered.html),
        text: rendered.text.clone(),
        language: picked.language().to_string(),
        direction: picked.language().direction().as_str(),
        links: links.collect(),
        sent: false,
    })
}

/// A campaign's content as it was sent, or as its draft stands, with numbered links: for the map of clicks.
#[utoipa::path(get, path = "/v1/campaigns/{id}/content", params(("id" = String, Path), ContentQuery),
    security(("key" = ["campaigns:read"])), responses((status = 200, body = ShownContent)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CampaignId>,
    Query(query): Query<ContentQuery>,
) -> Result<JsonBody<ShownContent>> {
    let ctx = caller.require("campaigns:read")?;
    let campaign = campaigns::get(&ctx, id).await?;
    let language = query.language.as_ref();
    match outbound::get(&ctx, id.into()).await {
        Ok(run) => {
            let version = app.outbound.versions().load(&ctx, VersionId(run.content)).await;
            let version = version.map_err(|error| error.problem())?;
            Ok(JsonBody(ShownContent { sent: true, ..shown(&ctx, &campaign, &version.compiled, language).await? }))
        }
        Err(outbound::Error::NotFound(_)) => {
            let variants = ::content::Variants {
                default: campaign.draft.content.clone(),
                by_language: campaign.draft.variants.clone(),
            };
            let compiled = compiled(variants, catalog(&ctx).await?).await?;
            let compiled = compiled.map_err(|problems| ::content::Error::Template(problems).problem())?;
            Ok(JsonBody(shown(&ctx, &campaign, &compiled, language).await?))
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_get_their_numbers_and_lead_nowhere() {
        let html = "<a class=x href=\"#barid-link-3\">A</a><a href='#barid-link-12'>B</a> #barid-link- #barid-link-5 é";
        let expected = "<a class=x href=\"#\" data-link=\"3\">A</a><a href='#' data-link='12'>B</a> # # é";
        assert_eq!(numbered(html), expected);
    }
}
