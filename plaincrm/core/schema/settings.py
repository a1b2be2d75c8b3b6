"""The book's settings as values: what `plaincrm.yaml` says, typed, with defaults where it says
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, tzinfo
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar
from zoneinfo import ZoneInfo

from plaincrm.core.schema import builtin
from plaincrm.core.schema.kinds import Field, Schema
from plaincrm.core.schema.log_settings import LogSettings
from plaincrm.core.schema.settings_reader import Kept, SettingsReader
from plaincrm.core.value_class import fresh, value
from plaincrm.core.values.duration import Duration
from plaincrm.core.values.money import Rates
from plaincrm.core.values.raw import Raw
from plaincrm.errors import Problem

if TYPE_CHECKING:  # only who sends mail asks for its hours
    from plaincrm.core.values.hours import Week

T = TypeVar("T")
Role = Literal["open", "won", "lost", "parked"]
ROLES: tuple[Role, ...] = ("open", "won", "lost", "parked")


@value
class Stage:
    """A stage of a pipeline. `role` says what it means, so any name works; `probability` in per
    cent.
    """

    name: str
    probability: Decimal | None = None
    rots_after: Duration | None = None
    role: Role = "open"


@value
class Pipeline:
    name: str
    stages: tuple[Stage, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Stage]:
        return {stage.name.casefold(): stage for stage in self.stages}

    def find(self, name: str) -> Stage | None:
        return self.by_name.get(name.casefold())

    def of_role(self, role: Role) -> Stage | None:
        """The first stage that means `role`."""
        return next((stage for stage in self.stages if stage.role == role), None)


def _stage(name: str, probability: int | None, rots_after: int = 0, role: Role = "open") -> Stage:
    return Stage(
        name,
        None if probability is None else Decimal(probability),
        Duration(rots_after, "d") if rots_after else None,
        role,
    )


DEFAULT_PIPELINE = Pipeline(
    "default",
    (
        _stage("lead", 10, 14),
        _stage("contacted", 20, 14),
        _stage("proposal", 50, 10),
        _stage("negotiation", 75, 7),
        _stage("parked", None, role="parked"),
        _stage("won", 100, role="won"),
        _stage("lost", 0, role="lost"),
    ),
)


@value
class Me:
    """Whose book it is; the addresses tell incoming mail from outgoing."""

    name: str = ""
    email: tuple[str, ...] = ()


Tls = Literal["starttls", "tls", "none"]
TLS: tuple[Tls, ...] = ("starttls", "tls", "none")


@value
class Smtp:
    """The server that takes outgoing mail. `password_command` prints the password; it is never
    stored.
    """

    host: str
    port: int = 587
    tls: Tls = "starttls"
    user: str = ""
    password_command: str = ""


@value
class Mail:
    """How e-mails leave: `sender` as `Name <address>`; by `smtp`, or by the command `sendmail`.

    `unsubscribe`: the address that takes people off, `unsubscribe_url` an https page of the book's
    own that does (`{id}` in it stands for the mail). `rate`: mails an hour at most, 0 for any.
    `window`: the hours of the week in which mail is sent. `copy`: a Maildir or an mbox that keeps
    what was sent.
    """

    sender: str = ""
    signature: str = ""
    unsubscribe: str = ""
    unsubscribe_url: str = ""
    rate: int = 0
    window: Week = ()
    copy: str = ""
    smtp: Smtp | None = None
    sendmail: str = ""


@value
class PrivateSettings:
    """What never leaves the book in sites, answers to programs and briefs for a model."""

    fields: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


@value
class SettingsSection(Generic[T]):
    """A section of `plaincrm.yaml` that a pillar owns.

    `read` makes the value from the section as it stands in the file (None where it is missing);
    what is wrong with it goes to the reader as problems. The settings before it are known to it.
    """

    name: str
    read: Callable[[SettingsReader, Raw | None, Settings], T]


@value
class CadenceRule:
    """Contacts that `query` selects are to be in touch at least `every`."""

    query: str
    every: Duration


@value
class Settings:
    """All of `plaincrm.yaml`. The sections of the pillars are read when somebody asks for them:
    see `section`.
    """

    me: Me = fresh(factory=Me)
    currency: str = "EUR"
    rates: Rates = fresh(factory=lambda: Rates("EUR", {}))
    timezone: str = "UTC"
    country: str = ""
    language: str = "en"
    pipelines: Mapping[str, Pipeline] = fresh(factory=lambda: {"default": DEFAULT_PIPELINE})
    cadence: tuple[CadenceRule, ...] = ()
    away: tuple[tuple[date, date], ...] = ()
    mail: Mail = fresh(factory=Mail)
    commit: Literal["each", "manual"] = "each"
    log_types: frozenset[str] = frozenset()
    schema: Schema = fresh(factory=builtin.schema)
    private: PrivateSettings = fresh(factory=PrivateSettings)
    kept: Kept = fresh(factory=lambda: ({}, {}))
    path: str = "plaincrm.yaml"
    problems: tuple[Problem, ...] = ()
    sections: dict[str, tuple[Any, tuple[Problem, ...]]] = fresh(factory=dict)

    def section(self, of: SettingsSection[T]) -> T:
        """The value of a pillar's section, read once."""
        if of.name not in self.sections:
            reader = SettingsReader("", self.path, self.kept)
            found = of.read(reader, self.kept[0].get(of.name), self)
            self.sections[of.name] = found, tuple(reader.problems)
        value: T = self.sections[of.name][0]
        return value

    def problems_of(self, sections: Iterable[SettingsSection[Any]] = ()) -> tuple[Problem, ...]:
        """What is wrong with the settings and with these sections, and with those read so far."""
        for each in sections:
            self.section(each)
        late = (problem for _, problems in self.sections.values() for problem in problems)
        return (*self.problems, *late)

    @cached_property
    def zone(self) -> tzinfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def log_settings(self) -> LogSettings:
        return LogSettings(self.log_types, self.timezone)

    def value_lists(self, field: Field) -> list[tuple[str, ...]]:
        """The lists of values that an enum takes: its own, or that of each value of the field which
        decides (a deal's stages: those of each pipeline).
        """
        if field.by == "pipeline":
            found = self.pipelines.values()
            return [tuple(stage.name for stage in pipeline.stages) for pipeline in found]
        return [field.values]

    def pipeline(self, name: str) -> Pipeline | None:
        """The pipeline of that name, in any case."""
        return self._by_name.get(name.casefold())

    @cached_property
    def _by_name(self) -> Mapping[str, Pipeline]:
        return {
            name.casefold(): pipeline for name, pipeline in reversed(list(self.pipelines.items()))
        }

    def away_until(self, day: date) -> date | None:
        """The last day of the absence that `day` lies in; None where it lies in none."""
        return max((last for first, last in self.away if first <= day <= last), default=None)
