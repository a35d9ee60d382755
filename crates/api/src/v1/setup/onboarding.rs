//! What is to be done before the first campaign, and what the team told about itself.

use accounts::workspaces::{self, Workspace};
use kernel::EventId;
use privacy::vocabulary::Channel;
use serde::de::DeserializeOwned;
use store::Ctx;

use crate::shell::Mode;
use crate::v1::prelude::*;

/// The workspace's setting that keeps all this.
const SETTING: &str = "onboarding";

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident as $schema:ident { $($(#[$word_doc:meta])* $variant:ident,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "lowercase")]
        #[schema(as = $schema)]
        pub(in crate::v1) enum $name { $($(#[$word_doc])* $variant,)* }
    )*};
}

words! {
    /// What an organisation does.
    Business as SetupBusiness {
        /// Sells goods.
        Shop,
        /// Sells services.
        Services,
        /// Works for a cause.
        Nonprofit,
        /// Teaches.
        Education,
        /// Holds events.
        Events,
        /// Publishes.
        Media,
        /// Makes software.
        Software,
        /// A public body.
        Public,
        /// Something else.
        Other,
    }
    /// What mail shall achieve; also the kinds of starters.
    Goal as SetupGoal {
        /// News at intervals.
        Newsletter,
        /// Offers.
        Offers,
        /// Invitations.
        Events,
        /// A welcome to new people.
        Welcome,
        /// Something is new.
        Announcements,
        /// Donations.
        Fundraising,
    }
    /// How many people work with it.
    TeamSize as SetupTeamSize {
        /// One.
        Solo,
        /// Two to ten.
        Small,
        /// Eleven to fifty.
        Medium,
        /// More.
        Large,
    }
}

const GOALS: [Goal; 6] =
    [Goal::Newsletter, Goal::Offers, Goal::Announcements, Goal::Events, Goal::Welcome, Goal::Fundraising];

/// What the team told about itself: only for choosing which starters are suggested first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = SetupAnswers)]
pub(in crate::v1) struct Answers {
    /// What the organisation does.
    pub(super) business: Option<Business>,
    /// What mail shall achieve.
    pub(super) goals: Vec<Goal>,
    /// How many people work with it.
    pub(super) team_size: Option<TeamSize>,
    /// The questions were skipped.
    pub(super) skipped: bool,
}

impl Answers {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The kinds of starters, the fitting ones first.
    fn suggested(&self) -> Vec<Goal> {
        let usual: &[Goal] = match self.business {
            Some(Business::Shop | Business::Services) => &[Goal::Offers, Goal::Newsletter, Goal::Welcome],
            Some(Business::Nonprofit) => &[Goal::Fundraising, Goal::Newsletter, Goal::Events],
            Some(Business::Education | Business::Events) => &[Goal::Events, Goal::Newsletter],
            Some(Business::Media) => &[Goal::Newsletter, Goal::Announcements],
            Some(Business::Software) => &[Goal::Announcements, Goal::Welcome],
            Some(Business::Public) => &[Goal::Announcements, Goal::Events],
            Some(Business::Other) | None => &[],
        };
        let mut out: Vec<Goal> = Vec::new();
        for goal in self.goals.iter().chain(usual).chain(&GOALS) {
            if !out.contains(goal) {
                out.push(*goal);
            }
        }
        out
    }
}

/// What the workspace keeps of its beginning.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::v1) struct Onboarding {
    pub(super) dismissed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) answers: Option<Answers>,
    /// The test that was sent last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::v1) test: Option<EventId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::v1) tested_at: Option<Timestamp>,
}

impl Onboarding {
    pub(in crate::v1) fn of(workspace: &Workspace) -> Self {
        read(workspace, SETTING)
    }

    pub(super) fn answer(&mut self, answers: Answers) {
        self.answers = Some(answers).filter(|answers| !answers.is_empty());
    }
}

fn read<T: DeserializeOwned + Default>(workspace: &Workspace, name: &str) -> T {
    workspace.setting(name).unwrap_or_default()
}

/// Changes what is kept of the beginning; tries again when another change was faster.
pub(in crate::v1) async fn change(ctx: &Ctx, how: impl Fn(&mut Onboarding)) -> Result<()> {
    for last in [false, false, true] {
        let workspace = workspaces::get(ctx).await?;
        let mut onboarding = Onboarding::of(&workspace);
        how(&mut onboarding);
        let settings = Some([(SETTING.to_owned(), json!(onboarding))].into_iter().collect());
        let version = Some(workspace.version);
        let change = workspaces::Change { settings, version, ..workspaces::Change::default() };
        match workspaces::update(ctx, change).await {
            Err(accounts::Error::Store(store::Error::Guard(_))) if !last => {}
            done => return Ok(done.map(|_| ())?),
        }
    }
    Ok(())
}

/// A step of the beginning.
#[derive(Serialize, ToSchema)]
pub(super) struct SetupStep {
    /// `organisation`, `sending`, `people` or `campaign`.
    code: &'static str,
    /// Whether nothing is missing.
    done: bool,
    /// What is missing: `postal_address`, `time_zone`; `default_sender`, `sender_domain`, `test`; `contacts`;
    /// `draft`, `sent`.
    missing: Vec<&'static str>,
}

/// What is to be done before the first campaign.
#[derive(Serialize, ToSchema)]
pub(super) struct SetupChecklist {
    /// A member does not want to see it.
    dismissed: bool,
    /// Every step is done.
    done: bool,
    /// Step by step.
    steps: Vec<SetupStep>,
    /// What the team told about itself; null when it was not asked yet.
    answers: Option<Answers>,
    /// Kinds of starters, the fitting ones first.
    suggested: Vec<Goal>,
}

fn step(code: &'static str, missing: Vec<&'static str>) -> SetupStep {
    SetupStep { code, done: missing.is_empty(), missing }
}

/// Goes through the steps.
pub(super) async fn list(app: &App, ctx: &Ctx) -> Result<SetupChecklist> {
    let workspace = workspaces::get(ctx).await?;
    let onboarding = Onboarding::of(&workspace);
    let mut organisation = Vec::new();
    if workspace.postal_address.trim().is_empty() {
        organisation.push("postal_address");
    }
    if workspace.setting::<String>("time_zone").is_none() {
        organisation.push("time_zone");
    }
    let people = if people::contacts::count(ctx).await? == 0 { vec!["contacts"] } else { Vec::new() };
    let steps = vec![
        step("organisation", organisation),
        step("sending", sending(app, ctx, &workspace, &onboarding).await?),
        step("people", people),
        step("campaign", campaign(ctx).await?),
    ];
    let answers = onboarding.answers;
    Ok(SetupChecklist {
        dismissed: onboarding.dismissed,
        done: steps.iter().all(|step| step.done),
        steps,
        suggested: answers.clone().unwrap_or_default().suggested(),
        answers,
    })
}

async fn sending(app: &App, ctx: &Ctx, workspace: &Workspace, onboarding: &Onboarding) -> Result<Vec<&'static str>> {
    let mut missing = Vec::new();
    match outbound::notices::default_sender(workspace) {
        Err(_) => missing.push("default_sender"),
        Ok(sender) => {
            let channel = app.outbound.channels().get(Channel::Email);
            let verified = match channel {
                Some(channel) => channel.sender_verified(ctx.workspace, &sender).await,
                None => false,
            };
            if !verified && app.shell.sending().mode != Mode::Catcher {
                missing.push("sender_domain");
            }
        }
    }
    let sent = match onboarding.test {
        Some(test) => {
            let found = outbound::list_deliveries(ctx, test.into(), None, 1).await?;
            found.first().is_some_and(|delivery| delivery.state == outbound::DeliveryState::Sent)
        }
        None => false,
    };
    if !sent {
        missing.push("test");
    }
    Ok(missing)
}

async fn campaign(ctx: &Ctx) -> Result<Vec<&'static str>> {
    let samples = campaigns::samples::state(ctx).await?.campaigns;
    let heads = campaigns::heads(ctx).await?;
    let own = || heads.iter().filter(|head| head.deleted_at.is_none() && !samples.contains(&head.id));
    let mut missing = Vec::new();
    if own().next().is_none() {
        missing.push("draft");
    }
    if !heads.iter().any(|head| head.started_at.is_some()) {
        missing.push("sent");
    }
    Ok(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_name_every_kind_once_and_answers_come_first() {
        let answers = Answers { business: Some(Business::Nonprofit), goals: vec![Goal::Events], ..Answers::default() };
        let suggested = answers.suggested();
        assert_eq!(suggested[..3], [Goal::Events, Goal::Fundraising, Goal::Newsletter]);
        assert_eq!(suggested.len(), GOALS.len());
        assert_eq!(Answers::default().suggested()[0], Goal::Newsletter);
    }
}
