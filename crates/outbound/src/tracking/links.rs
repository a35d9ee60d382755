use std::fmt::Write;

use content::Links;
use kernel::{DeliveryId, RawId, WorkspaceId};
use store::{Core, Ctx, WorkspaceKeys};

const UNSUBSCRIBE: &str = "unsubscribe link";
const TRACKING: &str = "tracking link";

/// The links of one delivery.
pub struct DeliveryLinks {
    base: String,
    unsubscribe: String,
    tracking: Option<String>,
}

impl DeliveryLinks {
    /// Links under `base` (no slash at the end), tracked or not.
    pub fn new(keys: &WorkspaceKeys, base: &str, about: (WorkspaceId, DeliveryId), tracked: bool) -> Self {
        let mut payload = [0; 32];
        payload[..16].copy_from_slice(&about.0.0);
        payload[16..].copy_from_slice(&about.1.0);
        Self {
            base: base.to_owned(),
            unsubscribe: keys.sign(UNSUBSCRIBE, &payload),
            tracking: tracked.then(|| keys.sign(TRACKING, &payload)),
        }
    }

    /// The one-click URL.
    pub fn unsubscribe_url(&self) -> String {
        format!("{}/u/{}", self.base, self.unsubscribe)
    }

    /// The preference centre.
    pub fn preferences_url(&self) -> String {
        format!("{}/p/{}", self.base, self.unsubscribe)
    }
}

impl Links for DeliveryLinks {
    fn link(&self, number: u32, url: &str, out: &mut String) {
        match &self.tracking {
            Some(token) => {
                out.push_str(&self.base);
                out.push_str("/t/c/");
                out.push_str(token);
                // Writing into a String cannot fail.
                let _ = write!(out, "/{number}");
            }
            None => out.push_str(url),
        }
    }

    fn unsubscribe(&self, out: &mut String) {
        out.push_str(&self.base);
        out.push_str("/u/");
        out.push_str(&self.unsubscribe);
    }

    fn preferences(&self, out: &mut String) {
        out.push_str(&self.base);
        out.push_str("/p/");
        out.push_str(&self.unsubscribe);
    }

    fn base(&self, out: &mut String) {
        out.push_str(&self.base);
    }

    fn view(&self, out: &mut String) {
        self.preferences(out);
        out.push_str("/view");
    }

    fn pixel(&self, out: &mut String) -> bool {
        let Some(token) = &self.tracking else { return false };
        out.push_str(&self.base);
        out.push_str("/t/o/");
        out.push_str(token);
        out.push_str(".gif");
        true
    }
}

/// What a verified token names.
pub struct Tokened {
    /// A context of its workspace, acting for the person.
    pub ctx: Ctx,
    /// The delivery.
    pub delivery: DeliveryId,
}

async fn verified(core: &Core, label: &str, token: &str) -> Option<Tokened> {
    let (workspace, payload) = core.vault.read_token(label, token).await.ok()??;
    let delivery: RawId = payload.try_into().ok()?;
    Some(Tokened { ctx: core.ctx(workspace, store::Actor::Person), delivery: DeliveryId(delivery) })
}

/// The delivery behind an unsubscribe or preference link; `None` for anything forged or of a
/// workspace that is no more.
pub async fn delivery_of_unsubscribe_token(core: &Core, token: &str) -> Option<Tokened> {
    verified(core, UNSUBSCRIBE, token).await
}

/// The delivery behind an open or click link.
pub async fn delivery_of_tracking_token(core: &Core, token: &str) -> Option<Tokened> {
    verified(core, TRACKING, token).await
}
