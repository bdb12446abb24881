"""Settings of GraphQL: how large a document may be, whether strangers may look around."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings


class GraphqlSettings(BaseSettings):
    """Of `/api/graphql`."""

    portico_graphql_explore: bool = Field(
        default=False,
        description="Whether GraphQL tells its schema, suggests names and shows GraphiQL: for development.",
    )
    portico_graphql_documents: Path | None = Field(
        None,
        description="A JSON file of the only documents that GraphQL takes, by their SHA-256; unset: it takes all.",
    )
    portico_graphql_depth: int = Field(10, ge=1, le=100, description="Fields within fields of a GraphQL document.")
    portico_graphql_aliases: int = Field(30, ge=0, le=10_000, description="Aliases of a GraphQL document.")
    portico_graphql_cost: int = Field(
        10_000,
        ge=1,
        le=10_000_000,
        description="Fields that the answer to a GraphQL document may hold: those of a list count for each thing.",
    )
    portico_graphql_tokens: int = Field(2_000, ge=10, le=1_000_000, description="Tokens of a GraphQL document.")
    portico_graphql_size: int = Field(
        50_000, ge=100, le=10_000_000, description="Characters that a GraphQL document may have."
    )
