//! Endpoints, mounted and documented by one and the same value.

use std::collections::BTreeMap;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};
use serde::Serialize;
use utoipa::openapi::path::{HttpMethod, Operation, Paths};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApiBuilder, Ref, RefOr, ResponseBuilder, Schema};
use utoipa::{__dev::SchemaReferences, PartialSchema, ToSchema};

use crate::App;

/// What is answered instead, when something is wrong (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
struct ProblemBody {
    /// Where the problem is explained.
    r#type: String,
    /// What kind of problem, in English.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What kind of problem, for programs.
    code: String,
    /// What, where, and what to do.
    detail: String,
    /// The fields at fault, when fields are.
    fields: Option<Vec<ProblemField>>,
}

/// One field that is wrong.
#[derive(Serialize, ToSchema)]
struct ProblemField {
    /// Where, as a path such as `from.email`.
    field: String,
    /// What is wrong and what to do.
    detail: String,
}

/// Handlers and what is said about them.
#[derive(Default)]
pub(super) struct Routes {
    /// The handlers.
    pub(super) router: Router<App>,
    tag: &'static str,
    described: Vec<Described>,
}

/// What is said about one endpoint. It is made when somebody asks for it: all of it together is many times larger than a
/// server that only answers.
struct Described {
    tag: &'static str,
    id: String,
    path: String,
    methods: Vec<HttpMethod>,
    operation: fn() -> Operation,
    schemas: fn(&mut Vec<(String, RefOr<Schema>)>),
}

impl Described {
    fn operation(&self) -> Operation {
        let mut operation = (self.operation)();
        operation.tags = Some(vec![self.tag.to_owned()]);
        operation.operation_id = Some(self.id.clone());
        accept_sessions(&mut operation);
        let problem = ResponseBuilder::new().description("A problem");
        let reference = Ref::from_schema_name("Problem");
        let problem = problem.content(http_server::PROBLEM_JSON, utoipa::openapi::Content::new(Some(reference)));
        operation.responses.responses.insert("default".to_owned(), problem.build().into());
        operation
    }

    fn schemas(&self) -> Vec<(String, RefOr<Schema>)> {
        let mut schemas = Vec::new();
        (self.schemas)(&mut schemas);
        schemas
    }
}

impl Routes {
    /// No endpoint yet, of the resource `tag`.
    pub(super) fn new(tag: &'static str) -> Self {
        Self { tag, ..Self::default() }
    }

    /// With the endpoint that `P` documents.
    pub(super) fn with<P, H, T>(mut self, name: &str, handler: H) -> Self
    where
        P: utoipa::Path + SchemaReferences,
        H: Handler<T, App>,
        T: 'static,
    {
        let (path, methods, id) = (P::path(), P::methods(), format!("{}_{name}", self.tag));
        for method in &methods {
            self.router = self.router.route(&path, on(filter(method), handler.clone()));
        }
        let (operation, schemas) = (P::operation, P::schemas);
        self.described.push(Described { tag: self.tag, id, path, methods, operation, schemas });
        self
    }

    /// These and the endpoints of `other`.
    pub(super) fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.described.extend(other.described);
        self
    }

    /// The same with a layer around each handler.
    pub(super) fn map(mut self, change: impl FnOnce(Router<App>) -> Router<App>) -> Self {
        self.router = change(self.router);
        self
    }

    /// The OpenAPI document, as JSON.
    pub(super) fn document(&self) -> String {
        let info = InfoBuilder::new().title("Barid").version(env!("CARGO_PKG_VERSION"));
        let info = info.description(Some("One organisation talks to its people."));
        let mut paths = Paths::default();
        // By name, so that what many endpoints share is kept once.
        let mut schemas = BTreeMap::from([
            ("Problem".to_owned(), ProblemBody::schema()),
            ("ProblemField".to_owned(), ProblemField::schema()),
        ]);
        for described in &self.described {
            paths.add_path_operation(&described.path, described.methods.clone(), described.operation());
            schemas.extend(described.schemas());
        }
        let key = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("barid_…").build();
        let session = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("barid")));
        let components = ComponentsBuilder::new()
            .schemas_from_iter(schemas)
            .security_scheme("key", SecurityScheme::Http(key))
            .security_scheme("session", session);
        let document = OpenApiBuilder::new().info(info.build()).paths(paths).components(Some(components.build()));
        document.build().to_pretty_json().unwrap_or_default()
    }

    /// The names and schemas of all endpoints, for the test that no two types share a name.
    #[cfg(test)]
    pub(super) fn schemas(&self) -> impl Iterator<Item = (String, RefOr<Schema>)> {
        self.described.iter().flat_map(Described::schemas)
    }
}

/// What a key may do, a signed-in member with the permission may do as well.
fn accept_sessions(operation: &mut Operation) {
    let Some(ways) = &mut operation.security else { return };
    let written = serde_json::to_value(&*ways).unwrap_or_default();
    if let Some(permissions) = written[0]["key"].as_array() {
        let permissions: Vec<&str> = permissions.iter().filter_map(serde_json::Value::as_str).collect();
        ways.push(SecurityRequirement::new("session", permissions));
    }
}

fn filter(method: &HttpMethod) -> MethodFilter {
    match method {
        HttpMethod::Post => MethodFilter::POST,
        HttpMethod::Put => MethodFilter::PUT,
        HttpMethod::Patch => MethodFilter::PATCH,
        HttpMethod::Delete => MethodFilter::DELETE,
        _ => MethodFilter::GET,
    }
}

/// The endpoints of a resource: each module has a documented function `handle`.
macro_rules! routes {
    ($tag:literal: $($module:ident),+ $(,)?) => {
        $crate::v1::routes::Routes::new($tag)
            $(.with::<$module::__path_handle, _, _>(stringify!($module), $module::handle))+
    };
}
pub(super) use routes;

#[cfg(test)]
mod tests {
    #[test]
    fn no_two_types_share_a_name() {
        let all =
            super::super::documents().merge(super::super::imports::uploads()).merge(super::super::privacy::uploads());
        let mut seen = std::collections::HashMap::new();
        for (name, schema) in all.schemas() {
            let before = seen.entry(name.clone()).or_insert_with(|| schema.clone());
            assert!(*before == schema, "two types are called {name}");
        }
    }
}
