"""Entity tags, as conditional requests name them (RFC 9110, sections 8.8.3 and 13.1)."""


def is_named(tag: str, condition: str | None) -> bool:
    """Whether If-Match or If-None-Match names the opaque `tag`: by itself, in a list, or with `*`.

    Compared weakly, for proxies weaken a tag whose answer they have compressed.
    """
    if not condition:
        return False
    named = [each.strip().removeprefix("W/") for each in condition.split(",")]
    return "*" in named or f'"{tag}"' in named
