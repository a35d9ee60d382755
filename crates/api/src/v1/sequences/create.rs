//! `POST /v1/sequences`

use campaigns::sequences::{self, SequenceDraft, Step, Window};
use kernel::{Email, SegmentId};
use people::topics;
use store::Ctx;

use super::{SequenceAnswer, shown};
use crate::v1::campaigns::prospecting::ProspectingInput;
use crate::v1::campaigns::sender;
use crate::v1::content::input::Content;
use crate::v1::prelude::*;

/// One message of a sequence.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StepInput {
    /// Days after the message before (for the first one: after enrolment).
    #[serde(default)]
    wait_days: u32,
    /// What it says.
    content: Content,
}

/// When messages may leave.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WindowInput {
    /// The first hour, 0 to 23.
    from: i8,
    /// The hour at which it closes, 1 to 24.
    until: i8,
    /// An IANA time zone.
    zone: String,
    /// The days, 1 (Monday) to 7 (Sunday); Monday to Friday when absent.
    #[serde(default)]
    days: Option<Vec<i8>>,
}

/// A sequence to be drafted, or all of a draft anew.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SequenceInput {
    /// Its name, for members.
    name: String,
    /// From whom: `Name <address>`. The workspace's `default_sender` when absent.
    #[serde(default)]
    from: Option<String>,
    /// Where answers go, when not to Barid; answers that go elsewhere stop nobody.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    reply_to: Option<Email>,
    /// Who is enrolled: subscribers of this topic, by id or name …
    topic: String,
    /// … who are in this segment.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    segment: Option<SegmentId>,
    /// What a sequence to people who did not ask states.
    #[serde(default)]
    prospecting: Option<ProspectingInput>,
    /// Why each person is written to, with merge tags.
    #[serde(default)]
    reason: Option<String>,
    /// Whether opens and clicks are counted of people who allow it; no when absent.
    #[serde(default)]
    track: bool,
    /// Two to ten messages.
    steps: Vec<StepInput>,
    /// When messages may leave; at any hour when absent.
    #[serde(default)]
    window: Option<WindowInput>,
    /// Messages after which it ends for a person; all of them when absent.
    #[serde(default)]
    max_touches: Option<u32>,
    /// It ends for people who get this tag …
    #[serde(default)]
    goal_tag: Option<String>,
    /// … or to whom this happens after enrolment, such as `clicked` or `joined`.
    #[serde(default)]
    goal_event: Option<String>,
    /// Whether follow-ups appear as answers to the first message.
    #[serde(default)]
    thread: bool,
    /// Days by which an automatic reply postpones the next message; 3 when absent.
    #[serde(default)]
    postpone_days: Option<u32>,
    /// The version that a change was made against; only for changes.
    #[serde(default)]
    pub(super) version: Option<i64>,
}

impl SequenceInput {
    pub(super) async fn read(self, ctx: &Ctx) -> Result<SequenceDraft> {
        let (from_name, from_email) = sender::read_or_default(ctx, self.from).await?;
        let mut steps = Vec::with_capacity(self.steps.len());
        if self.steps.len() > 10 {
            return Err(Failure(Problem::field("steps", "a sequence has 2 to 10 messages")));
        }
        for step in self.steps {
            let content = step.content.read(ctx).await?;
            steps.push(Step { wait_days: step.wait_days, content: content.default, variants: content.by_language });
        }
        let window = self.window.map(|window| Window {
            from: window.from,
            until: window.until,
            zone: window.zone,
            days: window.days.unwrap_or_else(|| (1..=5).collect()),
        });
        Ok(SequenceDraft {
            name: self.name,
            from_name,
            from_email,
            reply_to: self.reply_to,
            topic: topics::find(ctx, &self.topic).await?.id,
            segment: self.segment,
            prospecting: self.prospecting.map(Into::into),
            reason: self.reason,
            track: self.track,
            steps,
            window,
            max_touches: self.max_touches,
            goal_tag: self.goal_tag,
            goal_event: self.goal_event,
            thread: self.thread,
            postpone_days: self.postpone_days.unwrap_or(3),
        })
    }
}

/// Draft a sequence. Mistakes in a template are told with part, line and column.
#[utoipa::path(post, path = "/v1/sequences", request_body = SequenceInput, security(("key" = ["campaigns:write"])),
    responses((status = 201, body = SequenceAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<SequenceInput>,
) -> Result<(StatusCode, JsonBody<SequenceAnswer>)> {
    let ctx = caller.require("campaigns:write")?;
    let draft = input.read(&ctx).await?;
    let sequence = sequences::create(&ctx, &app.outbound, draft).await?;
    Ok((StatusCode::CREATED, JsonBody(shown(sequence, true))))
}
