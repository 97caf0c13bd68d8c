"""The program's settings: read once, from the environment and a `.env` file, and typed."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from dotenv import dotenv_values
from platformdirs import user_cache_path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
    ValidationError,
)

from assistant.setting_forms import (
    ADDRESS,
    BUNDLED,
    DICTIONARY_PLACES,
    FRAME_ANCESTOR,
    HEADER,
    HOST_NAME,
    ORIGIN,
    Dictionaries,
    Names,
    Seeds,
    Words,
    addresses,
    all_match,
    bare,
    database,
    has_form,
    picture,
)
from index.errors import SettingsError
from index.folders import FETCHED, Folder, Folders
from index.text.alike import closest

PREFIX = "LOTSE_"


class Settings(BaseModel):
    """All settings; the variable of each is `LOTSE_` and the field's name in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    seeds: Seeds = Field(
        (Folder(Path("seeds")),),
        description="Folder of the documents, or several with names: NAME:FOLDER,NAME:FOLDER",
    )
    follow_links: Literal["on", "off"] = Field(
        "off", description="Whether links are followed that lead out of the folders of documents"
    )
    data: Path = Field(Path("data"), description="Folder of the index")
    host: Annotated[str, AfterValidator(lambda host: host.strip("[]"))] = Field(
        "127.0.0.1", min_length=1, description="Address that the page is served on"
    )
    port: int = Field(7860, ge=1, le=65535, description="Port that the page is served on")
    root_path: Annotated[
        str,
        has_form(r"(/[A-Za-z0-9._~-]+)*/?", "has to begin with a slash and be a path"),
        AfterValidator(lambda path: path.rstrip("/")),
    ] = Field(
        "",
        description="Path that a proxy serves the page under, such as /lotse",
    )
    frame_ancestors: Annotated[Words, all_match(FRAME_ANCESTOR, "https://*.example.org")] = Field(
        (), description="Origins that may embed the page"
    )
    cors_origins: Annotated[Words, all_match(ORIGIN, "https://www.example.org")] = Field(
        (), description="Origins whose scripts may use /api"
    )
    mcp_hosts: Annotated[Words, all_match(HOST_NAME, "lotse.example.org")] = Field(
        (), description="Names by which programs address /mcp, besides this machine's own"
    )
    trusted_proxies: Annotated[Words, AfterValidator(addresses)] = Field(
        ("127.0.0.1", "::1"),
        description="Addresses of proxies that say by X-Forwarded-For who asks",
    )
    auth: Literal["none", "proxy", "oidc"] = Field(
        "none", description="Who asks: nobody says (`none`), a proxy does, or an OIDC provider"
    )
    auth_user_header: Annotated[str, has_form(HEADER, "has to be the name of a header")] = Field(
        "X-Forwarded-User", description="Header in which a trusted proxy names the user"
    )
    auth_groups_header: Annotated[str, has_form(HEADER, "has to be the name of a header")] = Field(
        "X-Forwarded-Groups", description="Header in which it names their groups, with commas"
    )
    public_url: Annotated[str, has_form(ADDRESS, "has to be an address"), bare] | None = Field(
        None, description="Address under which readers reach the page; OIDC needs it"
    )
    oidc_issuer: Annotated[str, has_form(ADDRESS, "has to be an address"), bare] | None = Field(
        None, description="Address of the OIDC provider (Keycloak's realm, Entra ID's tenant)"
    )
    oidc_client_id: str | None = Field(None, description="Name that the provider knows us by")
    oidc_client_secret: SecretStr | None = Field(None, description="Secret that it knows us by")
    oidc_user_claim: str = Field(
        "preferred_username", description="Claim of its tokens that names the user"
    )
    oidc_groups_claim: str = Field("groups", description="Claim that names their groups")
    session_hours: float = Field(8, gt=0, le=24 * 30, description="How long a login lasts")
    access: Path | None = Field(
        None, description="File of the rules who may read which documents: access.yaml"
    )
    audit: Path | None = Field(
        None, description="File in which is noted who asked when from which documents"
    )
    audit_days: int = Field(30, ge=1, le=3650, description="Days for which that is kept")
    key: SecretStr | None = Field(
        None, description="API key with which `ask` asks the server that has the data folder"
    )
    rate_limit: Annotated[
        str,
        has_form(
            r"[1-9]\d{0,6}/(second|minute|hour|day)|off",
            "has to be a number per second, minute, hour or day",
        ),
    ] = Field(
        "60/minute",
        description="Questions that one client may ask, such as 60/minute, or `off`",
    )
    max_waiting: int = Field(
        100, ge=0, le=10_000, description="Questions that may wait for their turn; more get a 503"
    )
    feedback: Literal["on", "off"] = Field(
        "on", description="Whether ratings and refused questions are stored"
    )
    editors: Literal["loopback", "off"] = Field(
        "off",
        description="Who may correct the register on its pages: `loopback` is whoever sits at this "
        "machine",
    )
    catalogue: Annotated[SecretStr | None, AfterValidator(database)] = Field(
        None, description="PostgreSQL database that several processes share"
    )
    history: Literal["on", "off"] = Field(
        "on", description="Whether a browser lists its own conversations"
    )
    name: str = Field("Clusterlotse", min_length=1, max_length=60, description="Name of the page")
    logo: Annotated[Path, AfterValidator(picture)] | None = Field(
        None, description="Logo of the page, an SVG, PNG or WebP file"
    )
    colour: Annotated[str, has_form("#[0-9A-Fa-f]{6}", "has to be written as #0b5a73")] | None = (
        Field(None, description="Colour of links and buttons, such as #0b5a73")
    )
    imprint_url: HttpUrl | None = Field(None, description="Address of the imprint")
    privacy_url: HttpUrl | None = Field(None, description="Address of the privacy notice")
    accessibility_url: HttpUrl | None = Field(
        None, description="Address of the accessibility statement"
    )
    chroma_url: HttpUrl | None = Field(None, description="Address of a Chroma server")
    chroma_token: SecretStr | None = Field(None, description="Token that the Chroma server wants")
    chroma_ca: Path | None = Field(
        None, description="Certificates, as PEM, that sign that of the Chroma server"
    )
    passage_tokens: int = Field(320, ge=64, le=2048, description="Longest passage, in tokens")
    follow: Literal["on", "polling", "off"] = Field(
        "on",
        description="Whether what changes in the folder is taken over while the page is served",
    )
    fetch_private: Literal["on", "off"] = Field(
        "off", description="Whether `index --url` may ask addresses of private networks"
    )
    ocr: Literal["on", "off"] = Field(
        "off", description="Whether the text of scans is recognised, where tesseract is installed"
    )
    dictionaries: Dictionaries = Field(
        DICTIONARY_PLACES,
        description="Dictionaries to translate with, files or folders, or `off` for none",
    )
    llm: str | None = Field(None, description="LLM that words answers: KIND:MODEL")
    llm_url: HttpUrl | None = Field(None, description="Address of the LLM's server")
    llm_key: SecretStr | None = Field(None, description="Key for the LLM's server")
    llm_timeout: float = Field(
        15.0, gt=0, le=600, description="Seconds within which an answer is there, with LLM or not"
    )
    llm_context: int = Field(
        3000, ge=500, le=100_000, description="Tokens of passages that the LLM gets at most"
    )
    llm_exclude: Names = Field(
        (),
        description="Folders and files whose text the LLM never gets, such as vertraege,*/intern/*",
    )
    embedding: str = Field(
        BUNDLED,
        description="Embedding model that finds passages by meaning: `bundled`, KIND:MODEL, or "
        "`off` for none",
    )
    embedding_url: HttpUrl | None = Field(None, description="Address of the embedding's server")
    embedding_key: SecretStr | None = Field(None, description="Key for the embedding's server")
    metrics: Literal["loopback", "on", "off"] = Field(
        "loopback", description="Who may read the figures at /metrics: this machine, all, or nobody"
    )
    log: Literal["text", "json"] = Field("text", description="Form of the log's lines")
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(lambda v: str(v).upper())
    ] = Field("WARNING", description="What is logged to standard error")

    @classmethod
    def read(
        cls,
        environment: Mapping[str, str] = os.environ,
        env_file: Path = Path(".env"),
        given: Mapping[str, str] | None = None,
    ) -> Self:
        """Settings `given` by field name, then from the environment, `env_file` and the defaults.

        Raises SettingsError for a value that does not fit and for a name that is no setting.
        """
        file_values = {key: value or "" for key, value in dotenv_values(env_file).items()}
        values = {
            key.removeprefix(PREFIX).lower(): value
            for key, value in (file_values | dict(environment)).items()
            if key.startswith(PREFIX) and value.strip()
        }
        cls._refuse_unknown(values)
        try:
            return cls.model_validate(values | dict(given or {}))
        except ValidationError as error:
            raise _explained(error) from error

    @property
    def folders(self) -> Folders:
        """The folders of documents, as they are to be looked at, that of fetched pages included."""
        fetched = Folder(self.fetched, FETCHED, needed=False)
        return Folders((*self.seeds, fetched), self.follow_links == "on")

    @property
    def fetched(self) -> Path:
        """The folder of pages that were fetched from the web."""
        return self.data / "web"

    @property
    def page(self) -> str:
        """The address of the page, which an IPv6 address of this machine has brackets in."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @classmethod
    def _refuse_unknown(cls, values: Mapping[str, str]) -> None:
        for name in values.keys() - cls.model_fields.keys():
            close = closest(name, cls.model_fields, 1)
            otherwise = "docs/settings.md lists them all."
            remedy = f"Did you mean {variable(close[0])}?" if close else otherwise
            raise SettingsError(f"There is no setting {variable(name)}.", remedy)


def user_cache() -> Path:
    """The user's folder for what serves all data folders; it need not be there yet."""
    return user_cache_path("clusterlotse", appauthor=False)


def wants_emphasis(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a terminal may be sent bold letters; NO_COLOR (no-color.org) forbids it."""
    capable = environment.get("TERM", "dumb") != "dumb"
    return capable and not environment.get("NO_COLOR")


def variable(field: str) -> str:
    """The environment variable of a field of Settings."""
    return f"{PREFIX}{field.upper()}"


def _explained(error: ValidationError) -> SettingsError:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0])
    message = first["msg"].removeprefix("Value error, ")
    reason = message[0].lower() + message[1:]
    meaning = Settings.model_fields[name].description or name
    is_secret = "SecretStr" in str(Settings.model_fields[name].annotation)
    given = "***" if is_secret else repr(first["input"])
    return SettingsError(
        f"{variable(name)}={given} does not fit: {reason}.",
        f"Its meaning: {meaning}. Correct it on the command line, in the environment or in .env.",
    )
