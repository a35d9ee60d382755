//! Who is asking, and what they may do.

use accounts::members::{self, Permission, Permissions};
use accounts::throttle;
use accounts::users::{Client, Session, State};
use accounts::workspaces;
use axum::extract::{FromRef, FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use data_encoding::BASE64;
use kernel::{Code, Problem, WorkspaceId};
use store::{Actor, Ctx};

use crate::calls::Seen;
use crate::{Failure, Result, Toolbox, cookie, origin};

/// The header by which a signed-in browser says which of its workspaces it means.
const WORKSPACE_HEADER: &str = "x-barid-workspace";
/// The parameter of path or query that says the same: an event source of a browser sends no headers.
const WORKSPACE_PARAMETER: &str = "workspace";

/// An authenticated request: who, in which workspace, with which permissions. Handlers that take no
/// `Caller` are public.
#[derive(Clone)]
pub struct Caller {
    toolbox: Toolbox,
    workspace: WorkspaceId,
    actor: Actor,
    permissions: Permissions,
    pending: bool,
    session: Option<Session>,
    test: bool,
}

impl Caller {
    /// The context to act in, when the caller may do `permission` (`area:verb`).
    ///
    /// # Errors
    /// `forbidden` when they may not; `account_pending` when they will, once their e-mail address is
    /// confirmed.
    pub fn require(&self, permission: &str) -> Result<Ctx> {
        let wanted: Permission =
            permission.parse().map_err(|_| Failure::new(Code::Internal, format!("{permission} is no permission")))?;
        if !self.permissions.has(wanted) {
            return Err(Failure::new(Code::Forbidden, format!("this needs the permission {wanted}")));
        }
        if self.pending && !wanted.while_pending() {
            return Err(accounts::Error::Pending.into());
        }
        Ok(self.ctx())
    }

    /// The caller behind a key that came elsewhere than in a header (some vendors put it into the body).
    pub async fn with_key(toolbox: &Toolbox, key: &str, client: &Client) -> Result<Self> {
        let access = match toolbox.accounts().authenticate_key(key).await {
            Ok(access) => access,
            Err(error) => {
                spend_on_guess(client, toolbox)?;
                return Err(error.into());
            }
        };
        Ok(Self {
            toolbox: toolbox.clone(),
            workspace: access.workspace,
            actor: Actor::Key(access.id),
            permissions: access.permissions,
            pending: false,
            session: None,
            test: access.test,
        })
    }

    /// Whether [`Caller::require`] would succeed.
    pub fn may(&self, permission: &str) -> bool {
        self.require(permission).is_ok()
    }

    /// The context, for what every member may do.
    pub fn ctx(&self) -> Ctx {
        self.toolbox.core().ctx(self.workspace, self.actor)
    }

    /// The workspace the request is about.
    pub fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    /// Who is asking.
    pub fn actor(&self) -> Actor {
        self.actor
    }

    /// What they may do. Passed on where they give rights to others.
    pub fn permissions(&self) -> Permissions {
        self.permissions
    }

    /// Whether the request came with a test key: what it sends must not leave this machine.
    pub fn is_test(&self) -> bool {
        self.test
    }

    /// The session, when the request came with one rather than with a key.
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller
where
    Toolbox: FromRef<S>,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let toolbox = Toolbox::from_ref(state);
        let caller = match key_text(&parts.headers)? {
            Some(text) => by_key(parts, &toolbox, &text).await?,
            None => by_session(parts, &toolbox).await?,
        };
        Seen::mark(parts, caller.workspace, caller.actor);
        toolbox.spend_on_caller(caller.actor).map_err(too_many)?;
        parts.extensions.insert(caller.clone());
        Ok(caller)
    }
}

/// A signed-in browser, whatever its workspaces: for what people do with their own account.
#[derive(Clone)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn
where
    Toolbox: FromRef<S>,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let toolbox = Toolbox::from_ref(state);
        let session = session(parts, &toolbox).await?;
        toolbox.spend_on_caller(Actor::User(session.user)).map_err(too_many)?;
        Ok(Self { session })
    }
}

pub(crate) fn too_many(seconds: u32) -> Failure {
    Failure(Problem::new(Code::RateLimited, "slow down; Retry-After says for how long").retry_after(seconds))
}

/// The key of an Authorization header: a Bearer token, or the password of Basic (the user name when
/// the password is empty; clients differ).
fn key_text(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let bad =
        || Failure::new(Code::Unauthenticated, "Authorization must be `Bearer KEY`, or Basic with the key as password");
    let (scheme, rest) = value.to_str().map_err(|_| bad())?.trim().split_once(' ').ok_or_else(bad)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Ok(Some(rest.trim().to_owned()));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(bad());
    }
    let plain = BASE64.decode(rest.trim().as_bytes()).map_err(|_| bad())?;
    let plain = String::from_utf8(plain).map_err(|_| bad())?;
    let (user, password) = plain.split_once(':').unwrap_or((&plain, ""));
    Ok(Some(if password.is_empty() { user } else { password }.to_owned()))
}

/// The workspace that header or path name, when one does.
async fn named_workspace<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<Option<WorkspaceId>> {
    let header = parts.headers.get(WORKSPACE_HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let path = RawPathParams::from_request_parts(parts, state).await.ok();
    let path =
        path.as_ref().and_then(|all| all.iter().find(|(name, _)| *name == WORKSPACE_PARAMETER)).map(|(_, id)| id);
    let query = || {
        let pairs = parts.uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(name, _)| *name == WORKSPACE_PARAMETER).map(|(_, id)| id.to_owned())
    };
    let Some(text) = path.map(str::to_owned).or(header).or_else(query) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Failure::not_found("workspace"))
}

async fn by_key(parts: &mut Parts, toolbox: &Toolbox, text: &str) -> Result<Caller> {
    let caller = Caller::with_key(toolbox, text, &origin::client(parts, toolbox)).await?;
    if named_workspace(parts, toolbox).await?.is_some_and(|named| named != caller.workspace) {
        return Err(Failure::not_found("workspace"));
    }
    Ok(caller)
}

/// Wrong keys and cookies cost the address that sends them; right ones nothing.
fn spend_on_guess(client: &Client, toolbox: &Toolbox) -> Result<()> {
    let Some(address) = client.address else { return Ok(()) };
    toolbox.per_guesser().take(throttle::address_key(address), toolbox.core().now()).map_err(too_many)
}

async fn session(parts: &Parts, toolbox: &Toolbox) -> Result<Session> {
    let token = cookie::token(&parts.headers, toolbox.secure()).ok_or_else(|| {
        Failure::new(Code::Unauthenticated, "sign in, or send an API key as `Authorization: Bearer KEY`")
    })?;
    origin::require_same_origin(&parts.method, &parts.headers, toolbox.origin())?;
    match toolbox.accounts().session(token).await {
        Ok(session) => Ok(session),
        Err(error) => {
            spend_on_guess(&origin::client(parts, toolbox), toolbox)?;
            Err(error.into())
        }
    }
}

async fn by_session(parts: &mut Parts, toolbox: &Toolbox) -> Result<Caller> {
    let session = session(parts, toolbox).await?;
    let core = toolbox.core();
    let workspace = match named_workspace(parts, toolbox).await? {
        Some(named) => named,
        None => match members::of(core, session.user).await?.as_slice() {
            [only] => only.workspace,
            [] => return Err(Failure::new(Code::Forbidden, "you belong to no workspace yet")),
            _ => return Err(Failure(Problem::field(WORKSPACE_HEADER, "say which of your workspaces you mean"))),
        },
    };
    let access =
        members::access(core, session.user, workspace).await?.ok_or_else(|| Failure::not_found("workspace"))?;
    if access.state == workspaces::State::Closed {
        return Err(Failure::new(Code::Gone, "the workspace is closed"));
    }
    if access.second_factor && !session.second_factor {
        return Err(accounts::Error::SecondFactor.into());
    }
    if access.password_ends.is_some_and(|end| end <= core.now()) {
        return Err(accounts::Error::PasswordExpired.into());
    }
    let mut permissions = access.role.permissions();
    if access.state == workspaces::State::Suspended {
        permissions = permissions.iter().filter(|permission| permission.while_pending()).collect();
    }
    Ok(Caller {
        toolbox: toolbox.clone(),
        workspace,
        actor: Actor::User(session.user),
        permissions,
        pending: session.state == State::Pending || access.state == workspaces::State::Pending,
        session: Some(session),
        test: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_in_three_shapes() {
        let read = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            key_text(&headers).map_err(|failure| failure.0.code)
        };
        assert_eq!(read("Bearer abc"), Ok(Some("abc".to_owned())));
        assert_eq!(read("bearer  abc "), Ok(Some("abc".to_owned())));
        assert_eq!(read(&format!("Basic {}", BASE64.encode(b"anystring:abc"))), Ok(Some("abc".to_owned())));
        assert_eq!(read(&format!("Basic {}", BASE64.encode(b"abc:"))), Ok(Some("abc".to_owned())));
        for wrong in ["abc", "Digest x", "Basic !!", "Basic /w=="] {
            assert_eq!(read(wrong), Err(Code::Unauthenticated), "{wrong}");
        }
        assert!(key_text(&HeaderMap::new()).unwrap().is_none());
    }
}
