//! What a process has one of for calls.

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use kernel::{CallId, TrunkId, WorkspaceId};
use outbound::webhooks::GuardedClient;
use parking_lot::{Mutex, RwLock};
use privacy::gate::Gate;
use store::{Actor, Core, Ctx};
use tokio::sync::Notify;

use crate::rtp::{Media, Ports};
use crate::sip::{self, Command, Endpoint, Offered, Peer, RegisterState, Registration, Sink};
use crate::speech::Speech;
use crate::trunks::{Access, Trunk, TrunkState};
use crate::{Error, Result, trunks};

/// What the operator of the server says about calls.
#[derive(Debug, Clone)]
pub struct Options {
    /// The program that says words.
    pub speech: String,
    /// The first port for sound.
    pub first_port: u16,
    /// The last.
    pub last_port: u16,
}

impl Default for Options {
    fn default() -> Self {
        Self { speech: "espeak-ng".to_owned(), first_port: 20_000, last_port: 29_999 }
    }
}

/// A trunk with what this process knows of it.
pub(super) struct LiveTrunk {
    pub(super) trunk: Trunk,
    pub(super) access: Access,
    pub(super) peer: Peer,
    pub(super) calls: Arc<AtomicUsize>,
    /// The name of its registration.
    name: u64,
}

/// A place on a trunk; given back when the call is over.
pub(super) struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl LiveTrunk {
    /// A place, unless all are taken.
    pub(super) fn place(&self) -> Option<Place> {
        let most = usize::from(self.trunk.rules.max_calls);
        let take = |taken: usize| (taken < most).then_some(taken + 1);
        self.calls.fetch_update(Ordering::AcqRel, Ordering::Acquire, take).ok()?;
        Some(Place(Arc::clone(&self.calls)))
    }

    /// By what calls to this trunk's account are known: the user of our Contact.
    pub(super) fn contact_user(&self) -> String {
        self.trunk.id.to_string()
    }
}

/// How a trunk stands on this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrunkStanding {
    /// How its registration stands, when it has one.
    pub registration: Option<RegisterState>,
    /// Calls under way.
    pub calls: usize,
}

struct Inner {
    core: Core,
    gate: Gate,
    speech: Speech,
    client: GuardedClient,
    ports: Ports,
    endpoint: OnceLock<Endpoint>,
    live: RwLock<HashMap<WorkspaceId, Vec<Arc<LiveTrunk>>>>,
    registered: Mutex<HashMap<u64, RegisterState>>,
    under_way: Mutex<HashMap<CallId, Arc<Notify>>>,
    accepted: Notify,
    closing: AtomicBool,
    names: AtomicU64,
}

/// Calls of all workspaces of this process. Cheap to clone.
#[derive(Clone)]
pub struct Voice(Arc<Inner>);

impl Voice {
    /// Without sockets: calls can be accepted and wait.
    pub fn new(core: Core, gate: Gate, client: GuardedClient, options: &Options) -> Self {
        Self(Arc::new(Inner {
            core,
            gate,
            speech: Speech::new(&options.speech),
            client,
            ports: Ports::new(options.first_port, options.last_port),
            endpoint: OnceLock::new(),
            live: RwLock::default(),
            registered: Mutex::default(),
            under_way: Mutex::default(),
            accepted: Notify::new(),
            closing: AtomicBool::new(false),
            names: AtomicU64::new(1),
        }))
    }

    /// Listens: from now on calls leave and come in.
    ///
    /// # Errors
    /// When the address cannot be listened at.
    pub async fn listen(&self, at: SocketAddr, public: Option<IpAddr>) -> std::io::Result<SocketAddr> {
        let product = concat!("Barid/", env!("CARGO_PKG_VERSION")).to_owned();
        let settings = sip::Settings { listen: at, public, product };
        let with = (Arc::clone(&self.0.core.clock), Arc::clone(&self.0.core.rng));
        let endpoint = Endpoint::start(settings, with, Arc::new(self.clone())).await?;
        let at = endpoint.at();
        let _ = self.0.endpoint.set(endpoint);
        Ok(at)
    }

    /// Whether this process makes and takes calls.
    pub fn is_on(&self) -> bool {
        self.0.endpoint.get().is_some()
    }

    pub(super) fn endpoint(&self) -> Option<&Endpoint> {
        self.0.endpoint.get()
    }

    /// Sends an INVITE; `None` when this process makes no calls.
    pub(super) async fn endpoint_invite(&self, invitation: sip::Invitation) -> Option<(sip::LegId, sip::LegEvents)> {
        self.endpoint()?.invite(invitation).await
    }

    pub(super) fn gate(&self) -> &Gate {
        &self.0.gate
    }

    pub(super) fn core(&self) -> &Core {
        &self.0.core
    }

    pub(super) fn speech(&self) -> &Speech {
        &self.0.speech
    }

    pub(super) fn client(&self) -> &GuardedClient {
        &self.0.client
    }

    /// Opens the sound of a call at the address that descriptions say.
    pub(super) async fn media(&self) -> Result<(Media, tokio::sync::mpsc::Receiver<crate::rtp::Heard>)> {
        let endpoint = self.endpoint().ok_or(Error::Off)?;
        let with = (Arc::clone(&self.0.core.clock), Arc::clone(&self.0.core.rng));
        let opened = Media::open(&self.0.ports, endpoint.at().ip(), with).await;
        opened.map_err(|_| Error::Conflict("every port for sound is in use"))
    }

    /// Brings trunks and registrations of a workspace up to date.
    ///
    /// # Errors
    /// The store's; everything then stays as it is.
    pub async fn follow(&self, ctx: &Ctx) -> Result<()> {
        let Some(endpoint) = self.endpoint() else { return Ok(()) };
        let before = self.trunks(ctx.workspace);
        let mut now = Vec::new();
        for trunk in trunks::list(ctx).await? {
            if trunk.state == TrunkState::Paused {
                continue;
            }
            let access = trunks::access_of(ctx, trunk.id).await?;
            let known = before.iter().find(|live| live.trunk.id == trunk.id);
            let at = tokio::net::lookup_host((access.host.as_str(), access.port)).await;
            let wanted = endpoint.at().is_ipv4();
            let at = at.ok().and_then(|mut all| all.find(|at| at.is_ipv4() == wanted));
            let peer = at.map(|at| Peer { transport: access.transport.into(), at });
            // A name that cannot be looked up just now stays where it was.
            let Some(peer) = peer.or(known.map(|live| live.peer)) else {
                tracing::warn!(trunk = %trunk.id, "the trunk's host cannot be looked up");
                continue;
            };
            let name = known.map_or_else(|| self.0.names.fetch_add(1, Ordering::Relaxed), |live| live.name);
            let calls = known.map(|live| Arc::clone(&live.calls)).unwrap_or_default();
            now.push(Arc::new(LiveTrunk { trunk, access, peer, calls, name }));
        }
        for live in &now {
            if live.access.register {
                endpoint.order(Command::Register(live.name, Box::new(registration(live))));
            } else if self.0.registered.lock().remove(&live.name).is_some() {
                endpoint.order(Command::Unregister(live.name));
            }
        }
        for gone in before.iter().filter(|old| !now.iter().any(|live| live.name == old.name)) {
            endpoint.order(Command::Unregister(gone.name));
            self.0.registered.lock().remove(&gone.name);
        }
        self.0.live.write().insert(ctx.workspace, now);
        let allowed: HashSet<IpAddr> = self.0.live.read().values().flatten().map(|live| live.peer.at.ip()).collect();
        endpoint.order(Command::Allow(allowed));
        Ok(())
    }

    /// The trunks of a workspace that are open.
    pub(super) fn trunks(&self, workspace: WorkspaceId) -> Vec<Arc<LiveTrunk>> {
        self.0.live.read().get(&workspace).cloned().unwrap_or_default()
    }

    /// Trunks of every workspace at an address, with their workspace.
    pub(super) fn trunks_at(&self, ip: IpAddr) -> Vec<(WorkspaceId, Arc<LiveTrunk>)> {
        let live = self.0.live.read();
        let all =
            live.iter().flat_map(|(workspace, trunks)| trunks.iter().map(|trunk| (*workspace, Arc::clone(trunk))));
        all.filter(|(_, trunk)| trunk.peer.at.ip() == ip).collect()
    }

    /// The best trunk for a number that has a place: the longest prefix, then the priority.
    pub(super) fn choose(
        &self,
        workspace: WorkspaceId,
        number: &str,
        from: Option<&str>,
    ) -> Option<(Arc<LiveTrunk>, Place)> {
        let digits = number.trim_start_matches('+');
        let mut fitting: Vec<(usize, Arc<LiveTrunk>)> = self
            .trunks(workspace)
            .into_iter()
            .filter(|live| live.trunk.state == TrunkState::Active && self.is_up(live))
            .filter(|live| from.is_none_or(|from| live.trunk.rules.caller_ids.iter().any(|known| known == from)))
            .filter_map(|live| live.trunk.rules.fits(digits).map(|length| (length, live)))
            .collect();
        fitting.sort_by_key(|(length, live)| (std::cmp::Reverse(*length), live.trunk.rules.priority, live.trunk.id));
        fitting.into_iter().find_map(|(_, live)| live.place().map(|place| (live, place)))
    }

    fn is_up(&self, live: &LiveTrunk) -> bool {
        !live.access.register || self.0.registered.lock().get(&live.name) == Some(&RegisterState::Registered)
    }

    /// How a trunk stands on this process; `None` when it is not open.
    pub fn standing(&self, workspace: WorkspaceId, id: TrunkId) -> Option<TrunkStanding> {
        let live = self.trunks(workspace).into_iter().find(|live| live.trunk.id == id)?;
        let told = self.0.registered.lock().get(&live.name).copied();
        let registration = live.access.register.then(|| told.unwrap_or(RegisterState::Trying));
        Some(TrunkStanding { registration, calls: live.calls.load(Ordering::Acquire) })
    }

    /// Calls of a workspace that are under way on this process.
    pub(super) fn together(&self, workspace: WorkspaceId) -> usize {
        self.trunks(workspace).iter().map(|live| live.calls.load(Ordering::Acquire)).sum()
    }

    /// Enters a call that is under way; what it answers is notified when somebody wants its end.
    pub(super) fn enter(&self, call: CallId) -> Arc<Notify> {
        let hang_up = Arc::new(Notify::new());
        self.0.under_way.lock().insert(call, Arc::clone(&hang_up));
        hang_up
    }

    pub(super) fn leave(&self, call: CallId) {
        self.0.under_way.lock().remove(&call);
    }

    /// Ends a call that is under way here; `false` when it is not.
    pub fn hang_up(&self, call: CallId) -> bool {
        let found = self.0.under_way.lock().get(&call).cloned();
        if let Some(hang_up) = &found {
            hang_up.notify_one();
        }
        found.is_some()
    }

    /// Takes nothing new up, ends what is under way, and says goodbye to trunks.
    pub async fn close(&self) {
        self.0.closing.store(true, Ordering::Release);
        self.wake();
        let under_way: Vec<CallId> = self.0.under_way.lock().keys().copied().collect();
        for call in under_way {
            self.hang_up(call);
        }
        // What becomes of them is written down before the process ends.
        let written = async {
            while !self.0.under_way.lock().is_empty() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let _ = tokio::time::timeout(Duration::from_secs(3), written).await;
        if let Some(endpoint) = self.endpoint() {
            let names: Vec<u64> = self.0.registered.lock().keys().copied().collect();
            for name in names {
                endpoint.order(Command::Unregister(name));
            }
            endpoint.stop().await;
        }
    }

    pub(super) fn is_closing(&self) -> bool {
        self.0.closing.load(Ordering::Acquire)
    }

    /// Wakes workers that wait for calls.
    pub(super) fn wake(&self) {
        self.0.accepted.notify_waiters();
    }

    pub(super) fn accepted(&self) -> &Notify {
        &self.0.accepted
    }
}

fn registration(live: &LiveTrunk) -> Registration {
    Registration {
        peer: live.peer,
        domain: live.access.domain().to_owned(),
        credentials: sip::Credentials { user: live.access.user.clone(), password: live.access.password.clone() },
        contact_user: live.contact_user(),
        expires: 600,
    }
}

impl Sink for Voice {
    fn incoming(&self, offered: Offered) {
        let voice = self.clone();
        tokio::spawn(async move { super::inbound::take(voice, offered).await });
    }

    fn registered(&self, name: u64, state: RegisterState) {
        if state == RegisterState::Gone {
            self.0.registered.lock().remove(&name);
            return;
        }
        self.0.registered.lock().insert(name, state);
        if state == RegisterState::Registered {
            self.wake();
        }
    }
}

/// The context of background work.
pub(super) fn system(core: &Core, workspace: WorkspaceId) -> Ctx {
    core.ctx(workspace, Actor::System)
}
