//! Who answers for the processing (GDPR Art. 13(1)(a)-(b), 27, 30(1)(a), 37): the controller, its
//! representative, its data protection officer, and where the data physically live.

use kernel::{Email, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Ctx, params};

use crate::{Result, entry};

const PROFILE: &str = "controller_profile.profile";

/// Hours in which an incident must have been assessed, when the workspace says nothing else.
pub const OWN_INCIDENT_HOURS: u32 = 24;

store::sql! {
    READ = "SELECT profile, version, updated_at FROM controller_profile WHERE workspace = $1";
    WRITE = "INSERT INTO controller_profile (workspace, profile, version, updated_at) VALUES ($1, $2, 1, $3)
        ON CONFLICT (workspace) DO UPDATE SET profile = excluded.profile, version = controller_profile.version + 1,
        updated_at = excluded.updated_at";
}

/// Somebody to turn to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Party {
    /// The name.
    pub name: String,
    /// The postal address.
    pub address: String,
    /// The e-mail address.
    pub email: String,
    /// The telephone number.
    pub phone: String,
}

/// A place where data rest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hosting {
    /// What is there, such as "database and backups".
    pub what: String,
    /// City and country.
    pub place: String,
}

/// The controller.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Controller {
    /// The organisation.
    pub controller: Party,
    /// Controllers who decide together with it (Art. 26).
    pub joint: Vec<Party>,
    /// Its representative in the Union (Art. 27).
    pub representative: Option<Party>,
    /// The data protection officer (Art. 37).
    pub dpo: Option<Party>,
    /// The supervisory authority that leads.
    pub authority: String,
    /// Where the data live; where the server stands, as its operator says, while nothing else is said.
    pub hosting: Vec<Hosting>,
    /// Technical and organisational measures, in general terms (Art. 30(1)(g)).
    pub measures: Vec<String>,
    /// Hours in which an incident must have been assessed; 24 when absent.
    pub incident_hours: Option<u32>,
    /// Counts changes; 0 while nothing was ever said. Give it back to notice somebody else's change.
    pub version: i64,
    /// Changed last.
    pub updated_at: Option<Timestamp>,
}

impl Party {
    fn checked(mut self, field: &str) -> Result<Self> {
        self.name = entry::line(&format!("{field}.name"), &self.name)?;
        self.address = entry::text(&format!("{field}.address"), &self.address)?;
        self.phone = entry::line(&format!("{field}.phone"), &self.phone)?;
        self.email = entry::line(&format!("{field}.email"), &self.email)?;
        if !self.email.is_empty() && Email::parse(&self.email).is_err() {
            return Err(entry::wrong(format!("{field}.email"), "a complete e-mail address"));
        }
        Ok(self)
    }

    /// Whether somebody can be reached there.
    pub fn is_reachable(&self) -> bool {
        !self.email.is_empty() || !self.phone.is_empty() || !self.address.is_empty()
    }
}

impl Controller {
    fn checked(mut self) -> Result<Self> {
        self.controller = self.controller.checked("controller")?;
        if self.joint.len() > 20 || self.hosting.len() > 50 {
            return Err(entry::wrong("joint", "at most 20 joint controllers and 50 places"));
        }
        self.joint = self.joint.into_iter().map(|party| party.checked("joint")).collect::<Result<_>>()?;
        self.representative = self.representative.map(|party| party.checked("representative")).transpose()?;
        self.dpo = self.dpo.map(|party| party.checked("dpo")).transpose()?;
        self.authority = entry::line("authority", &self.authority)?;
        for place in &mut self.hosting {
            place.what = entry::line("hosting.what", &place.what)?;
            place.place = entry::needed_line("hosting.place", &place.place)?;
        }
        self.measures = entry::lines("measures", &self.measures, 60)?;
        if self.incident_hours.is_some_and(|hours| !(1..=72).contains(&hours)) {
            return Err(entry::wrong("incident_hours", "1 to 72 hours"));
        }
        Ok(self)
    }

    /// What Art. 13 and 30 ask for and is not there, by field.
    pub fn lacks(&self) -> Vec<&'static str> {
        let mut out = Vec::new();
        let mut need = |field, missing: bool| {
            if missing {
                out.push(field);
            }
        };
        need("controller.name", self.controller.name.is_empty());
        need("controller.address", !self.controller.is_reachable());
        need("dpo", self.dpo.as_ref().is_none_or(|dpo| !dpo.is_reachable()));
        need("hosting", self.hosting.is_empty());
        out
    }
}

/// The controller; name and address of the workspace while nothing else was said.
///
/// # Errors
/// When the store fails.
pub async fn get(ctx: &Ctx) -> Result<Controller> {
    let row: Option<(Vec<u8>, i64, Timestamp)> = ctx.db.opt(READ, params![ctx.workspace]).await?;
    let mut found = match row {
        Some((sealed, version, updated_at)) => {
            let found: Controller = entry::open(ctx.keys().await?.as_ref(), PROFILE, &sealed)?;
            Controller { version, updated_at: Some(updated_at), ..found }
        }
        None => Controller::default(),
    };
    if found.hosting.is_empty()
        && let Some(place) = &ctx.place
    {
        found.hosting.push(Hosting { what: String::new(), place: place.to_string() });
    }
    if found.controller.name.is_empty() || found.controller.address.is_empty() {
        let workspace = accounts::workspaces::find(ctx, ctx.workspace)
            .await
            .map_err(|error| crate::Error::Store(store::Error::Refused(error.problem())))?;
        if let Some(workspace) = workspace {
            if found.controller.name.is_empty() {
                found.controller.name = workspace.name;
            }
            if found.controller.address.is_empty() {
                found.controller.address = workspace.postal_address;
            }
        }
    }
    Ok(found)
}

/// Says who the controller is, all of it anew.
///
/// # Errors
/// The field at fault; a version conflict; store errors.
pub async fn set(ctx: &Ctx, controller: Controller) -> Result<Controller> {
    if controller.version != 0 && controller.version != get(ctx).await?.version {
        return Err(store::Error::Guard("controller version").into());
    }
    let sealed = entry::seal(ctx.keys().await?.as_ref(), PROFILE, &controller.checked()?)?;
    let mut batch = ctx.batch();
    batch.push(WRITE, params![ctx.workspace, sealed, ctx.now()]);
    batch.feed(store::Feed { kind: "controller.updated", entity: ctx.workspace.0, data: serde_json::json!({}) });
    accounts::audit::record(&mut batch, ctx, "controller.updated", &[&ctx.workspace]);
    ctx.db.apply(batch).await?;
    get(ctx).await
}
