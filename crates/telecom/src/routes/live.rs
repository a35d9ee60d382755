//! The binds that this process holds open, by workspace.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kernel::{RouteId, WorkspaceId};
use parking_lot::RwLock;
use rustls::ClientConfig;
use store::Ctx;

use super::model::{Access, Route, RouteState};
use crate::Result;
use crate::smpp::{BindState, Client, Inbound};

/// A route with its open binds.
pub struct LiveRoute {
    /// The route as it was when the binds were opened.
    pub route: Route,
    access: Access,
    binds: Vec<Client>,
    turn: AtomicUsize,
}

impl LiveRoute {
    /// A bind over which a message can leave now, in turn.
    pub fn ready(&self) -> Option<&Client> {
        let count = self.binds.len();
        let first = self.turn.fetch_add(1, Ordering::Relaxed);
        (0..count).map(|n| &self.binds[(first + n) % count]).find(|bind| bind.is_ready())
    }

    /// How many binds are up, and how many there are.
    pub fn up(&self) -> (usize, usize) {
        let up = self.binds.iter().filter(|bind| *bind.state().borrow() == BindState::Up).count();
        (up, self.binds.len())
    }

    /// Waits until a bind is up.
    pub async fn bound(&self) {
        let waits = self.binds.iter().map(|bind| {
            Box::pin(async move {
                let mut state = bind.state();
                let _ = state.wait_for(|state| *state == BindState::Up).await;
            })
        });
        if !self.binds.is_empty() {
            futures_util::future::select_all(waits).await;
        }
    }

    /// What the operator said when it refused a bind.
    pub fn refused(&self) -> Option<String> {
        self.binds.iter().find_map(|bind| match *bind.state().borrow() {
            BindState::Refused(status) => Some(status.to_string()),
            _ => None,
        })
    }

    async fn stop(&self) {
        futures_util::future::join_all(self.binds.iter().map(Client::stop)).await;
    }
}

type Routes = HashMap<RouteId, Arc<LiveRoute>>;

/// Makes what takes messages that come in over a route.
pub type Receiver = Arc<dyn Fn(&Ctx, &Route) -> Arc<dyn Inbound> + Send + Sync>;

/// The open binds of a process. Cheap to clone.
#[derive(Clone, Default)]
pub struct Live {
    routes: Arc<RwLock<HashMap<WorkspaceId, Arc<Routes>>>>,
    tls: Option<Arc<ClientConfig>>,
}

impl Live {
    /// With the configuration for routes that use TLS.
    pub fn new(tls: Option<Arc<ClientConfig>>) -> Self {
        Self { routes: Arc::default(), tls }
    }

    /// The routes of a workspace.
    pub fn of(&self, workspace: WorkspaceId) -> Arc<Routes> {
        self.routes.read().get(&workspace).cloned().unwrap_or_default()
    }

    /// Opens, closes and replaces binds so that they are what the workspace's routes say. A route whose
    /// account did not change keeps its binds. Answers whether one was opened.
    ///
    /// # Errors
    /// The store's; the binds then stay as they are.
    pub async fn follow(&self, ctx: &Ctx, receiver: &Receiver) -> Result<bool> {
        let before = self.of(ctx.workspace);
        let (mut now, mut opened) = (Routes::new(), false);
        for route in super::list(ctx).await? {
            if route.state == RouteState::Paused {
                continue;
            }
            let access = super::access_of(ctx, route.id).await?;
            let live = match before.get(&route.id) {
                Some(live) if live.access == access && live.route == route => Arc::clone(live),
                Some(live) if live.access == access && live.route.rules == route.rules => {
                    let turn = AtomicUsize::new(0);
                    Arc::new(LiveRoute { binds: live.binds.clone(), route, access, turn })
                }
                _ => {
                    opened = true;
                    self.open(ctx, route, access, receiver)
                }
            };
            now.insert(live.route.id, live);
        }
        let kept: Vec<_> = now.values().flat_map(|live| live.binds.iter().map(Client::key)).collect();
        self.routes.write().insert(ctx.workspace, Arc::new(now));
        for live in before.values() {
            if !live.binds.iter().any(|bind| kept.contains(&bind.key())) {
                // Goodbyes take as long as the other side does; nobody needs to wait for them.
                let live = Arc::clone(live);
                tokio::spawn(async move { live.stop().await });
            }
        }
        Ok(opened)
    }

    fn open(&self, ctx: &Ctx, route: Route, access: Access, receiver: &Receiver) -> Arc<LiveRoute> {
        let settings = access.binds(self.tls.as_ref());
        let start = |settings| {
            let with = (Arc::clone(&ctx.clock), Arc::clone(&ctx.rng));
            Client::start(settings, receiver(ctx, &route), with)
        };
        let binds = settings.into_iter().map(start).collect();
        Arc::new(LiveRoute { binds, route, access, turn: AtomicUsize::new(0) })
    }

    /// Says goodbye on every bind.
    pub async fn stop(&self) {
        let all: Vec<Arc<Routes>> = self.routes.write().drain().map(|(_, routes)| routes).collect();
        for live in all.iter().flat_map(|routes| routes.values()) {
            live.stop().await;
        }
    }
}
