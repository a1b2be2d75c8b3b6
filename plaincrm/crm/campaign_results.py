"""What came of a campaign: counted from the logs of those who got its mail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import value
from plaincrm.core.values.money import Money, Sums
from plaincrm.crm.mail_events import NAME, mail_events
from plaincrm.marketing.campaigns import (
    CONTROL,
    Variant,
    VariantDifference,
    VariantResult,
    answers,
    arm,
    compared,
    return_on,
    variants,
)
from plaincrm.marketing.message_ids import campaign_hash, hash_of, slug, template_of
from plaincrm.sales.deals import worth

_SUMMED = ("audience", "written", "sent", "bounced", "replied", "unsubscribed", "meetings")


@value
class CampaignResults:
    """The results of each variant and of the control group, and of the `whole`.

    `roi` is None without a cost, and where money of several currencies came in.
    """

    campaign: Record
    results: tuple[VariantResult, ...]
    whole: VariantResult
    cost: Mapping[str, Decimal]
    roi: Decimal | None
    difference: VariantDifference | None


@dataclass
class _Counts:
    """The people of a variant, as what became of them."""

    written: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    came: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    won: int = 0
    revenue: Sums = field(default_factory=Sums)


def campaign_results(
    campaign: Record,
    context: Context,
    waiting: Iterable[str] = (),
    audience: Mapping[str, int] | None = None,
) -> CampaignResults:
    """What came of a campaign. `waiting`: the hashes of the mails in the outbox; `audience`: the
    people of each variant, where that is known; else those that were written to.
    """
    return _Reckoning(campaign, context, frozenset(waiting), audience or {}).results()


class _Reckoning:
    def __init__(
        self,
        campaign: Record,
        context: Context,
        waiting: frozenset[str],
        audience: Mapping[str, int],
    ) -> None:
        self._campaign, self._context = campaign, context
        self._waiting, self._audience = waiting, audience
        self._names = {fold(id) for id in (campaign.id, campaign.title, *campaign.aliases())}
        self._variants = variants(campaign.raw("variants"), campaign.text("template"))
        self._counts: dict[str, _Counts] = defaultdict(_Counts)
        self._variant_of: dict[str, str] = {}

    def results(self) -> CampaignResults:
        for id in self._held_back():
            self._variant_of[id] = CONTROL
            self._counts[CONTROL].written.discard(id)
        self._mails()
        self._deals()
        rows = tuple(self._row(each) for each in self._variants)
        control = self._control()
        every = (*rows, control) if control.audience else rows
        whole = self._whole(every)
        cost = self._cost()
        return CampaignResults(
            self._campaign, every, whole, cost, return_on(whole.revenue, cost), compared(every)
        )

    def _held_back(self) -> list[str]:
        return [self._known(item.text) for item in self._campaign.items("held_back")]

    def _known(self, id: str) -> str:
        record = self._context.store.get("contact", id)
        return fold(record.id if record else id)

    def _mails(self) -> None:
        """Who was written to, who got it, and what came back."""
        column = self._context.column("contact", NAME)
        collection = self._context.store.collection("contact")
        for contact in collection.chosen(column) if any(column) else ():
            self._of_contact(contact)
        if self._waiting:
            for contact in collection:
                if any(each in self._waiting for each in self._hashes(contact)):
                    variant = self._planned(contact)
                    self._variant_of.setdefault(fold(contact.id), variant)
                    self._counts[variant].written.add(fold(contact.id))

    def _of_contact(self, contact: Record) -> None:
        own = set(self._hashes(contact))
        events = list(mail_events(contact, self._context))
        mails = {each.message_id for each in events if each.what == "out"}
        ours = [id for id in mails if hash_of(id) in own]
        if not ours:
            return
        id = fold(contact.id)
        variant = self._sent_variant(ours[0], contact)
        self._variant_of[id] = variant
        counts = self._counts[variant]
        counts.written.add(id)
        counts.sent.add(id)
        came = answers(events)
        for mail in ours:
            for what in came.get(mail, ()):
                counts.came[what].add(id)

    def _hashes(self, contact: Record) -> list[str]:
        return [
            campaign_hash(campaign, person)
            for campaign in (self._campaign.id, *self._campaign.aliases())
            for person in (contact.id, *contact.aliases())
        ]

    def _sent_variant(self, message_id: str, contact: Record) -> str:
        """The variant whose template the mail was made of."""
        template = template_of(message_id)
        named = [each.name for each in self._variants if slug(each.template) == template]
        return named[0] if len(named) == 1 else self._planned(contact)

    def _planned(self, contact: Record) -> str:
        found = arm(self._campaign.id, contact.id, self._variants, None)
        return found.name if found else CONTROL

    def _deals(self) -> None:
        """Won deals that name the campaign, or whose contact does; of others those of a contact who
        answered it before.
        """
        for deal in self._context.store.records("deal"):
            if self._context.fact(deal, "stage_status") != "won":
                continue
            people = [self._known(item.text) for item in deal.items("contact")]
            if not self._counted(deal, people):
                continue
            variant = next((v for id in people if (v := self._variant_of.get(id))), "")
            counts = self._counts[variant]
            counts.won += 1
            money = worth(deal, self._context)
            if money is not None:
                counts.revenue.add(money)

    def _counted(self, deal: Record, people: Sequence[str]) -> bool:
        if any(self._variant_of.get(id) == CONTROL for id in people):
            return self._since(deal)
        named = deal.text("campaign")
        if named:
            return fold(named) in self._names
        contacts = [self._context.store.get("contact", id) for id in people]
        if any(fold(each.text("campaign")) in self._names for each in contacts if each):
            return True
        ended = self._context.fact(deal, "ended")
        return ended is not None and any(
            day <= ended.isoformat() for id in people if (day := self._answered_on(id))
        )

    def _since(self, deal: Record) -> bool:
        """Whether it was won since the campaign began: what the control group did by itself."""
        ended, began = self._context.fact(deal, "ended"), self._campaign.value("starts")
        return ended is not None and isinstance(began, date) and ended >= began

    def _answered_on(self, id: str) -> str:
        """The day of the first reply to the campaign's mail; empty where there is none."""
        variant = self._variant_of.get(id)
        if variant is None or id not in self._counts[variant].came["replied"]:
            return ""
        contact = self._context.store.get("contact", id)
        events = list(mail_events(contact, self._context)) if contact else []
        own = set(self._hashes(contact)) if contact else set()
        sent = [e.at for e in events if e.what == "out" and hash_of(e.message_id) in own]
        later = [e.at for e in events if e.what == "replied" and sent and e.at >= min(sent)]
        return min(later).date().isoformat() if later else ""

    def _row(self, variant: Variant) -> VariantResult:
        counts = self._counts[variant.name]
        return VariantResult(
            variant.name,
            variant.template,
            False,
            max(self._audience.get(variant.name, 0), len(counts.written)),
            len(counts.written),
            len(counts.sent),
            len(counts.came["bounced"]),
            len(counts.came["replied"]),
            len(counts.came["unsubscribed"]),
            len(counts.came["met"]),
            counts.won,
            counts.revenue,
            len(counts.came["soft"] - counts.came["bounced"]),
            len(counts.came["away"]),
        )

    def _control(self) -> VariantResult:
        counts = self._counts[CONTROL]
        size = sum(variant == CONTROL for variant in self._variant_of.values())
        return VariantResult(
            CONTROL, control=True, audience=size, won=counts.won, revenue=counts.revenue
        )

    def _whole(self, rows: Iterable[VariantResult]) -> VariantResult:
        """All variants together, with the deals of people whom no variant reached; the control
        group's deals are none of the campaign's.
        """
        every = [each for each in rows if not each.control]
        beside = self._counts[""]
        revenue = Sums().merge((*(row.revenue for row in every), beside.revenue))
        names = (*_SUMMED, "soft", "away")
        sums = {name: sum(getattr(row, name) for row in every) for name in names}
        won = sum(row.won for row in every) + beside.won
        return VariantResult("all", won=won, revenue=revenue, **sums)

    def _cost(self) -> Sums:
        found = Sums()
        money = self._campaign.value("cost", self._context.settings.currency)
        if isinstance(money, Money):
            found.add(money)
        return found
