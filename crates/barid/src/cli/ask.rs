//! `barid api`.

use std::path::PathBuf;

use clap::Args;

use super::Server;

/// `barid api`.
#[derive(Debug, Args)]
pub struct Ask {
    /// GET, POST, PUT, PATCH or DELETE
    #[arg(value_name = "METHOD")]
    pub method: String,
    /// The path with its query, such as /v1/contacts?limit=10
    #[arg(value_name = "PATH")]
    pub path: String,
    /// The body: a file, or - for standard input
    #[arg(long, short, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// What the body is; told from the file's name when absent (JSON, CSV, text, mail)
    #[arg(long, value_name = "TYPE", requires = "input")]
    pub content_type: Option<String>,
    /// Write the answer here instead of to standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    /// The server
    pub server: Server,
}
