"""Who gets a campaign's mail, in which variant, and who is held back to compare with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import value
from plaincrm.crm.mailing.render import (
    Letter,
    LetterWriter,
    MailPurpose,
    Recipient,
    mail_domain,
    recipients,
)
from plaincrm.crm.mailing.template_files import Templates
from plaincrm.errors import Refused
from plaincrm.marketing.campaigns import CONTROL, Variant, arm, variants
from plaincrm.marketing.message_ids import campaign_id

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


@value
class AudienceMember:
    """One person of the audience: the variant with its letter, or the control group.

    Nobody is in the control group who could not be written to either.
    """

    recipient: Recipient
    variant: Variant | None
    letter: Letter | None = None

    @property
    def status(self) -> str:
        return self.letter.status if self.letter else CONTROL

    @property
    def reason(self) -> str:
        return self.letter.reason if self.letter else "held back, to compare with"


class CampaignAudience:
    """The audience of a campaign as it is now. Raises Refused where it names no segment or no
    template, NotFound where these are not there.
    """

    def __init__(self, book: Book, campaign: Record) -> None:
        self.book, self.campaign = book, campaign
        self.variants = variants(campaign.raw("variants"), campaign.text("template"))
        self._templates = Templates(book)
        if not self.variants:
            hint = f"plaincrm set {campaign.ref} template=NAME"
            raise Refused(f"{campaign.ref} names no template", hint)
        for each in self.variants:
            self._templates.find(each.template)
        taken: dict[str, str] = {}  # one mail for an address, in whichever variant
        self._writers = {
            each.name: LetterWriter(book, self._templates, each.template, taken=taken)
            for each in self.variants
        }

    @cached_property
    def people(self) -> list[Recipient]:
        """Everybody of the segment, once."""
        name = self.campaign.text("segment")
        if not name:
            hint = f"plaincrm set {self.campaign.ref} segment=NAME"
            raise Refused(f"{self.campaign.ref} names no segment", hint)
        segment = self.book.segments.named(name)
        found = recipients(self.book, self.book.select(segment.kind, [f"@{segment.name}"]).records)
        once = {each.contact.ref: each for each in reversed(found) if each.contact}
        return list(reversed(once.values()))

    @cached_property
    def members(self) -> list[AudienceMember]:
        """Everybody with their letter; nothing is written."""
        return [self._member(each) for each in self.people]

    def sizes(self) -> Mapping[str, int]:
        """How many would get each variant, and how many are held back."""
        counts = Counter(
            each.variant.name if each.variant else CONTROL
            for each in self.members
            if each.letter is None or each.letter.status == "ready"
        )
        return {name: counts[name] for name in (*(v.name for v in self.variants), CONTROL)}

    def held_back(self) -> list[str]:
        """The ids of the control group: those chosen before, and those chosen now."""
        known = [item.text for item in self.campaign.items("held_back")]
        chosen = [
            each.recipient.contact.id
            for each in self.members
            if each.letter is None and each.recipient.contact
        ]
        return list({fold(id): id for id in (*known, *chosen)}.values())

    def _member(self, one: Recipient) -> AudienceMember:
        assert one.contact is not None
        variant = self._arm(one.contact)
        form = variant or self.variants[0]
        letter = self._writers[form.name].letter(one, self._purpose(one.contact, form))
        held_back = variant is None and letter.status != "skipped"
        return AudienceMember(one, variant, None if held_back else letter)

    def _arm(self, contact: Record) -> Variant | None:
        known = {fold(item.text) for item in self.campaign.items("held_back")}
        if known & {fold(id) for id in (contact.id, *contact.aliases())}:
            return None
        control = self.campaign.value("control")
        share = control if isinstance(control, Decimal) else None
        return arm(self.campaign.id, contact.id, self.variants, share)

    def _purpose(self, contact: Record, variant: Variant) -> MailPurpose:
        domain = mail_domain(self.book)
        return MailPurpose(
            tuple(
                campaign_id(
                    campaign=campaign, contact=person, template=variant.template, domain=domain
                )
                for campaign in (self.campaign.id, *self.campaign.aliases())
                for person in (contact.id, *contact.aliases())
            )
        )
