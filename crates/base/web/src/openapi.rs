//! The OpenAPI document, from the routes themselves.

use std::collections::BTreeMap;

use rampart_access::Rule;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathsBuilder};
use utoipa::openapi::schema::{ComponentsBuilder, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder, PathItem, Required, ServerBuilder};

use crate::guard::SESSION_COOKIE;
use crate::route::{Place, Route};

/// OpenAPI 3.1 of these routes, under the first prefix.
///
/// # Panics
/// When a route has a method that OpenAPI does not know, or two bodies have one name: mistakes in the program.
pub fn document(routes: &[Route]) -> OpenApi {
    let mut paths = PathsBuilder::new();
    let mut schemas = BTreeMap::new();
    let components = ComponentsBuilder::new()
        .schema("Error", error_schema())
        .security_scheme("bearer", SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()))
        .security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(SESSION_COOKIE))));
    for route in routes.iter().filter(|route| route.place != Place::OwnDoor) {
        let operation = OperationBuilder::from(route.operation.clone());
        let mut operation = operation.description(Some(rule_in_words(route.rule)));
        let parameters = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        for name in parameters {
            let parameter = ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .schema(Some(Schema::Object(ObjectBuilder::new().schema_type(Type::String).build())));
            operation = operation.parameter(parameter.build());
        }
        if !matches!(route.rule, Rule::Public(_) | Rule::Signed(_)) {
            for scheme in ["bearer", "cookie"] {
                operation = operation.security(SecurityRequirement::new(scheme, Vec::<String>::new()));
            }
        }
        let method = match route.method.as_str() {
            "GET" => HttpMethod::Get,
            "POST" => HttpMethod::Post,
            "PUT" => HttpMethod::Put,
            "PATCH" => HttpMethod::Patch,
            "DELETE" => HttpMethod::Delete,
            other => panic!("no route has the method {other}"),
        };
        paths = paths.path(route.path, PathItem::new(method, operation));
        for (name, schema) in &route.schemas {
            let known = schemas.entry(name).or_insert(schema);
            assert!(*known == schema, "two things are called {name} in the API, {} has one of them", route.path);
        }
    }
    let components = components.schemas_from_iter(schemas.into_iter().map(|(name, schema)| (name, schema.clone())));
    OpenApiBuilder::new()
        .info(InfoBuilder::new().title("Rampart").version(env!("CARGO_PKG_VERSION")).build())
        .servers(Some([ServerBuilder::new().url("/api/v1").build()]))
        .paths(paths.build())
        .components(Some(components.build()))
        .build()
}

fn rule_in_words(rule: Rule) -> String {
    match rule {
        Rule::Public(reason) => format!("Open to anybody: {reason}."),
        Rule::SignedIn => "Needs somebody who is signed in.".to_owned(),
        Rule::InSession => "Needs somebody who is signed in, not an API token.".to_owned(),
        Rule::Workspace { name, least, scope } => {
            format!("Needs the permission `{name}`: role {least} or higher, tokens with scope {scope}.")
        }
        Rule::PlatformAdmin => "Needs an administrator of the installation.".to_owned(),
        Rule::Signed(kind) => format!("Needs a signature: {kind}."),
    }
}

fn error_schema() -> Schema {
    let text = || ObjectBuilder::new().schema_type(Type::String).build();
    let schema = ObjectBuilder::new()
        .property("error", text())
        .required("error")
        .property("code", text())
        .required("code")
        // A list of fields for what was filled in wrongly, else what belongs to the code.
        .property("details", ObjectBuilder::new().schema_type(SchemaType::AnyValue).build());
    Schema::Object(schema.build())
}
