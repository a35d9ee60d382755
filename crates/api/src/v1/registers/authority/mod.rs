//! Requests of public authorities.

mod close;
mod create;
mod export;
mod list;
mod people;
mod read;
mod transparency;
mod update;

use super::super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("authority": list, create, read, update, people, export, close, transparency)
}
