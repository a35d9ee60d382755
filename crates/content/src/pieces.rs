//! What editors keep beside the messages themselves: blocks to be used again, the looks of a brand, and earlier
//! states of a message. Each is a whole document, so that it is checked, migrated and rendered like any other. No
//! personal data.

use kernel::{PieceId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Ctx, params, sql};
use utoipa::ToSchema;

use crate::design::Design;
use crate::versions::Error;

const MAX_NAME: usize = 200;
/// The most earlier states of one message; the oldest gives way.
pub const MAX_STATES: i64 = 50;

sql! {
    INSERT_PIECE = "INSERT INTO piece (workspace, id, kind, about, name, design, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    GET_PIECE = "SELECT id, kind, about, name, design, created_at, created_by FROM piece WHERE workspace = $1 AND id = $2";
    LIST_PIECES = "SELECT id, kind, about, name, created_at, created_by FROM piece WHERE workspace = $1 AND kind = $2 AND about = $3 AND id < $4
        ORDER BY id DESC LIMIT $5";
    CHANGE_PIECE = "UPDATE piece SET name = $3, design = $4 WHERE workspace = $1 AND id = $2";
    DELETE_PIECE = "DELETE FROM piece WHERE workspace = $1 AND id = $2";
    OLDEST_PIECES = "SELECT id FROM piece WHERE workspace = $1 AND kind = 'state' AND about = $2 ORDER BY id DESC LIMIT 1000 OFFSET $3";
    OLD_STATES = "SELECT NULL, created_at, id FROM piece WHERE workspace = $1 AND kind = 'state' AND created_at < $2 ORDER BY created_at LIMIT $3";
    END_STATE = "DELETE FROM piece WHERE workspace = $1 AND id = $2 AND kind = 'state'";
}

// Earlier states serve to take back a mistake, and no longer than a bin does. What was kept to be used again is
// deleted by whoever no longer uses it.
store::retention!(store::RetentionRule {
    table: "piece",
    class: "workspace.bin",
    covers: &[],
    event: "the earlier state was kept",
    due_by: store::DueBy::Instant,
    find: OLD_STATES,
    end: &[END_STATE],
    before: None,
    after: None,
});

/// What a piece is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PieceKind)]
pub enum Kind {
    /// Rows to be used again; the footer row of the document is not one of them.
    Block,
    /// The looks of a brand: the theme, and a footer.
    Brand,
    /// An earlier state of a message.
    State,
}

impl Kind {
    /// The code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Brand => "brand",
            Self::State => "state",
        }
    }

    fn read(code: &str) -> store::Result<Self> {
        match code {
            "block" => Ok(Self::Block),
            "brand" => Ok(Self::Brand),
            "state" => Ok(Self::State),
            _ => Err(store::Error::Column("the kind of a piece")),
        }
    }
}

/// What is kept, without its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: PieceId,
    /// What it is for.
    pub kind: Kind,
    /// The message that an earlier state is of (`cmp_…:ar`); empty for everything else.
    pub about: String,
    /// Its name.
    pub name: String,
    /// When it was kept.
    pub created_at: Timestamp,
    /// Who kept it.
    pub created_by: String,
}

impl store::FromRow for Listed {
    fn from_row(row: &mut store::Row) -> store::Result<Self> {
        Ok(Self {
            id: row.take()?,
            kind: Kind::read(&row.take::<String>()?)?,
            about: row.take()?,
            name: row.take()?,
            created_at: row.take()?,
            created_by: row.take()?,
        })
    }
}

/// What is kept, with its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What is known of it.
    pub listed: Listed,
    /// The document.
    pub design: Design,
}

impl store::FromRow for Piece {
    fn from_row(row: &mut store::Row) -> store::Result<Self> {
        let (id, kind) = (row.take()?, Kind::read(&row.take::<String>()?)?);
        let (about, name) = (row.take()?, row.take()?);
        let design = serde_json::from_str(&row.take::<String>()?).map_err(|_| store::Error::Column("a piece"))?;
        let (created_at, created_by) = (row.take()?, row.take()?);
        Ok(Self { listed: Listed { id, kind, about, name, created_at, created_by }, design })
    }
}

/// What is to be kept.
#[derive(Debug, Clone)]
pub struct NewPiece {
    /// What it is for.
    pub kind: Kind,
    /// The message an earlier state is of; ignored for everything else.
    pub about: String,
    /// Its name; may be empty for an earlier state.
    pub name: String,
    /// The document.
    pub design: Design,
}

/// Keeps something. Of one message the newest [`MAX_STATES`] states stay.
///
/// # Errors
/// [`Error::Name`], or the store's.
pub async fn keep(ctx: &Ctx, new: NewPiece) -> Result<Piece, Error> {
    let is_state = new.kind == Kind::State;
    let name = checked(&new.name, is_state)?;
    let about = if is_state { new.about.trim() } else { "" };
    if is_state && (about.is_empty() || about.len() > MAX_NAME) {
        return Err(Error::NotFound("message"));
    }
    let id: PieceId = ctx.id();
    let mut batch = ctx.batch();
    let design = new.design.to_json().to_string();
    let by = ctx.actor.to_string();
    batch.push(INSERT_PIECE, params![ctx.workspace, id, new.kind.as_str(), about, name, design, ctx.now(), by]);
    if is_state {
        let old: Vec<(PieceId,)> = ctx.db.all(OLDEST_PIECES, params![ctx.workspace, about, MAX_STATES - 1]).await?;
        for (id,) in old {
            batch.push(DELETE_PIECE, params![ctx.workspace, id]);
        }
    }
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// What is kept of a kind, newest first, at most `limit` before `before`. Earlier states are asked for by message.
///
/// # Errors
/// The store's.
pub async fn list(
    ctx: &Ctx,
    (kind, about): (Kind, &str),
    before: Option<PieceId>,
    limit: u32,
) -> Result<Vec<Listed>, Error> {
    let before = before.unwrap_or(PieceId([0xff; 16]));
    let about = if kind == Kind::State { about } else { "" };
    let wanted = params![ctx.workspace, kind.as_str(), about, before, limit.clamp(1, 1000)];
    Ok(ctx.db.all(LIST_PIECES, wanted).await?)
}

/// One piece.
///
/// # Errors
/// [`Error::NotFound`], or the store's.
pub async fn get(ctx: &Ctx, id: PieceId) -> Result<Piece, Error> {
    ctx.db.opt(GET_PIECE, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("piece"))
}

/// Gives a piece another name, another document, or both.
///
/// # Errors
/// [`Error::Name`], [`Error::NotFound`] (also for earlier states, which nothing changes), or the store's.
pub async fn change(ctx: &Ctx, id: PieceId, name: Option<&str>, design: Option<&Design>) -> Result<Piece, Error> {
    let before = get(ctx, id).await?;
    if before.listed.kind == Kind::State {
        return Err(Error::NotFound("piece"));
    }
    let name = checked(name.unwrap_or(&before.listed.name), false)?;
    let design = design.unwrap_or(&before.design).to_json().to_string();
    let mut batch = ctx.batch();
    batch.push(CHANGE_PIECE, params![ctx.workspace, id, name, design]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Forgets a piece; forgetting what is not there is no error.
///
/// # Errors
/// The store's.
pub async fn delete(ctx: &Ctx, id: PieceId) -> Result<(), Error> {
    let mut batch = ctx.batch();
    batch.push(DELETE_PIECE, params![ctx.workspace, id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

fn checked(name: &str, may_be_empty: bool) -> Result<&str, Error> {
    let name = name.trim();
    let fits = name.chars().count() <= MAX_NAME && (may_be_empty || !name.is_empty());
    if fits { Ok(name) } else { Err(Error::Name(MAX_NAME)) }
}
