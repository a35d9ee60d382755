//! A consistent copy of a PostgreSQL schema in one file, and its way back.
//!
//! The file is a line of JSON per table followed by the table's rows as PostgreSQL's own binary COPY
//! format, in length-prefixed pieces; a piece of length zero ends the table. All tables are read in
//! one repeatable-read transaction, so the copy is of one instant while writing goes on.

use std::path::Path;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::fs::File;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, BufWriter};

use crate::postgres::{Postgres, error};
use crate::{Error, Result};

const FORMAT: u32 = 1;
/// The largest piece that is believed when reading.
const PIECE: usize = 64 << 20;

#[derive(Serialize, Deserialize)]
struct Head {
    barid_dump: u32,
}

#[derive(Serialize, Deserialize)]
struct Table {
    table: String,
    columns: Vec<String>,
}

impl Table {
    /// Names come from the catalogue or from a file; both are quoted.
    fn copy(&self, direction: &str) -> String {
        let quote = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let columns: Vec<String> = self.columns.iter().map(|column| quote(column)).collect();
        format!("COPY {} ({}) {direction} (FORMAT binary)", quote(&self.table), columns.join(", "))
    }
}

fn file(failure: std::io::Error) -> Error {
    if failure.kind() == std::io::ErrorKind::StorageFull { Error::Full } else { Error::File(failure.to_string()) }
}

fn damaged() -> Error {
    Error::File("the file is not a backup of Barid, or it is damaged".to_owned())
}

async fn line<T: Serialize>(out: &mut BufWriter<File>, value: &T) -> Result<()> {
    let mut text = serde_json::to_vec(value).map_err(|e| Error::File(e.to_string()))?;
    text.push(b'\n');
    out.write_all(&text).await.map_err(file)
}

impl Postgres {
    /// Writes every table of the schema.
    pub(crate) async fn dump(&self, to: &Path) -> Result<()> {
        let client = self.client().await?;
        let fail = |e: tokio_postgres::Error| error("DUMP", &e);
        client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(fail)?;
        let rows = client
            .query(
                "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
                 WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position",
                &[],
            )
            .await
            .map_err(fail)?;
        let mut tables: Vec<Table> = Vec::new();
        for row in rows {
            let (table, column): (String, String) = (row.get(0), row.get(1));
            match tables.last_mut() {
                Some(last) if last.table == table => last.columns.push(column),
                _ => tables.push(Table { table, columns: vec![column] }),
            }
        }
        let mut out = BufWriter::new(File::create(to).await.map_err(file)?);
        line(&mut out, &Head { barid_dump: FORMAT }).await?;
        for table in tables {
            line(&mut out, &table).await?;
            let stream = client.copy_out(&table.copy("TO STDOUT")).await.map_err(fail)?;
            futures_util::pin_mut!(stream);
            while let Some(piece) = stream.next().await {
                let piece = piece.map_err(fail)?;
                if !piece.is_empty() {
                    out.write_u32(piece.len() as u32).await.map_err(file)?;
                    out.write_all(&piece).await.map_err(file)?;
                }
            }
            out.write_u32(0).await.map_err(file)?;
        }
        client.batch_execute("COMMIT").await.map_err(fail)?;
        out.flush().await.map_err(file)?;
        out.get_ref().sync_all().await.map_err(file)
    }

    /// Reads a file of [`Postgres::dump`] into the schema, whose tables must be empty or absent from the
    /// file, all or nothing.
    pub(crate) async fn load(&self, from: &Path) -> Result<()> {
        let mut input = BufReader::new(File::open(from).await.map_err(file)?);
        let mut text = String::new();
        input.read_line(&mut text).await.map_err(|_| damaged())?;
        let head: Head = serde_json::from_str(&text).map_err(|_| damaged())?;
        if head.barid_dump != FORMAT {
            return Err(damaged());
        }
        let client = self.client().await?;
        let fail = |e: tokio_postgres::Error| error("LOAD", &e);
        client.batch_execute("BEGIN; TRUNCATE migration").await.map_err(fail)?;
        loop {
            text.clear();
            if input.read_line(&mut text).await.map_err(|_| damaged())? == 0 {
                break;
            }
            let table: Table = serde_json::from_str(&text).map_err(|_| damaged())?;
            let sink = client.copy_in(&table.copy("FROM STDIN")).await.map_err(fail)?;
            futures_util::pin_mut!(sink);
            loop {
                let length = input.read_u32().await.map_err(|_| damaged())? as usize;
                if length == 0 {
                    break;
                }
                if length > PIECE {
                    return Err(damaged());
                }
                let mut piece = vec![0; length];
                input.read_exact(&mut piece).await.map_err(|_| damaged())?;
                sink.send(Bytes::from(piece)).await.map_err(fail)?;
            }
            sink.close().await.map_err(fail)?;
        }
        client.batch_execute("COMMIT").await.map_err(fail)
    }

    /// Puts the schema `from` in the place of `to`, in one transaction.
    pub(crate) async fn replace_schema(&self, from: &str, to: &str) -> Result<()> {
        self.simple(&format!("BEGIN; DROP SCHEMA IF EXISTS {to} CASCADE; ALTER SCHEMA {from} RENAME TO {to}; COMMIT;"))
            .await
    }
}
