"""GraphQL of an application: its schema made once, its endpoint under the settings."""

from hashlib import sha256
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from pydantic import TypeAdapter, ValidationError

from portico.app.assembly import Assembly
from portico.app.settings import Settings
from portico.errors import Misconfigured
from portico.generate.graphql import page
from portico.generate.graphql.schema import build_schema
from portico.transports.answers import HTML
from portico.transports.assets import OWN_BUILT, UP, Assets
from portico.transports.document import DocumentEndpoint
from portico.transports.graphql.attaching import attach
from portico.transports.graphql.bounds import Bounds
from portico.transports.graphql.documents import Documents
from portico.transports.graphql.endpoint import GraphqlEndpoint
from portico.transports.graphql.talking import GraphqlSocketEndpoint
from portico.transports.rest import Edge

if TYPE_CHECKING:
    from graphql import GraphQLSchema

PATH = "/api/graphql"
_made: "WeakKeyDictionary[Assembly, GraphQLSchema]" = WeakKeyDictionary()


def graphql_schema(app: Assembly) -> "GraphQLSchema":
    """The schema, made once; raises Misconfigured where two actions would have one name."""
    if app not in _made:
        schema = build_schema(app.plans.values(), app.relations)
        attach(schema)
        _made[app] = schema
    return _made[app]


def graphql_endpoint(app: Assembly, edge: Edge, settings: Settings) -> GraphqlEndpoint:
    """What answers at `/api/graphql`."""
    bounds = Bounds(
        settings.portico_graphql_depth,
        settings.portico_graphql_aliases,
        settings.portico_graphql_cost,
        settings.portico_graphql_tokens,
        settings.portico_graphql_size,
    )
    explore, listed = settings.portico_graphql_explore, _listed(settings)
    documents = Documents.of(graphql_schema(app), bounds, explore=explore, listed=listed)
    endpoint = GraphqlSocketEndpoint if documents.schema.subscription_type else GraphqlEndpoint
    return endpoint(edge, documents, _page(app) if explore else None)


def _page(app: Assembly) -> DocumentEndpoint:
    """GraphiQL, for who may look around."""
    policy = ("content-security-policy", page.POLICY)
    vary = ("vary", "accept")
    tags = Assets([OWN_BUILT]).tags(page.ENTRY, UP)
    return DocumentEndpoint(HTML, lambda: page.page(app.name, tags).encode(), also=[policy, vary])


def _listed(settings: Settings) -> dict[str, str] | None:
    """The documents of the list; raises Misconfigured where it cannot be read, or a hash is not its document's."""
    path = settings.portico_graphql_documents
    if path is None:
        return None
    try:
        listed = TypeAdapter(dict[str, str]).validate_json(path.read_bytes())
    except OSError as problem:
        raise Misconfigured(f"PORTICO_GRAPHQL_DOCUMENTS: {path} cannot be read: {problem.strerror}.") from None
    except ValidationError:
        message = f"PORTICO_GRAPHQL_DOCUMENTS: {path} is no JSON object of documents by their SHA-256."
        raise Misconfigured(message) from None
    if wrong := [key for key, text in listed.items() if sha256(text.encode()).hexdigest() != key]:
        raise Misconfigured(f"PORTICO_GRAPHQL_DOCUMENTS: {wrong[0]} is not the SHA-256 of its document in {path}.")
    return listed
